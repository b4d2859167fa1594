import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { runCommand } from "./packaging/run-command.js"
import { readmeBlocks } from "./readme-blocks.js"
import { readWorkspace } from "./workspace.js"

export interface TypecheckOptions {
  readonly root: string
  /** READMEs by path from the root. */
  readonly files: readonly string[]
  /** Emptied; where the examples are laid out for the compiler. */
  readonly into: string
  /** Where the workspace is that the examples import. Default: `root`. */
  readonly workspace?: string
}

/** Compiles the examples of READMEs as strictly as the sources are; answers with errors by README and line. */
export async function typecheckReadmes({ root, files, into, workspace = root }: TypecheckOptions): Promise<string[]> {
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  const places = new Map<string, { readonly file: string; readonly line: number }>()
  for (const file of files) {
    for (const { line, code } of readmeBlocks(readFileSync(join(root, file), "utf8"))) {
      const name = `example-${places.size}.ts`
      places.set(name, { file, line })
      // An example is a module even where it imports nothing.
      writeFileSync(join(into, name), `${code}export {}\n`)
    }
  }
  if (places.size === 0) return []
  writeFileSync(
    join(into, "tsconfig.json"),
    JSON.stringify({
      extends: join(workspace, "tsconfig.json"),
      compilerOptions: { paths: sourcePaths(workspace), typeRoots: [join(workspace, "node_modules/@types")] },
      include: ["*.ts"],
      exclude: [],
    }),
  )
  const tsc = join(workspace, "node_modules/typescript/bin/tsc")
  const end = await runCommand(process.execPath, [tsc, "-p", into, "--noEmit", "--pretty", "false"], { cwd: into })
  if (end.ok) return []
  const errors = end.output.split("\n").flatMap((text) => {
    const [, name, line, rest] = /^(example-\d+\.ts)\((\d+),\d+\): (.*)$/.exec(text) ?? []
    const place = name === undefined ? undefined : places.get(name)
    return place === undefined ? [] : [`${place.file}:${place.line + Number(line)} · ${rest}`]
  })
  return errors.length > 0 ? errors : [end.output]
}

/** Every entry point of the workspace by its name, as its source. */
function sourcePaths(root: string): Record<string, string[]> {
  const paths: Record<string, string[]> = {}
  for (const { name, folder, manifest } of readWorkspace(root)) {
    for (const [path, target] of Object.entries(manifest.exports ?? {})) {
      const source = typeof target === "string" ? target : target["@fleetwire/source"]
      if (typeof source === "string" && source.endsWith(".ts")) {
        paths[path === "." ? name : `${name}${path.slice(1)}`] = [join(folder, source)]
      }
    }
  }
  return paths
}
