import { dirname, join, relative } from "node:path"
import { acceptBreak, type Finding, passes, rolloutPlan, withAcceptances } from "@fleetwire/compare"
import { createLock, formatLock } from "@fleetwire/contract"
import { parseArguments } from "./arguments.js"
import { comparisonJson } from "./comparison-json.js"
import { type Compiled, compile } from "./compile.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { githubAnnotations } from "./github-annotations.js"
import { printComparison } from "./print-comparison.js"
import { printFindings } from "./print-findings.js"
import { createProgress } from "./progress.js"
import { findProjects, findWhole, type Project } from "./project.js"
import {
  COMPARISON_OPTIONS,
  compareProject,
  comparisonRequest,
  type ProjectComparison,
  withComparisons,
} from "./project-comparison.js"
import { removedContracts } from "./ref-locks.js"
import { sdkChangeset } from "./sdk-changeset.js"
import type { Terminal } from "./terminal.js"
import { writeText } from "./text-file.js"

/** Options of the command. */
export const OPTIONS = {
  ...COMPARISON_OPTIONS,
  format: { type: "string" },
  json: { type: "boolean" },
  all: { type: "boolean" },
  plan: { type: "boolean" },
  changeset: { type: "boolean" },
  accept: { type: "string", multiple: true },
  reason: { type: "string" },
} as const

type Options = ReturnType<typeof parseArguments<typeof OPTIONS>>["options"]

/** `fleetwire diff`: what a contract changes for the fleet, compared with an older version or with all in the field. */
export async function diff(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const format = options.json === true ? "json" : (options.format ?? "human")
  if (!["human", "json", "github"].includes(format))
    throw new Misuse(`--format is human, json or github, not ${format}`)
  if ((options.accept === undefined) !== (options.reason === undefined))
    throw new Misuse("--accept needs a --reason, and a --reason what it is for")
  const projects = findProjects(rest, terminal.cwd)
  const request = comparisonRequest(options)
  const results: object[] = []
  const moved: string[] = []
  let failed = false
  const progress = createProgress(terminal)
  for (const [at, project] of projects.entries()) {
    progress.step(`comparing ${relative(terminal.cwd, project.contract)}, ${at + 1} of ${projects.length}`)
    const compiled = await compile(project.contract)
    const broken = compiled.ir === undefined ? compiled.findings : []
    if (broken.length > 0) {
      failed = true
      progress.end()
      if (format === "json") results.push({ passes: false, findings: broken })
      else printFindings(broken, terminal)
      continue
    }
    const compared = await compareProject(compiled, request, terminal.cwd)
    const settled = options.accept === undefined ? compared : await accept(compiled, compared, options, terminal)
    if (settled.movedFrom !== undefined) moved.push(settled.movedFrom)
    failed ||= settled.findings.length > 0 || !passes(settled.fleet.verdict)
    progress.end()
    if (format === "json") results.push(comparisonJson(settled))
    else show(settled, project, options, terminal)
  }
  if (rest.length === 0 && options.against !== undefined) {
    const { root } = findWhole(terminal.cwd)
    const present = projects.map(({ contract }) => join(dirname(contract), "contract.lock.json"))
    const removed = await removedContracts({ root, against: options.against, present, moved }, terminal.cwd)
    failed ||= removed.some(({ severity }) => severity === "error")
    if (format !== "json") printFindings(removed, terminal)
    else if (removed.length > 0)
      results.push({ passes: removed.every(({ severity }) => severity !== "error"), findings: removed })
  }
  if (format === "json") terminal.out(`${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`)
  return failed ? EXIT.findings : EXIT.clean
}

function show(compared: ProjectComparison, project: Project, options: Options, terminal: Terminal): void {
  const { fleet, findings, unknownAt, movedFrom } = compared
  if (findings.length > 0) {
    printFindings(findings, terminal)
    return
  }
  const file = relative(terminal.cwd, project.contract)
  if (movedFrom !== undefined) terminal.err(`${file} was moved: compared with ${movedFrom}\n`)
  if (unknownAt !== undefined) terminal.out(`${file} is new: ${unknownAt} has no lock of it\n`)
  else if (options.plan === true) for (const one of fleet.comparisons) terminal.out(`${rolloutPlan(one)}\n`)
  else if (options.changeset === true)
    for (const one of fleet.comparisons) terminal.out(sdkChangeset(one, packagesOf(project)))
  else if (options.format === "github") for (const line of githubAnnotations(fleet, file)) terminal.out(`${line}\n`)
  else printComparison(fleet, terminal, { all: options.all === true })
}

/** Packages that are generated from the contract. @throws Misuse where its package.json names none. */
function packagesOf({ targets, contract }: Project): readonly string[] {
  const names = targets.flatMap(({ settings }) => (typeof settings.package === "string" ? [settings.package] : []))
  if (names.length === 0) throw new Misuse(`the package.json beside ${contract} names no package that is generated`)
  return names
}

/** Writes breaks that the author accepts into the lock, which must be that of the contract as it is. */
async function accept(
  compiled: Compiled,
  compared: ProjectComparison,
  { accept: wanted = [], reason = "" }: Options,
  terminal: Terminal,
): Promise<ProjectComparison> {
  if (compared.findings.length > 0) return compared
  if (compiled.lock === undefined || compiled.lockText !== formatLock(compiled.lock))
    throw new Misuse("the lock is not that of the contract: run `fleetwire generate` first")
  if (reason.trim() === "") throw new Misuse("--reason is empty: say why the break may go out")
  const { comparisons } = compared.fleet
  const named = (finding: Finding, name: string): boolean =>
    name === "all" || name === finding.code || name === `${finding.code}@${finding.path}`
  const open = ({ verdict, accepted }: Finding) => accepted === undefined && !passes(verdict)
  for (const name of wanted)
    if (!comparisons.some(({ findings }) => findings.some((one) => open(one) && named(one, name))))
      throw new Misuse(`nothing open is called ${name}: write CODE, CODE@PATH or all`)
  const more = comparisons.flatMap((comparison) =>
    comparison.findings
      .filter((one) => open(one) && wanted.some((name) => named(one, name)))
      .map((one) => acceptBreak(one, comparison, reason)),
  )
  const lock = createLock(compiled.ir!, compiled.lock, [...(compiled.lock.accepted ?? []), ...more])
  await writeText(compiled.lockFile, formatLock(lock))
  terminal.err(`${relative(terminal.cwd, compiled.lockFile)}: ${more.length} accepted\n`)
  const settled = comparisons.map((one) => withAcceptances(one, lock.accepted ?? []))
  return { ...compared, fleet: withComparisons(compared.fleet, settled) }
}
