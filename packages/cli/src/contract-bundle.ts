import { createRequire, isBuiltin } from "node:module"
import { basename, dirname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import * as language from "@fleetwire/contract"
import type { Message, Metafile, Plugin } from "esbuild"
import { type Finding, loadFinding } from "./finding.js"
import { createSourceMapper, type SourceMapper } from "./source-map.js"

/** A contract module with all that it imports, as one script. */
export interface ContractBundle {
  /** Ends by giving the module's exports to `exportsKey`. */
  readonly code: string
  readonly mapper: SourceMapper
  /** Files that import each other, if some do: the first and the last are the same. */
  readonly circle?: readonly string[]
}

/** Where the script leaves what the module exports, and where it finds what is not bundled. */
export interface BundleGlobals {
  readonly exportsKey: string
  readonly modulesKey: string
}

/**
 * Bundles a contract module. Packages are imported as they are, from where the contract stands, except those that are
 * TypeScript; `@fleetwire/contract` is this command's own copy, so that language and compiler agree and nothing must be
 * built or installed first.
 */
export async function bundleContract(
  file: string,
  { exportsKey, modulesKey }: BundleGlobals,
): Promise<ContractBundle | { readonly findings: readonly Finding[] }> {
  // An import would first read all of esbuild for names that it might export: 15 ms of every start.
  const { build } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild")
  const folder = dirname(file)
  const modules: Record<string, object> = {}
  ;(globalThis as unknown as Record<string, unknown>)[modulesKey] = modules
  try {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: `import * as contract from ${JSON.stringify(`./${basename(file)}`)}\nglobalThis[${JSON.stringify(exportsKey)}] = contract`,
        resolveDir: folder,
        sourcefile: "fleetwire:entry",
      },
      outfile: resolve(folder, "contract.mjs"),
      write: false,
      metafile: true,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      // What Node itself resolves by: a condition for bundlers would name sources that it cannot run.
      conditions: [],
      define: {
        "import.meta.url": JSON.stringify(pathToFileURL(file).href),
        "import.meta.filename": JSON.stringify(file),
        "import.meta.dirname": JSON.stringify(folder),
      },
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      plugins: [outside(modules, modulesKey)],
      absWorkingDir: folder,
    })
    const circle = findCircle(metafile)
    return {
      code: outputFiles.find(({ path }) => path.endsWith(".mjs"))!.text,
      mapper: createSourceMapper(outputFiles.find(({ path }) => path.endsWith(".map"))!.text),
      ...(circle !== undefined && { circle }),
    }
  } catch (error) {
    const errors = (error as { readonly errors?: readonly Message[] }).errors
    if (errors === undefined) throw error
    return { findings: errors.map((message) => syntaxFinding(message, folder, file)) }
  }
}

/** Modules of JavaScript are imported by Node and handed over under their names; sources in TypeScript are bundled. */
function outside(modules: Record<string, object>, modulesKey: string): Plugin {
  return {
    name: "outside",
    setup(build) {
      build.onResolve({ filter: /^@fleetwire\/contract$/ }, () => ({ path: "@fleetwire/contract", namespace: "given" }))
      build.onResolve({ filter: /^[^./]/ }, async (asked) => {
        if (asked.kind === "entry-point" || asked.pluginData === "inner") return undefined
        if (isBuiltin(asked.path)) return { path: asked.path, namespace: "given" }
        const { importer, resolveDir, kind } = asked
        const found = await build.resolve(asked.path, { importer, resolveDir, kind, pluginData: "inner" })
        if (found.errors.length > 0 || !/\.[cm]?js$/.test(found.path)) return undefined
        return { path: pathToFileURL(found.path).href, namespace: "given" }
      })
      build.onLoad({ filter: /.*/, namespace: "given" }, async ({ path }) => {
        const module = path === "@fleetwire/contract" ? language : ((await import(path)) as object)
        modules[path] = module
        const from = `globalThis[${JSON.stringify(modulesKey)}][${JSON.stringify(path)}]`
        const names = Object.keys(module).filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
        return {
          contents: [
            `const given = ${from}`,
            ...names.map((name) =>
              name === "default" ? "export default given.default" : `export const ${name} = given.${name}`,
            ),
          ].join("\n"),
        }
      })
    },
  }
}

function syntaxFinding({ text, location, detail }: Message, folder: string, file: string): Finding {
  const place =
    location === null
      ? { file }
      : { file: resolve(folder, location.file), line: location.line, column: location.column + 1 }
  // What a package threw while it was imported comes as a detail, with a text that names the plugin.
  const message = detail instanceof Error ? detail.message : text
  return loadFinding("load/syntax", { ...place, path: "" }, { message })
}

/** The first circle of imports among the author's own files. */
function findCircle({ inputs }: Metafile): readonly string[] | undefined {
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): readonly string[] | undefined => {
    const at = trail.indexOf(name)
    if (at >= 0) return [...trail.slice(at), name]
    if (done.has(name)) return undefined
    done.add(name)
    for (const { path } of inputs[name]?.imports ?? []) {
      const found = visit(path, [...trail, name])
      if (found !== undefined) return found
    }
    return undefined
  }
  return visit("fleetwire:entry", [])
}
