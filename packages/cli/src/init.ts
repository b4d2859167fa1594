import { existsSync } from "node:fs"
import { mkdir, readdir, writeFile } from "node:fs/promises"
import { basename, dirname, join, relative, resolve } from "node:path"
import { parseArguments } from "./arguments.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { generate } from "./generate.js"
import { type InitNames, initFiles } from "./init-template.js"
import type { Terminal } from "./terminal.js"
import { VERSION } from "./version.js"

/** Options of the command. */
export const OPTIONS = { name: { type: "string" }, range: { type: "string" }, json: { type: "boolean" } } as const

/** `fleetwire init <folder>`: a new contract package, compiled and generated at once. */
export async function init(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const [folder] = rest
  if (folder === undefined || rest.length > 1) throw new Misuse("init needs one folder: `fleetwire init my-fleet`")
  const path = resolve(terminal.cwd, folder)
  const name = options.name ?? nameOf(basename(path))
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Misuse(`\`${name}\` is no name for a contract: lowercase words joined by hyphens; say one with --name`)
  }
  // A repository that was just made has its own files.
  const there = existsSync(path) ? (await readdir(path)).filter((file) => !/^(\.git|LICENSE)/.test(file)) : []
  if (there.length > 0) throw new Misuse(`${folder} is not empty: it has ${there.slice(0, 3).join(", ")}`)
  await mkdir(path, { recursive: true })
  const names = namesFor(name, path, options.range)
  for (const [file, text] of Object.entries(initFiles(names))) {
    await writeFile(join(path, file), text)
    if (options.json !== true) terminal.out(`  written ${relative(terminal.cwd, join(path, file))}\n`)
  }
  // As JSON the result is that of the generation.
  const code = await generate(options.json === true ? [path, "--json"] : [path], terminal)
  if (code !== EXIT.clean || options.json === true) return code
  if (names.tsupPreset !== undefined)
    terminal.out(
      "\nThe workspace has new packages: run `npx pnpm install --no-frozen-lockfile` once, and commit the lockfile.\n",
    )
  terminal.out(
    `\nNext: change ${relative(terminal.cwd, join(path, "contract.ts"))}, then \`fleetwire generate\` there.\n`,
  )
  return EXIT.clean
}

/** Names of a package of its own; or of one more contract beside the others of Fleetwire's own repository. */
function namesFor(name: string, path: string, range: string | undefined): InitNames {
  const root = dirname(dirname(path))
  if (basename(dirname(path)) === "schemas" && existsSync(join(root, "packages", "contract", "package.json"))) {
    return {
      contract: name,
      package: `@fleetwire/schema-${name}`,
      sdk: `@fleetwire/${name}`,
      range: range ?? "workspace:*",
      out: `../../packages/sdks/${name}/typescript`,
      tsupPreset: "@fleetwire/config/tsup",
    }
  }
  return {
    contract: name,
    package: `${name}-contract`,
    sdk: `${name}-sdk`,
    range: range ?? `^${VERSION}`,
    out: "./sdk",
  }
}

function nameOf(folder: string): string {
  return folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
}
