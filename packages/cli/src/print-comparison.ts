import {
  bumpBetween,
  bumpsOf,
  type Comparison,
  type Finding,
  type FleetComparison,
  isEnough,
  meaningFor,
  passes,
  type Verdict,
  type Witness,
} from "@fleetwire/compare"
import { type Paint, paintFor, type Terminal } from "./terminal.js"

/** How much is printed of a comparison. */
export interface PrintOptions {
  /** Safe changes too. */
  readonly all?: boolean
}

/** Prints a comparison for people: verdict, then each finding with who breaks, its witness and what helps. */
export function printComparison(fleet: FleetComparison, terminal: Terminal, { all = false }: PrintOptions = {}): void {
  const paint = paintFor(terminal)
  for (const comparison of fleet.comparisons) {
    terminal.out(`${headline(comparison, paint)}\n`)
    if (comparison.findings.length > 0) terminal.out(`  ${meaningFor(comparison)}\n`)
    const shown = comparison.findings.filter(({ verdict }) => all || verdict !== "safe")
    for (const finding of shown) terminal.out(`\n${formatChange(finding, paint)}\n`)
    const safe = comparison.findings.filter(({ verdict }) => verdict === "safe")
    if (!all && safe.length > 0)
      terminal.out(`\n${paint.dim(`and ${count(safe.length, "safe change")}: --all shows them`)}\n`)
    terminal.out(`\n${versionLine(comparison)}\n`)
    terminal.out(passes(comparison.verdict) ? "\n" : `${wayOut(comparison, paint)}\n\n`)
  }
  for (const { old, new: next, verdict } of fleet.among)
    terminal.out(`${paint.dim(`among the released: ${old.version} and ${next.version} are ${verdict}`)}\n`)
}

/** Verdict of a comparison in one line. */
export function headline({ old, new: next, verdict, findings }: Comparison, paint: Paint): string {
  const what = findings.length === 0 ? "nothing changed" : count(findings.length, "change")
  return `${paint.bold(`${next.name} ${old.version} → ${next.version}`)}: ${paintVerdict(verdict, paint)} (${what})`
}

function formatChange(finding: Finding, paint: Paint): string {
  const { verdict, code, path, what, breaks, remedy, witnesses, accepted } = finding
  const lines = [`${paintVerdict(verdict, paint)} ${paint.bold(path)}: ${what} ${paint.dim(`[${code}]`)}`]
  if (breaks.length > 0) lines.push(`  who breaks: ${breaks.join("; ")}`)
  // One witness a direction is enough to understand; the others are in the JSON.
  const shown = witnesses.filter((one, index) => witnesses.findIndex((other) => other.sender === one.sender) === index)
  for (const witness of shown) lines.push(...formatWitness(witness, paint))
  if (accepted !== undefined) lines.push(`  ${paint.green("accepted:")} ${accepted}`)
  else if (verdict !== "safe") lines.push(`  ${paint.green("help:")} ${remedy}`)
  return lines.join("\n")
}

function formatWitness(witness: Witness, paint: Paint): readonly string[] {
  const reader = witness.sender === "old" ? "new" : "old"
  if (witness.kind === "topic")
    return [
      `  ${paint.blue("witness:")} the ${witness.sender} version publishes to ${witness.topic}`,
      `    the ${reader} one listens to ${witness.filter}: ${witness.outcome}, ${witness.result}`,
    ]
  const onWire = witness.wire === witness.value ? "" : `, on the wire ${witness.wire}`
  return [
    `  ${paint.blue("witness")} (${witness.format}): the ${witness.sender} version sends ${witness.value}${onWire}`,
    `    the ${reader} one ${witness.outcome === "refused" ? "refuses" : "misreads"} it: ${witness.result}`,
  ]
}

function versionLine({ old, new: next, findings }: Comparison): string {
  const asked = bumpsOf(findings, old.version)
  const step = bumpBetween(old.version, next.version)
  const enough = isEnough(step, asked.contract)
    ? ""
    : `; ${old.version} → ${next.version} is ${step === "none" ? "no step" : `a ${step} one`}`
  return `version: the contract needs a step of ${asked.contract}${enough}; its SDKs one of ${asked.sdk}`
}

/** What lets it pass: the change is taken apart, or what is worst is accepted, written out to be copied. */
function wayOut({ findings, verdict }: Comparison, paint: Paint): string {
  const open = findings.filter((one) => one.accepted === undefined && !passes(one.verdict))
  const worst = open.find((one) => one.verdict === verdict) ?? open[0]
  if (worst === undefined) return paint.red("this does not pass: two changes need opposite orders of updates")
  const command = `fleetwire diff --against … --accept '${worst.code}@${worst.path}' --reason "…"`
  return `${paint.red("this does not pass")}: follow the help above, or accept what is meant, each with a reason: ${command}`
}

function paintVerdict(verdict: Verdict, paint: Paint): string {
  if (verdict === "safe") return paint.green(verdict)
  return passes(verdict) ? paint.yellow(verdict) : paint.red(verdict)
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`
}
