import { parseArguments } from "./arguments.js"
import { compile } from "./compile.js"
import { type CostReport, costReport, type LegCost, sentFormat } from "./cost-report.js"
import { EXIT, type ExitCode } from "./exit-code.js"
import { countFindings, printFindings } from "./print-findings.js"
import { findProjects } from "./project.js"
import type { Terminal } from "./terminal.js"

/** Options of the command. */
export const OPTIONS = { json: { type: "boolean" }, prefix: { type: "string" } } as const

/** `fleetwire size`: octets on the wire and in a firmware's buffers, from a contract's examples and bounds. */
export async function size(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const compiled = await Promise.all(findProjects(rest, terminal.cwd).map(({ contract }) => compile(contract)))
  const findings = compiled.flatMap((one) => one.findings).filter(({ severity }) => severity === "error")
  if (options.json !== true) printFindings(findings, terminal)
  const reports = compiled.flatMap(({ ir }) => (ir === undefined ? [] : [costReport(ir, options.prefix)]))
  if (options.json === true) terminal.out(`${JSON.stringify({ reports, findings }, null, 2)}\n`)
  else for (const report of reports) terminal.out(`${formatCost(report)}\n`)
  const counts = countFindings(findings)
  if (counts !== "") terminal.err(`${counts}\n`)
  return findings.length > 0 ? EXIT.findings : EXIT.clean
}

const HEAD = ["leg", "format", "typical", "worst", "QoS 0", "QoS 1", "QoS 2", "MQTT 5", "with alias"]

/** The report as a table for people. */
export function formatCost(report: CostReport): string {
  const rows = report.legs.flatMap((leg) =>
    leg.formats.map((cost) => [
      leg.id,
      cost.format === leg.sends && leg.formats.length > 1 ? `${cost.format} *` : cost.format,
      String(cost.typical),
      cost.worst === undefined ? "no bound" : String(cost.worst),
      ...cost.wire.map((octets, qos) => (qos === leg.qos ? `[${octets}]` : String(octets))),
      String(cost.wire5),
      String(cost.aliased),
    ]),
  )
  const { day, buffers } = report
  return [
    `${report.contract} ${report.version}: octets of payloads, and of whole messages with their acknowledgements`,
    "",
    ...aligned([HEAD, ...rows]),
    "",
    "*: sent by default · [ ]: the QoS of the contract · with alias: MQTT 5, from the second message on",
    "MQTT 5 counts the Content Type and expiry that SDKs send. TCP, IP and TLS come on top: 40 B or more a segment.",
    "",
    day.messages === 0
      ? "No channel declares a rate: nothing is known of a day."
      : `A device and day: ${thousands(day.messages)} messages, ${thousands(day.bytes)} B at MQTT 3.1.1${rates(report.legs)}; keep-alive of a silent connection ${thousands(day.keepAliveBytes)} B.`,
    ...(day.messages === 0 ? [] : [savings(report.legs)].filter((line) => line !== "")),
    `A firmware's buffers: ${bufferWords(buffers.write)} to write a whole message, ${bufferWords(buffers.readLater)} to read one; the longest of this version has ${bufferWords(buffers.read)}, the rest is what later ones may add (\`maxBytes\`, the _MAX of a leg in the C header).`,
    ...(buffers.unbounded.length === 0 ? [] : [`Without a bound: ${buffers.unbounded.join(", ")}.`]),
    "",
  ].join("\n")
}

function bufferWords(octets: number | undefined): string {
  return octets === undefined ? "no bound" : `${thousands(octets)} B`
}

function rates(legs: readonly LegCost[]): string {
  const named = legs.filter(({ perDay, from }) => perDay !== undefined && from === "device").map(({ id }) => id)
  return ` (${named.join(", ")})`
}

/** What another format would take, where the contract accepts one that is shorter. */
function savings(legs: readonly LegCost[]): string {
  const lines = legs.flatMap((leg) => {
    if (leg.perDay === undefined || leg.from !== "device") return []
    const sent = sentFormat(leg).wire[leg.qos]
    const [best] = [...leg.formats].sort((a, b) => a.wire[leg.qos] - b.wire[leg.qos])
    if (best === undefined || best.wire[leg.qos] >= sent) return []
    const share = Math.round((100 * best.wire[leg.qos]) / sent)
    return [
      `${leg.id} as ${best.format}: ${thousands(leg.perDay * best.wire[leg.qos])} B a day, ${share} % of ${leg.sends}.`,
    ]
  })
  return lines.join("\n")
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  )
}

function thousands(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, " ")
}
