import type { RenderedFile } from "@fleetwire/codegen"
import type { DiagnosticEntry } from "@fleetwire/contract"

/** `index.md`: every diagnostic of the contract language by its code, with what it says and what helps. */
export function diagnosticsPage(codes: Readonly<Record<string, DiagnosticEntry>>): RenderedFile {
  const lines = [
    "# Diagnostics",
    "",
    "Every mistake that `fleetwire check` finds in a contract or its lock. `{names}` are filled in. Where it says so, a channel",
    'may accept a finding with a reason: ``accept: { "code": "reason" }``. A team may make a warning an error or leave it out, in the',
    '`package.json` beside the contract: ``"fleetwire": { "severities": { "style/topic-plural": "off" } }``.',
    "",
  ]
  for (const [code, { severity, message, help, acceptable, off }] of Object.entries(codes).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    lines.push(
      `## ${code} {#${code.replaceAll("/", "-")}}`,
      "",
      `${severity === "error" ? "Error" : "Warning"}${off === true ? ", off unless `severities` names it" : ""}${acceptable === true ? ", can be accepted" : ""}: ${span(message)}`,
      "",
      `What helps: ${span(help)}`,
      "",
    )
  }
  return { path: "index.md", text: `${lines.join("\n").trimEnd()}\n` }
}

/** A code span around text that may hold backticks. */
function span(text: string): string {
  let mark = "`"
  while (text.includes(mark)) mark += "`"
  const pad = mark.length > 1 ? " " : ""
  return `${mark}${pad}${text}${pad}${mark}`
}
