/** Characters that Markdown, HTML or a Vue template would read as more than text. */
const special = /[\\`*_{}[\]<>&|#~]/g

/** Text of a contract as Markdown that shows exactly this text, on one line. */
export function words(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(special, (c) => `&#${c.codePointAt(0)};`)
}

/** Text in the typeface of code, inside a line or a table cell. */
export function code(text: string): string {
  if (/^\S(?:[^`|\n]*\S)?$/.test(text) && !/[`|\n]/.test(text)) return `\`${text}\``
  // A table cell ends at `|` even inside a code span, and a code span cannot begin with its own mark.
  const shown = text.replaceAll(/[&<>|{}`*_[\]\\]/g, (c) => `&#${c.codePointAt(0)};`)
  return `<code>${shown.replaceAll(/\s/g, "&#32;")}</code>`
}

/** A table; cells are Markdown of one line. Without rows: nothing. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => (cell === "" ? " " : cell)).join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""]
}

/** A block of text that is shown as it is. */
export function fence(language: string, text: string): string[] {
  let mark = "```"
  while (text.includes(mark)) mark += "`"
  return [`${mark}${language}`, ...text.split("\n"), mark, ""]
}

/** Anchor of a heading that was printed from a name of the contract. */
export function anchor(kind: string, name: string): string {
  return `${kind}-${name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}`
}
