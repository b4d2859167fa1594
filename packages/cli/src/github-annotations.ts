import { type Finding, type FleetComparison, passes } from "@fleetwire/compare"

/**
 * A comparison as workflow commands of GitHub: what may not go out is an error at the contract's file, an order of
 * updates a warning, an accepted break a notice.
 */
export function githubAnnotations({ comparisons }: FleetComparison, file: string): readonly string[] {
  return comparisons.flatMap(({ old, findings }) =>
    findings
      .filter(({ verdict }) => verdict !== "safe")
      .map((finding) => {
        const properties = { file, title: `${finding.verdict}: ${finding.path}` }
        const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`)
        return `::${levelOf(finding)} ${written.join(",")}::${escapeData(messageOf(finding, old.version))}`
      }),
  )
}

function levelOf({ verdict, accepted }: Finding): "error" | "warning" | "notice" {
  return accepted !== undefined ? "notice" : passes(verdict) ? "warning" : "error"
}

function messageOf({ code, what, breaks, witnesses, remedy, accepted }: Finding, version: string): string {
  const [witness] = witnesses
  const shown =
    witness === undefined
      ? []
      : witness.kind === "topic"
        ? [
            `Witness: ${witness.sender} publishes to ${witness.topic}; ${witness.filter} is ${witness.outcome}, ${witness.result}`,
          ]
        : [
            `Witness (${witness.format}): ${witness.sender} sends ${witness.value}`,
            `${witness.outcome}: ${witness.result}`,
          ]
  return [
    `Since ${version}: ${what} [${code}]`,
    ...(breaks.length === 0 ? [] : [`Who breaks: ${breaks.join("; ")}`]),
    ...shown,
    accepted === undefined ? `Help: ${remedy}` : `Accepted: ${accepted}`,
  ].join("\n")
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C")
}
