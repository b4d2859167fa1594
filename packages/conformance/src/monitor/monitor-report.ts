import type { Finding, MonitorReport, Tally } from "./monitor.js"

export interface ReportLayout {
  /** Devices listed at most. Default 10. */
  readonly devices?: number
  /** Findings listed at most. Default 10. */
  readonly findings?: number
  /** Messages of each leg in the last second, for a view that is live. */
  readonly perSecond?: ReadonlyMap<string, number>
  /** Legs of which nothing was heard, too. Default false. */
  readonly silent?: boolean
}

/** A report as lines of text: legs, devices, findings, and one line of sums. */
export function formatMonitorReport(report: MonitorReport, layout: ReportLayout = {}): string {
  const { devices = 10, findings = 10, perSecond, silent = false } = layout
  const heard = report.legs.filter(({ messages }) => silent || messages > 0)
  const parts = [
    table(
      ["channel", "messages", ...(perSecond === undefined ? [] : ["in 1 s"]), "octets", "faulty"],
      heard.map(({ leg, ...tally }) => {
        const rate = perSecond === undefined ? [] : [String(perSecond.get(leg) ?? 0)]
        const [messages, octets, faulty] = numbers(tally)
        return [leg, messages, ...rate, octets, faulty]
      }),
    ),
  ]
  if (report.devices.length > 0) {
    const shown = report.devices.slice(0, devices).map(({ device, ...tally }) => [device, ...numbers(tally)])
    const left = report.devices.length - shown.length
    parts.push(table(["device", "messages", "octets", "faulty"], shown) + (left > 0 ? `\n… and ${left} more` : ""))
  }
  if (report.findings.length > 0) {
    const shown = report.findings.slice(0, findings).map(formatMonitorFinding)
    const left = report.findings.length - shown.length
    parts.push(shown.join("\n") + (left > 0 ? `\n… and ${left} more kinds` : ""))
  }
  const { total, cleared } = report
  const known = report.devices.length
  parts.push(
    `${total.messages} messages, ${total.octets} octets, ${known} devices, ${cleared} cleared, ${total.faulty} faulty`,
  )
  return `${parts.join("\n\n")}\n`
}

/** One finding in two lines: what is wrong, and the first message that had it. */
export function formatMonitorFinding({ code, leg, path, words, count, example }: Finding): string {
  const where = path === "" ? leg : `${leg} ${path}`
  return `${code} ${where}: ${words} (${count}×)\n  ${example.topic} ${example.payload}`
}

function numbers({ messages, octets, faulty }: Tally): [string, string, string] {
  return [String(messages), String(octets), String(faulty)]
}

/** First column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd()
  return [head, ...rows].map(line).join("\n")
}
