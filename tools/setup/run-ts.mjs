// Runs TypeScript from sources, workspace packages included, without a build: `node tools/setup/run-ts.mjs file.ts args…`
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { basename, dirname, extname, join, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import { cache, root } from "./project.mjs"

/** What sources are resolved with: the export condition of this workspace before those of Node. */
const conditions = ["@fleetwire/source", "node"]

/** @type {Map<string, { folder: string, manifest: any }> | undefined} */
let workspace

/** Name → folder and manifest of every package of the workspace. */
export function workspacePackages() {
  if (workspace) return workspace
  workspace = new Map()
  const manifests = []
  for (const group of ["packages", "apps", "schemas", "tools"]) {
    if (!existsSync(join(root, group))) continue
    for (const name of readdirSync(join(root, group))) manifests.push(join(root, group, name))
  }
  const sdks = join(root, "packages", "sdks")
  if (existsSync(sdks)) for (const name of readdirSync(sdks)) manifests.push(join(sdks, name, "typescript"))
  for (const folder of manifests) {
    const file = join(folder, "package.json")
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, "utf8"))
    workspace.set(manifest.name, { folder, manifest })
  }
  return workspace
}

/**
 * Source file behind an import of a workspace package, such as `@fleetwire/runtime/codegen-v1`; undefined for any other
 * import and for a path that the package does not export.
 *
 * @param {string} specifier
 */
export function workspaceSource(specifier) {
  const [scope, name, ...rest] = specifier.split("/")
  const found = workspacePackages().get(`${scope}/${name}`)
  if (!found) return undefined
  const { folder, manifest } = found
  const entry = manifest.exports?.[rest.length === 0 ? "." : `./${rest.join("/")}`]
  const target = typeof entry === "string" ? entry : entry?.["@fleetwire/source"]
  return typeof target === "string" ? join(folder, target) : undefined
}

/** Workspace packages go into the bundle from source; every other package stays outside, named by its absolute URL. */
const fromSources = {
  name: "from-sources",
  /** @param {import("esbuild").PluginBuild} bundler */
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async (args) => {
      if (args.kind === "entry-point" || args.pluginData === "resolving") return undefined
      if (args.path.startsWith("node:")) return { path: args.path, external: true }
      const source = workspaceSource(args.path)
      if (source) return { path: source }
      const found = await bundler.resolve(args.path, {
        kind: args.kind,
        importer: args.importer,
        resolveDir: args.resolveDir,
        pluginData: "resolving",
      })
      if (found.errors.length > 0) return { errors: found.errors }
      if (found.external || !found.path.includes("node_modules")) return found
      const outside = args.kind === "require-call" ? found.path : pathToFileURL(found.path).href
      return { path: outside, external: true }
    })
    // A bundled module still finds the files beside its source.
    bundler.onLoad({ filter: /\.[cm]?[jt]s$/ }, async (args) => {
      const text = await readFile(args.path, "utf8")
      if (!text.includes("import.meta.")) return undefined
      // Not where it is a name in quotes, as in what another bundler is told.
      const contents = text
        .replaceAll(/(?<!["'`])\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(args.path).href))
        .replaceAll(/(?<!["'`])\bimport\.meta\.dirname\b/g, JSON.stringify(dirname(args.path)))
        .replaceAll(/(?<!["'`])\bimport\.meta\.filename\b/g, JSON.stringify(args.path))
      return { contents, loader: /ts$/.test(args.path) ? "ts" : "js" }
    })
  },
}

/** @param {string} folder */
function forgetOldBundles(folder) {
  const dayAgo = Date.now() - 24 * 60 * 60 * 1000
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    try {
      if (statSync(path).mtimeMs < dayAgo) rmSync(path, { recursive: true, force: true })
    } catch {
      // Another process was faster.
    }
  }
}

/**
 * Bundles a TypeScript entry point from sources and returns the path of a module that Node can run or import. Equal
 * sources give the same path, and several processes may ask at once.
 *
 * @param {string} entry path of the entry point; relative ones count from the root of the repository
 * @returns {Promise<string>}
 * @throws when the sources do not bundle: the message holds every error with file and line
 */
export async function bundleEntry(entry) {
  const file = resolve(root, entry)
  return bundle(basename(file, extname(file)), { entryPoints: { main: file } })
}

/**
 * Bundles the text of a TypeScript module as if it stood in `folder`, for code that comes out of a document.
 *
 * @param {{ text: string, folder: string, name: string }} source
 * @returns {Promise<string>}
 * @throws as `bundleEntry` does
 */
export async function bundleText({ text, folder, name }) {
  return bundle(name, { stdin: { contents: text, resolveDir: folder, sourcefile: `${name}.ts`, loader: "ts" } })
}

/**
 * @param {string} name
 * @param {import("esbuild").BuildOptions} input
 */
async function bundle(name, input) {
  const folder = join(cache, "run")
  mkdirSync(folder, { recursive: true })
  const outdir = join(folder, "out")
  const result = await build({
    ...input,
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions,
    splitting: true,
    sourcemap: "inline",
    sourcesContent: false,
    outExtension: { ".js": ".mjs" },
    logLevel: "silent",
    plugins: [fromSources],
  }).catch((error) => {
    const errors = error.errors ?? []
    const lines = errors.map((e) => `${e.location ? `${e.location.file}:${e.location.line}: ` : ""}${e.text}`)
    throw new Error(`${name} does not bundle:\n${lines.join("\n") || error.message}`)
  })
  const hash = createHash("sha256")
  for (const output of result.outputFiles) hash.update(relative(outdir, output.path)).update(output.contents)
  const place = join(folder, `${name}-${hash.digest("hex").slice(0, 16)}`)
  const main = join(place, input.stdin ? "stdin.mjs" : "main.mjs")
  if (existsSync(main)) return main
  forgetOldBundles(folder)
  const fresh = `${place}.${process.pid}`
  for (const output of result.outputFiles) {
    const path = join(fresh, relative(outdir, output.path))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, output.contents)
  }
  try {
    renameSync(fresh, place)
  } catch {
    rmSync(fresh, { recursive: true, force: true })
  }
  return main
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2)
  if (!entry) {
    console.error("usage: node tools/setup/run-ts.mjs <file.ts> [arguments…]")
    process.exit(2)
  }
  try {
    const file = await bundleEntry(resolve(process.cwd(), entry))
    process.argv = [process.argv[0], file, ...args]
    process.setSourceMapsEnabled(true)
    await import(pathToFileURL(file).href)
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error)
    process.exit(1)
  }
}
