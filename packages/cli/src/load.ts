import { rmSync } from "node:fs"
import { rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { inspect } from "node:util"
import * as language from "@fleetwire/contract"
import type { Message, Plugin } from "esbuild"
import { EXIT } from "./exit-code.js"
import { type Finding, loadFinding } from "./finding.js"
import { createSourceMapper, type SourceMapper } from "./source-map.js"

/** A contract module, run. */
export interface Loaded {
  /** What the module exports as default. */
  readonly contract: unknown
  /** Turns a position that the JavaScript engine named into one of the author's files. */
  locate(target: Finding["target"]): Finding["target"]
}

const LANGUAGE = Symbol.for("fleetwire.language")
let loads = 0

/**
 * Runs a contract module on any Node: bundled by esbuild into a module beside it, imported, and removed again, also on
 * failure. Packages stay imports, except those that are TypeScript; `@fleetwire/contract` is this command's own copy, so
 * that language and compiler agree and nothing must be built or installed first.
 */
export async function loadContract(file: string): Promise<Loaded | { readonly findings: readonly Finding[] }> {
  // An import would first read all of esbuild for names that it might export: 15 ms of every start.
  const { build } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild")
  const folder = dirname(file)
  loads += 1
  const temporary = join(folder, `.fleetwire-${process.pid}-${loads}.mjs`)
  let code: string
  let mapper: SourceMapper
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      outfile: temporary,
      write: false,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      plugins: [packages],
      absWorkingDir: folder,
    })
    code = outputFiles.find(({ path }) => path.endsWith(".mjs"))!.text
    mapper = createSourceMapper(outputFiles.find(({ path }) => path.endsWith(".map"))!.text)
  } catch (error) {
    const errors = (error as { readonly errors?: readonly Message[] }).errors
    if (errors === undefined) throw error
    return { findings: errors.map((message) => syntaxFinding(message, folder, file)) }
  }

  const locate = (target: Finding["target"]): Finding["target"] => {
    if (target.file !== temporary || target.line === undefined) return target
    const position = mapper(target.line, target.column ?? 1)
    if (position === undefined) return { path: target.path, file }
    return { path: target.path, file: resolve(folder, position.source), line: position.line, column: position.column }
  }
  const shared = globalThis as { [LANGUAGE]?: unknown }
  shared[LANGUAGE] = language
  try {
    await writeFile(temporary, code)
  } catch (error) {
    return { findings: [loadFinding("load/unwritable", { file, path: "" }, { message: (error as Error).message })] }
  }
  try {
    const module = await runModule(temporary, file)
    if (module === "never-ended") {
      const seconds = String(LOAD_DEADLINE_MS / 1000)
      return { findings: [loadFinding("load/never-ended", { file, path: "" }, { seconds })] }
    }
    if (module.default === undefined) return { findings: [loadFinding("load/no-default", { file, path: "" })] }
    return { contract: module.default, locate }
  } catch (error) {
    return { findings: [threwFinding(error, temporary, file, locate)] }
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Longer than any declaration takes, also on a slow machine. */
const LOAD_DEADLINE_MS = 20_000

/**
 * Imports the module. One that waits for ever is given up, and one that ends the process does not pass for a clean run:
 * the exit says so, and nothing is left behind.
 */
async function runModule(temporary: string, file: string): Promise<{ readonly default?: unknown } | "never-ended"> {
  const exited = (): void => {
    rmSync(temporary, { force: true })
    const { message, help } = loadFinding("load/exited", { file, path: "" })
    process.stderr.write(`${file}\n  error load/exited: ${message}\n  help: ${help}\n`)
    process.exitCode = EXIT.findings
  }
  process.on("exit", exited)
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<"never-ended">((resolve) => {
    timer = setTimeout(() => resolve("never-ended"), LOAD_DEADLINE_MS)
  })
  try {
    return await Promise.race([
      import(pathToFileURL(temporary).href) as Promise<{ readonly default?: unknown }>,
      deadline,
    ])
  } finally {
    clearTimeout(timer)
    process.off("exit", exited)
  }
}

/** Packages that are JavaScript stay imports, resolved from the contract; sources in TypeScript are bundled. */
const packages: Plugin = {
  name: "packages",
  setup(build) {
    build.onResolve({ filter: /^@fleetwire\/contract$/ }, () => ({ path: "contract", namespace: "fleetwire" }))
    build.onLoad({ filter: /.*/, namespace: "fleetwire" }, () => ({
      contents: [
        'const language = globalThis[Symbol.for("fleetwire.language")]',
        ...Object.keys(language).map((name) => `export const ${name} = language.${name}`),
      ].join("\n"),
    }))
    build.onResolve({ filter: /^[^./]/ }, async (given) => {
      if (given.kind === "entry-point" || given.pluginData === "inner" || given.path.startsWith("node:"))
        return undefined
      const { importer, resolveDir, kind } = given
      const found = await build.resolve(given.path, { importer, resolveDir, kind, pluginData: "inner" })
      if (found.errors.length > 0 || /\.[cm]?tsx?$/.test(found.path)) return undefined
      return { path: given.path, external: true }
    })
  },
}

function syntaxFinding({ text, location }: Message, folder: string, file: string): Finding {
  const place =
    location === null
      ? { file }
      : { file: resolve(folder, location.file), line: location.line, column: location.column + 1 }
  return loadFinding("load/syntax", { ...place, path: "" }, { message: text })
}

function threwFinding(error: unknown, temporary: string, file: string, locate: Loaded["locate"]): Finding {
  const message = error instanceof Error ? error.message : inspect(error)
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  for (const line of stack.split("\n")) {
    const frame = /^\s*at (?:.*? \()?(.+?):(\d+):(\d+)\)?$/.exec(line)
    if (frame === null) continue
    const path = frame[1]!.startsWith("file://") ? fileURLToPath(frame[1]!) : frame[1]!
    if (path !== temporary) continue
    return loadFinding(
      "load/threw",
      locate({ file: path, line: Number(frame[2]), column: Number(frame[3]), path: "" }),
      { message },
    )
  }
  return loadFinding("load/threw", { file, path: "" }, { message: message.replaceAll(temporary, file) })
}
