import { readFileSync } from "node:fs"
import { relative } from "node:path"
import type { Finding } from "./finding.js"
import { type Paint, paintFor, type Terminal } from "./terminal.js"

/** Prints findings for people, with the lines they are about; or, as JSON, for programs. */
export function printFindings(findings: readonly Finding[], terminal: Terminal, json = false): void {
  if (json) {
    terminal.out(`${JSON.stringify({ findings }, null, 2)}\n`)
    return
  }
  const paint = paintFor(terminal)
  for (const finding of findings) {
    if (finding.severity !== "note") terminal.err(`${formatFinding(finding, terminal.cwd, paint)}\n`)
  }
}

/** Counts as one line, such as `2 errors, 1 warning`; empty for none. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Finding["severity"], one: string) => {
    const number = findings.filter((finding) => finding.severity === severity).length
    return number === 0 ? [] : [`${number} ${one}${number === 1 ? "" : "s"}`]
  }
  return [...count("error", "error"), ...count("warning", "warning"), ...count("note", "accepted finding")].join(", ")
}

/** One finding: severity, code and message; place; the lines around it; what helps. */
export function formatFinding(finding: Finding, cwd: string, paint: Paint): string {
  const { severity, code, target } = finding
  const [message, help] = [visible(finding.message), visible(finding.help)]
  const colour = severity === "error" ? paint.red : paint.yellow
  const lines = [`${colour(severity)}${paint.dim(`[${code}]`)} ${paint.bold(message)}`]
  if (target.file !== undefined) {
    const place = [relative(cwd, target.file) || target.file, target.line, target.line && target.column]
    const path = target.path === "" ? "" : ` ${paint.dim(`(${visible(target.path)})`)}`
    lines.push(`  ${paint.blue("-->")} ${place.filter((part) => part !== undefined).join(":")}${path}`)
    lines.push(...codeFrame(target, paint))
  } else if (target.path !== "") lines.push(`  ${paint.blue("-->")} ${visible(target.path)}`)
  lines.push(`  ${paint.green("help:")} ${help}`)
  return `${lines.join("\n")}\n`
}

/** Text without what would move a terminal: a document of strangers says nothing but letters. Lines stay lines. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  })
}

/** Characters of a line of source that are shown. */
const LONGEST_LINE = 160

function codeFrame({ file, line, column }: Finding["target"], paint: Paint): readonly string[] {
  if (file === undefined || line === undefined) return []
  let source: readonly string[]
  try {
    source = readFileSync(file, "utf8").split("\n")
  } catch {
    // The frame is a courtesy: the place is named without it.
    return []
  }
  const first = Math.max(1, line - 1)
  const last = Math.min(source.length, line + 1)
  const width = String(last).length
  const frame: string[] = []
  for (let number = first; number <= last; number += 1) {
    const gutter = `${number === line ? ">" : " "} ${String(number).padStart(width)} |`
    // Of a line that is longer than a screen, what is around the place.
    const from = column === undefined || column <= LONGEST_LINE - 20 ? 0 : column - 60
    const text = source[number - 1] ?? ""
    frame.push(`  ${paint.dim(gutter)} ${visible(text.slice(from, from + LONGEST_LINE))}`.trimEnd())
    if (number === line && column !== undefined) {
      frame.push(`  ${paint.dim(`  ${" ".repeat(width)} |`)} ${" ".repeat(column - from - 1)}${paint.red("^")}`)
    }
  }
  return frame
}
