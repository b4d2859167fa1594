import { writeFile } from "node:fs/promises"
import { dirname, relative, resolve } from "node:path"
import { emitTypescript, ForeignFilesError, unifiedDiff } from "@fleetwire/codegen"
import { checkFiles, writeFiles } from "@fleetwire/codegen/writer"
import { formatLock } from "@fleetwire/contract"
import { contractDigest } from "@fleetwire/ir"
import { parseArguments } from "./arguments.js"
import { type Compiled, compile } from "./compile.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"
import { countFindings, printFindings } from "./print-findings.js"
import { findProjects, type Project, type TypescriptTarget } from "./project.js"
import { paintFor, type Terminal } from "./terminal.js"

const OPTIONS = {
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

/** A target whose package has its name. */
type Target = TypescriptTarget & { readonly package: string }

/** `fleetwire generate`: compiles contracts, then writes their locks and SDKs, or with `--check` only compares. */
export async function generate(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const projects = findProjects(rest, terminal.cwd)
  if (options.out !== undefined && projects.length > 1) throw new Misuse("--out needs one contract: name it")
  const json = options.json === true
  const checkOnly = options.check === true
  const findings: Finding[] = []
  const files: FileReport[] = []
  for (const project of projects) {
    const compiled = await compile(project.contract)
    findings.push(...compiled.findings)
    if (compiled.ir === undefined) continue
    const target = targetOf(project, options, terminal.cwd, compiled.ir.name)
    files.push(...(await (checkOnly ? compare : write)(compiled, target)))
    if (!json) summarize(compiled, target, terminal)
  }
  if (json) terminal.out(`${JSON.stringify({ findings, files }, null, 2)}\n`)
  else report(findings, files, checkOnly, terminal)
  const failed = findings.some(({ severity }) => severity === "error") || (checkOnly && files.length > 0)
  return failed ? EXIT.findings : EXIT.clean
}

function targetOf(
  { targets, contract }: Project,
  options: { readonly out?: string; readonly package?: string },
  cwd: string,
  name: string,
): Target | undefined {
  const { typescript } = targets
  const packageName = options.package ?? typescript?.package
  if (options.out !== undefined) {
    return { ...typescript, out: resolve(cwd, options.out), package: packageName ?? `${name}-sdk` }
  }
  if (typescript === undefined) {
    if (options.package === undefined) return undefined
    return { out: resolve(dirname(contract), "sdk"), package: options.package }
  }
  return { ...typescript, package: packageName ?? `${name}-sdk` }
}

async function write(compiled: Compiled, target: Target | undefined): Promise<readonly FileReport[]> {
  const reports: FileReport[] = []
  // The lock comes last: while its SDK cannot be written, a contract has not been generated.
  if (target !== undefined) {
    const { written, removed } = await writeFiles(target.out, emit(compiled, target)).catch((error: unknown) => {
      throw error instanceof ForeignFilesError ? new Misuse(error.message) : error
    })
    for (const path of written) reports.push({ path: resolve(target.out, path), change: "written" })
    for (const path of removed) reports.push({ path: resolve(target.out, path), change: "removed" })
  }
  const lockText = formatLock(compiled.lock!)
  if (lockText === compiled.lockText) return reports
  await writeFile(compiled.lockFile, lockText)
  return [{ path: compiled.lockFile, change: "written" }, ...reports]
}

async function compare(compiled: Compiled, target: Target | undefined): Promise<readonly FileReport[]> {
  const reports: FileReport[] = []
  const lockText = formatLock(compiled.lock!)
  if (lockText !== compiled.lockText) {
    const change = compiled.lockText === undefined ? "missing" : "changed"
    const diff = unifiedDiff("contract.lock.json", compiled.lockText, lockText)
    reports.push({ path: compiled.lockFile, change, diff })
  }
  if (target === undefined) return reports
  const { stale } = await checkFiles(target.out, emit(compiled, target))
  return [...reports, ...stale.map(({ path, change, diff }) => ({ path: resolve(target.out, path), change, diff }))]
}

function emit({ ir }: Compiled, { package: packageName, version, dependencyRange, tsupPreset }: Target) {
  return emitTypescript(ir!, {
    packageName,
    digest: contractDigest(ir!),
    ...(version !== undefined && { packageVersion: version }),
    ...(dependencyRange !== undefined && { dependencyRange }),
    ...(tsupPreset !== undefined && { tsupPreset }),
  })
}

function summarize({ ir, file }: Compiled, target: Target | undefined, terminal: Terminal): void {
  const where =
    target === undefined ? "lock only, no target in package.json" : relative(terminal.cwd, target.out) || "."
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
  for (const { path, change, diff } of files) {
    const name = relative(terminal.cwd, path)
    if (checkOnly) terminal.err(`${paint.red(change)} ${name}\n${diff ?? ""}`)
    else terminal.out(`  ${change} ${name}\n`)
  }
  const counts = countFindings(findings)
  if (counts !== "") terminal.err(`${counts}\n`)
  if (checkOnly && files.length > 0) terminal.err("stale: run `fleetwire generate` and commit the result\n")
  else if (files.length === 0 && !findings.some(({ severity }) => severity === "error"))
    terminal.out(checkOnly ? "up to date\n" : "nothing to change\n")
}
