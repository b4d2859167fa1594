#!/usr/bin/env node
/*
 * The `fleetwire` command from its sources: bundled once into .cache, again whenever a source changed, then run.
 * The repository generates with this, so that nothing has to be built first.
 */
import { createHash } from "node:crypto"
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..")
const cache = join(root, ".cache", "fleetwire")
const record = join(cache, "current.json")

await import(pathToFileURL((await fresh()) ?? (await bundle())).href)

/** The bundle, if every file that went into it is still the same. */
async function fresh() {
  try {
    const { entry, inputs } = JSON.parse(await readFile(record, "utf8"))
    const same = await Promise.all(
      Object.entries(inputs).map(async ([file, digest]) => (await digestOf(file)) === digest),
    )
    return same.every(Boolean) ? join(cache, entry) : undefined
  } catch {
    // No record, or a file is gone: bundle anew.
    return undefined
  }
}

async function bundle() {
  const { build } = await import("esbuild")
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["packages/cli/src/main.ts"],
    outdir: cache,
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    splitting: true,
    minifySyntax: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@fleetwire/source"],
    external: ["esbuild"],
    metafile: true,
    logLevel: "error",
    // CommonJS packages inside an ES module ask for `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  })
  const inputs = {}
  for (const file of ["tools/setup/fleetwire.mjs", ...Object.keys(metafile.inputs)].sort()) {
    if (!file.includes("node_modules")) inputs[file] = await digestOf(file)
  }
  const name = createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16)
  const folder = join(cache, name)
  const draft = join(cache, `${name}.${process.pid}`)
  await mkdir(draft, { recursive: true })
  for (const { path, contents } of outputFiles) await writeFile(join(draft, path.slice(cache.length + 1)), contents)
  // Another process may have made the same bundle meanwhile: either is good.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  const text = JSON.stringify({ entry: `${name}/main.mjs`, inputs })
  await writeFile(`${record}.${process.pid}`, text)
  await rename(`${record}.${process.pid}`, record)
  await prune(name)
  return join(folder, "main.mjs")
}

/** Old bundles go after an hour: a command that runs may still load its later files. */
async function prune(current) {
  const anHourAgo = Date.now() - 3_600_000
  for (const name of await readdir(cache)) {
    if (name === current || name === "current.json") continue
    const { mtimeMs } = await stat(join(cache, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (mtimeMs < anHourAgo) await rm(join(cache, name), { recursive: true, force: true })
  }
}

async function digestOf(file) {
  return createHash("sha256")
    .update(await readFile(join(root, file)))
    .digest("hex")
}
