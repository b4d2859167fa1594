import { existsSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"
import { ForeignFilesError, type RenderedFile, unifiedDiff } from "@fleetwire/codegen"
import { checkFiles, writeFiles } from "@fleetwire/codegen/writer"
import { formatLock } from "@fleetwire/contract"
import type { ContractIr } from "@fleetwire/ir"
import { parseArguments } from "./arguments.js"
import { type Compiled, compile } from "./compile.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"
import { countFindings, printFindings } from "./print-findings.js"
import { createProgress } from "./progress.js"
import { checkPackageName, findProjects, type Project, type ProjectTarget, targetNamed } from "./project.js"
import { paintFor, type Terminal } from "./terminal.js"
import { writeText } from "./text-file.js"

/** Options of the command. */
export const OPTIONS = {
  target: { type: "string", multiple: true },
  out: { type: "string" },
  package: { type: "string" },
  check: { type: "boolean" },
  json: { type: "boolean" },
} as const

/** What became of one file: written, or found stale. */
interface FileReport {
  readonly path: string
  readonly change: "written" | "removed" | "missing" | "changed" | "superfluous"
  readonly diff?: string
}

/** A target's folder with what belongs into it. */
interface Output {
  readonly out: string
  readonly files: readonly RenderedFile[]
}

/** `fleetwire generate`: compiles contracts, then writes their locks and targets, or with `--check` only compares. */
export async function generate(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const projects = findProjects(rest, terminal.cwd)
  if (options.out !== undefined && projects.length > 1) throw new Misuse("--out needs one contract: name it")
  const json = options.json === true
  const checkOnly = options.check === true
  const findings: Finding[] = []
  const files: FileReport[] = []
  const progress = createProgress(terminal)
  for (const [at, project] of projects.entries()) {
    const chosen = targetsOf(project, options, terminal.cwd)
    progress.step(`compiling ${relative(terminal.cwd, project.contract)}, ${at + 1} of ${projects.length}`)
    const compiled = await compile(project.contract)
    findings.push(...compiled.findings)
    if (compiled.ir === undefined) continue
    const refused = refusals(compiled, chosen)
    findings.push(...refused)
    if (refused.some(({ severity }) => severity === "error")) continue
    const outputs: Output[] = []
    const unread: Finding[] = []
    for (const target of chosen) {
      progress.step(`${compiled.ir.name}: ${target.target.name}`)
      const others = await readOthers(target, project.contract)
      unread.push(...others.findings)
      if (others.findings.length === 0)
        outputs.push({ out: target.out, files: emit(compiled, target, others.contracts) })
    }
    findings.push(...unread)
    if (unread.length > 0) continue
    files.push(...(await (checkOnly ? compare : write)(compiled, outputs)))
    progress.end()
    if (!json) summarize(compiled, outputs, terminal)
  }
  progress.end()
  if (json) terminal.out(`${JSON.stringify({ findings, files }, null, 2)}\n`)
  else report(findings, files, checkOnly, terminal)
  const failed = findings.some(({ severity }) => severity === "error") || (checkOnly && files.length > 0)
  return failed ? EXIT.findings : EXIT.clean
}

interface Chosen {
  readonly target?: readonly string[]
  readonly out?: string
  readonly package?: string
}

/** What the package.json says, narrowed and overridden by the command line. */
function targetsOf({ targets, contract }: Project, options: Chosen, cwd: string): readonly ProjectTarget[] {
  const asked = options.target?.map((name) => targetNamed(name).name)
  const redirected = options.out !== undefined || options.package !== undefined
  if (redirected && (asked?.length ?? 0) > 1) throw new Misuse("--out and --package need one target: name it")
  if (!redirected && asked === undefined) return targets
  if (options.package !== undefined) checkPackageName(options.package, "--package")
  return (asked ?? ["typescript"]).map((name) => {
    const target = targetNamed(name)
    const known = targets.find((one) => one.target === target)
    if (options.package !== undefined && !target.settings.includes("package"))
      throw new Misuse(`the target \`${name}\` makes no package`)
    return {
      target,
      out:
        options.out === undefined ? (known?.out ?? resolve(dirname(contract), target.out)) : resolve(cwd, options.out),
      settings: { ...known?.settings, ...(options.package !== undefined && { package: options.package }) },
    }
  })
}

/** What the targets say of a contract that they carry in part, or not at all. */
export function refusals({ ir, file }: Compiled, chosen: readonly ProjectTarget[]): readonly Finding[] {
  return chosen.flatMap(({ target, settings }) =>
    (target.check?.(ir!, settings) ?? []).map(
      ({ path, ...finding }): Finding => ({ ...finding, target: { file, path } }),
    ),
  )
}

/** The contracts that settings of a target name by their locks. */
async function readOthers(
  { target, settings }: ProjectTarget,
  contract: string,
): Promise<{ readonly contracts: Readonly<Record<string, ContractIr>>; readonly findings: readonly Finding[] }> {
  const contracts: Record<string, ContractIr> = {}
  const findings: Finding[] = []
  for (const name of target.reads ?? []) {
    const written = settings[name]
    if (typeof written !== "string") continue
    const file = resolve(dirname(contract), written)
    if (!existsSync(file)) throw new Misuse(`${target.name}: \`${name}\` names ${written}, which is not there`)
    const { readOldFile } = await import("./old-contract.js")
    const read = await readOldFile(file, written)
    if (read.kind === "found") contracts[name] = read.contract.ir
    else if (read.kind === "unreadable") findings.push(...read.findings)
  }
  return { contracts, findings }
}

function emit(
  { ir }: Compiled,
  { target, settings }: ProjectTarget,
  others: Readonly<Record<string, ContractIr>>,
): readonly RenderedFile[] {
  try {
    return target.emit(ir!, settings, others)
  } catch (error) {
    throw error instanceof TypeError && /setting/.test(error.message)
      ? new Misuse(`${target.name}: ${error.message}`)
      : error
  }
}

async function write(compiled: Compiled, outputs: readonly Output[]): Promise<readonly FileReport[]> {
  const reports: FileReport[] = []
  // The lock comes last: while a target cannot be written, a contract has not been generated.
  for (const { out, files } of outputs) {
    const { written, removed } = await writeFiles(out, files).catch((error: unknown) => {
      throw error instanceof ForeignFilesError ? new Misuse(error.message) : error
    })
    for (const path of written) reports.push({ path: join(out, path), change: "written" })
    for (const path of removed) reports.push({ path: join(out, path), change: "removed" })
  }
  const lockText = formatLock(compiled.lock!)
  if (lockText === compiled.lockText) return reports
  await writeText(compiled.lockFile, lockText)
  return [{ path: compiled.lockFile, change: "written" }, ...reports]
}

async function compare(compiled: Compiled, outputs: readonly Output[]): Promise<readonly FileReport[]> {
  const reports: FileReport[] = []
  const lockText = formatLock(compiled.lock!)
  if (lockText !== compiled.lockText) {
    const change = compiled.lockText === undefined ? "missing" : "changed"
    const diff = unifiedDiff("contract.lock.json", compiled.lockText, lockText)
    reports.push({ path: compiled.lockFile, change, diff })
  }
  for (const { out, files } of outputs) {
    const { stale } = await checkFiles(out, files)
    reports.push(...stale.map(({ path, change, diff }) => ({ path: resolve(out, path), change, diff })))
  }
  return reports
}

function summarize({ ir, file }: Compiled, outputs: readonly Output[], terminal: Terminal): void {
  const where =
    outputs.length === 0
      ? "lock only, no target in package.json"
      : outputs.map(({ out }) => relative(terminal.cwd, out) || ".").join(", ")
  terminal.out(`${ir!.name} ${ir!.version} (${relative(terminal.cwd, file)}) -> ${where}\n`)
}

function report(
  findings: readonly Finding[],
  files: readonly FileReport[],
  checkOnly: boolean,
  terminal: Terminal,
): void {
  printFindings(findings, terminal)
  const paint = paintFor(terminal)
  let written = ""
  for (const { path, change, diff } of files) {
    const name = below(terminal.cwd, path)
    if (checkOnly) terminal.err(`${paint.red(change)} ${name}\n${diff ?? ""}`)
    else written += `  ${change} ${name}\n`
  }
  // One write of all: the lines are as many as the files.
  if (written !== "") terminal.out(written)
  const counts = countFindings(findings)
  if (counts !== "") terminal.err(`${counts}\n`)
  if (checkOnly && files.length > 0) terminal.err("stale: run `fleetwire generate` and commit the result\n")
  else if (files.length === 0 && !findings.some(({ severity }) => severity === "error"))
    terminal.out(checkOnly ? "up to date\n" : "nothing to change\n")
}

/** The path from `folder` on. Of hundreds of files, most are below it: a look at each name's parts is spared. */
function below(folder: string, path: string): string {
  return path.startsWith(`${folder}${sep}`) ? path.slice(folder.length + 1) : relative(folder, path)
}
