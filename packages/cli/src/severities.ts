import { join } from "node:path"
import { type DiagnosticEntry, diagnosticCodes } from "@fleetwire/contract"
import { Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"
import { readPackageConfig } from "./package-config.js"

/** What a team makes of a warning. */
export type Severity = "error" | "warning" | "off"

/** Codes of warnings, with what a team makes of them. */
export type Severities = Readonly<Record<string, Severity>>

/**
 * The `severities` beside a contract, in its package.json under `fleetwire`.
 *
 * @throws Misuse for a code that is no warning, and for another word than error, warning or off.
 */
export function readSeverities(folder: string): Severities {
  const file = join(folder, "package.json")
  const written = (readPackageConfig(folder) as { readonly severities?: unknown } | null | undefined)?.severities
  if (written === undefined) return {}
  if (typeof written !== "object" || written === null) throw new Misuse(`${file}: \`severities\` must be an object`)
  for (const [code, severity] of Object.entries(written)) {
    const entry: DiagnosticEntry | undefined = (diagnosticCodes as Readonly<Record<string, DiagnosticEntry>>)[code]
    if (entry === undefined) throw new Misuse(`${file}: there is no diagnostic ${code}`)
    if (entry.severity !== "warning")
      throw new Misuse(`${file}: ${code} is a mistake, not a matter of taste: its severity is fixed`)
    if (severity !== "error" && severity !== "warning" && severity !== "off")
      throw new Misuse(`${file}: the severity of ${code} is error, warning or off, not ${JSON.stringify(severity)}`)
  }
  return written as Severities
}

/** Findings with a team's severities; what is off becomes a note, and what a channel accepts stays accepted. */
export function withSeverities(findings: readonly Finding[], severities: Severities): readonly Finding[] {
  return findings.map((finding): Finding => {
    const wanted = Object.hasOwn(severities, finding.code) ? severities[finding.code] : undefined
    if (wanted === undefined || finding.severity !== "warning") return finding
    return wanted === "off"
      ? { ...finding, severity: "note", accepted: "off in package.json" }
      : { ...finding, severity: wanted }
  })
}
