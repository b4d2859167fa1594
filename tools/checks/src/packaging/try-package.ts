import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { runCommand } from "./run-command.js"
import { strangerProgram, strangerSays } from "./stranger-program.js"
import { entryPoints } from "./stranger-project.js"

/** A way in which a stranger uses the packages; each answers with what went wrong. */
export type Trial = (folder: string, root: string) => Promise<string | undefined>

/** Every entry point of every package loads as an ES module and as CommonJS, and exports something. */
export function loadsEverywhere(names: readonly string[]): Trial {
  return async (folder) => {
    const entries = names.flatMap((name) => entryPoints(folder, name))
    const modules = entries.filter((name) => !name.endsWith(".json"))
    const verify = `if (Object.keys(found).length === 0) throw new Error(name + " exports nothing")`
    writeFileSync(
      join(folder, "load.mjs"),
      `for (const name of ${JSON.stringify(modules)}) {\n  const found = await import(name)\n  ${verify}\n}\n`,
    )
    writeFileSync(
      join(folder, "load.cjs"),
      `for (const name of ${JSON.stringify(entries)}) {\n  const found = require(name)\n  ${verify}\n}\n`,
    )
    for (const file of ["load.mjs", "load.cjs"]) {
      const end = await runCommand(process.execPath, [file], { cwd: folder, timeoutMs: 60_000 })
      if (!end.ok) return `${file}:\n${end.output}`
    }
    return undefined
  }
}

const strict = {
  target: "ES2022",
  lib: ["ES2023", "ESNext.Disposable", "DOM"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  outDir: "out",
}

/** The stranger's program compiles, in this resolution and module format, and does what it says. */
export function compilesAndRuns(name: "nodenext-esm" | "nodenext-cjs" | "bundler"): Trial {
  return async (folder, root) => {
    const place = join(folder, name)
    mkdirSync(place, { recursive: true })
    const bundler = name === "bundler"
    writeFileSync(
      join(place, "package.json"),
      JSON.stringify({ type: name === "nodenext-cjs" ? "commonjs" : "module" }),
    )
    writeFileSync(join(place, "main.ts"), `declare const process: { exit(code: number): never }\n${strangerProgram}`)
    const how = bundler ? { module: "ESNext", moduleResolution: "bundler" } : { module: "NodeNext" }
    writeFileSync(
      join(place, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...strict, ...how }, files: ["main.ts"] }),
    )
    const tsc = join(root, "node_modules/typescript/bin/tsc")
    const compiled = await runCommand(process.execPath, [tsc, "-p", place], { cwd: place, timeoutMs: 120_000 })
    if (!compiled.ok) return compiled.output
    let main = join(place, "out/main.js")
    if (bundler) {
      const { build } = await import("esbuild")
      const outfile = join(place, "bundle.mjs")
      // For a browser: whatever reaches for Node shows here.
      await build({
        entryPoints: [main],
        outfile,
        bundle: true,
        format: "esm",
        platform: "browser",
        logLevel: "silent",
        // What every browser has and Node 20 has not.
        banner: { js: 'globalThis.navigator ??= { language: "en" };' },
      })
      main = outfile
    }
    const run = await runCommand(process.execPath, [main], { cwd: place, timeoutMs: 60_000 })
    return run.ok && run.stdout === strangerSays ? undefined : `it said:\n${run.output}`
  }
}

/** The command starts where it is installed and explains itself. */
export const commandStarts: Trial = async (folder) => {
  const command = join(folder, "node_modules/.bin/fleetwire")
  const end = await runCommand(command, ["--help"], { cwd: folder, timeoutMs: 60_000 })
  return end.ok && /generate/.test(end.stdout) ? undefined : end.output
}
