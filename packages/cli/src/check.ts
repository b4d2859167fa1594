import { relative } from "node:path"
import type { Verdict } from "@fleetwire/compare"
import { checkBeside } from "@fleetwire/contract"
import type { ContractIr } from "@fleetwire/ir"
import { parseArguments } from "./arguments.js"
import { type Compiled, compile } from "./compile.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"
import { refusals } from "./generate.js"
import { countFindings, printFindings } from "./print-findings.js"
import { createProgress, type Progress } from "./progress.js"
import { findProjects, findWhole } from "./project.js"
import type { ProjectComparison } from "./project-comparison.js"
import type { Terminal } from "./terminal.js"

/** Options of the command. */
export const OPTIONS = {
  against: { type: "string" },
  fleet: { type: "string" },
  mqtt: { type: "string" },
  format: { type: "string" },
  json: { type: "boolean" },
} as const

/** What `passes` of the comparison says, which is not loaded here. */
const PASSING: ReadonlySet<Verdict> = new Set(["safe", "controllers first"])

type Options = ReturnType<typeof parseArguments<typeof OPTIONS>>["options"]

/** `fleetwire check`: every mistake of the contracts, and with `--against` or `--fleet` what they change. Nothing written. */
export async function check(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const format = options.json === true ? "json" : (options.format ?? "human")
  if (!["human", "json", "github"].includes(format))
    throw new Misuse(`--format is human, json or github, not ${format}`)
  const projects = findProjects(rest, terminal.cwd)
  const progress = createProgress(terminal)
  let done = 0
  const compiled = await Promise.all(
    projects.map(async ({ contract }) => {
      const one = await compile(contract)
      progress.step(`compiled ${++done} of ${projects.length}`)
      return one
    }),
  )
  const composed = await Promise.all(projects.map(({ beside }, index) => compose(compiled[index]!, beside)))
  const carried = compiled.flatMap((one, index) =>
    one.ir === undefined ? [] : refusals(one, projects[index]!.targets),
  )
  const compared = await compareAll(compiled, options, terminal, progress)
  // Who names no contract asks about all of them: those that are gone too.
  const removed = rest.length > 0 ? [] : await findRemoved(compiled, compared, options.against, terminal.cwd)
  const findings = [...compiled.flatMap((one) => one.findings), ...composed.flat(), ...carried, ...removed]
  progress.end()
  if (format === "json") await printJson(findings, compared, terminal)
  else {
    printFindings(findings, terminal)
    for (const { ir } of compiled) {
      if (ir === undefined) continue
      terminal.out(`${ir.name} ${ir.version}: ${counted(ir).join(", ")}\n`)
    }
    const counts = countFindings(findings)
    if (counts !== "") terminal.err(`${counts}\n`)
    for (const one of compared) await show(one, format, terminal)
  }
  const failed = compared.some(({ result }) => result.findings.length > 0 || !PASSING.has(result.fleet.verdict))
  return failed || findings.some(({ severity }) => severity === "error") ? EXIT.findings : EXIT.clean
}

function counted({ channels, messages, roles }: ContractIr): readonly string[] {
  const words = [
    [channels.length, "channel"],
    [messages.length, "message"],
    [roles.length, "role"],
  ] as const
  return words.map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`)
}

interface Compared {
  readonly file: string
  readonly result: ProjectComparison
}

/** Loads what compares only where a comparison is asked for. */
async function compareAll(
  compiled: readonly Compiled[],
  options: Options,
  terminal: Terminal,
  progress: Progress,
): Promise<readonly Compared[]> {
  if (options.against === undefined && options.fleet === undefined) return []
  const { compareProject, comparisonRequest } = await import("./project-comparison.js")
  const request = comparisonRequest(options)
  const found: Compared[] = []
  for (const one of compiled) {
    if (one.ir === undefined) continue
    progress.step(`comparing ${one.ir.name}, ${found.length + 1} of ${compiled.length}`)
    found.push({ file: relative(terminal.cwd, one.file), result: await compareProject(one, request, terminal.cwd) })
  }
  return found
}

async function findRemoved(
  compiled: readonly Compiled[],
  compared: readonly Compared[],
  against: string | undefined,
  cwd: string,
): Promise<readonly Finding[]> {
  if (against === undefined) return []
  const { removedContracts } = await import("./ref-locks.js")
  const { root } = findWhole(cwd)
  const present = compiled.map(({ lockFile }) => lockFile)
  const moved = compared.flatMap(({ result }) => result.movedFrom ?? [])
  return removedContracts({ root, against, present, moved }, cwd)
}

async function show({ file, result }: Compared, format: string, terminal: Terminal): Promise<void> {
  printFindings(result.findings, terminal)
  if (result.movedFrom !== undefined) terminal.err(`${file} was moved: compared with ${result.movedFrom}\n`)
  if (result.unknownAt !== undefined) terminal.out(`${file} is new: ${result.unknownAt} has no lock of it\n`)
  else if (format === "github") {
    const { githubAnnotations } = await import("./github-annotations.js")
    for (const line of githubAnnotations(result.fleet, file)) terminal.out(`${line}\n`)
  } else {
    const { printComparison } = await import("./print-comparison.js")
    printComparison(result.fleet, terminal)
  }
}

async function printJson(
  findings: Compiled["findings"],
  compared: readonly Compared[],
  terminal: Terminal,
): Promise<void> {
  if (compared.length === 0) {
    printFindings(findings, terminal, true)
    return
  }
  const { comparisonJson } = await import("./comparison-json.js")
  const comparisons = compared.map(({ file, result }) => ({ file, ...comparisonJson(result) }))
  terminal.out(`${JSON.stringify({ findings, comparisons }, null, 2)}\n`)
}

/** What keeps a contract from standing beside others on one broker (W-7). A mistake of theirs is theirs to be told. */
async function compose({ file, ir }: Compiled, beside: readonly string[]): Promise<readonly Finding[]> {
  const others = await Promise.all(beside.map((other) => compile(other)))
  return others.flatMap((other) => {
    if (ir === undefined || other.ir === undefined) return []
    return checkBeside(ir, other.ir).map((found) => ({ ...found, target: { file, path: found.target.path } }))
  })
}
