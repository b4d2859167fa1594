import type { HelpOption, HelpPage } from "./help-page.js"
import { HELP_PAGES } from "./help-pages.js"

/** Characters of a line of help. */
const WIDTH = 92

/** What `fleetwire --help` prints: where to begin, and every command with one line. */
export function formatHelp(): string {
  const widest = Math.max(...Object.keys(HELP_PAGES).map((name) => name.length))
  return [
    "fleetwire: one contract for an MQTT fleet",
    "",
    "Begin",
    "  fleetwire init my-fleet             a contract that compiles; change it, then",
    "  fleetwire generate my-fleet         typed SDKs for devices and controllers",
    "  fleetwire check --against main      in CI: stop the change that would strand a device",
    "",
    "Commands",
    ...Object.entries(HELP_PAGES).map(([name, { summary }]) => `  ${name.padEnd(widest)}  ${summary}`),
    "",
    "`fleetwire <command> --help` says more of one; `--json` is understood by all that print results.",
    "Exit codes: 0 clean, 1 findings or stale output, 2 wrong use or a bug.",
    "",
  ].join("\n")
}

/** What `fleetwire <command> --help` prints; undefined for a command that is not known. */
export function formatCommandHelp(name: string): string | undefined {
  const page = Object.hasOwn(HELP_PAGES, name) ? HELP_PAGES[name] : undefined
  return page === undefined ? undefined : formatPage(name, page)
}

function formatPage(name: string, { usage, summary, notes, options, examples }: HelpPage): string {
  const forms = options.map(formOf)
  const widest = Math.min(30, Math.max(0, ...forms.map((form) => form.length)))
  return [
    `fleetwire ${name}: ${summary}`,
    "",
    `  fleetwire ${name}${usage === "" ? "" : ` ${usage}`}`,
    "",
    ...notes.flatMap((note) => [...wrap(note, WIDTH), ""]),
    ...(options.length === 0 ? [] : ["Options"]),
    ...options.flatMap((one, index) => optionLines(forms[index]!, one.text, widest)),
    ...(options.length === 0 ? [] : [""]),
    "Examples",
    ...examples.flatMap(([line, purpose]) => [...(purpose === "" ? [] : [`  # ${purpose}`]), `  ${line}`]),
    "",
  ].join("\n")
}

function formOf({ short, name, value }: HelpOption): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` <${value}>`}`
}

function optionLines(form: string, text: string, widest: number): readonly string[] {
  const [first = "", ...rest] = wrap(text, WIDTH - widest - 4)
  const margin = " ".repeat(widest + 4)
  const body = rest.map((line) => `${margin}${line}`)
  if (form.length > widest) return [`  ${form}`, `${margin}${first}`, ...body]
  return [`  ${form.padEnd(widest)}  ${first}`, ...body]
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line]
}
