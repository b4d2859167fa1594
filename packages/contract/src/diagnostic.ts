import { type DiagnosticCode, type DiagnosticEntry, diagnosticCodes } from "./diagnostic-codes.js"
import { type Origin, readOrigin } from "./origin.js"

/** A fact about a contract or its lock that its author should know. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  /** `note`: an error or warning that the channel accepts, with the reason in `accepted`. */
  readonly severity: "error" | "warning" | "note"
  /** One sentence without a full stop. */
  readonly message: string
  readonly target: Target
  /** What to do. */
  readonly help: string
  readonly accepted?: string
}

/** Where a diagnostic belongs: the place of the nearest builder, and the path inside the contract. */
export interface Target {
  /** As the JavaScript engine named it; a loader maps it back to the source. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
  readonly column?: number
  /** Such as `channels.drive.reply` or `Telemetry.sensors.gps`. */
  readonly path: string
}

/** A place in the contract that something can be said about. */
export interface Place {
  readonly path: string
  readonly at?: Origin | undefined
}

/** Collects diagnostics; every check goes on after a mistake, so that all of them are seen at once. */
export class Report {
  readonly #found: { readonly diagnostic: Diagnostic; readonly order: number }[] = []
  #failed = false
  readonly #rules: ReadonlySet<string>

  /** `rules` are codes that are off by themselves, and are wanted. */
  constructor(rules: readonly string[] = []) {
    this.#rules = new Set(rules)
  }

  /** Whether an error was added. */
  get failed(): boolean {
    return this.#failed
  }

  /** Adds a diagnostic; `accept` is the table of the channel it concerns. */
  add<C extends DiagnosticCode>(
    code: C,
    place: Place,
    values: Readonly<Record<string, string | number>> = {},
    accept?: Acceptance,
  ): void {
    const entry: DiagnosticEntry = diagnosticCodes[code]
    const reason = entry.acceptable === true ? accept?.take(code) : undefined
    if (entry.off === true && !this.#rules.has(code)) return
    if (reason === undefined && entry.severity === "error") this.#failed = true
    const diagnostic: Diagnostic = {
      code,
      severity: reason === undefined ? entry.severity : "note",
      message: fill(entry.message, values),
      target: { ...readOrigin(place.at), path: shorten(place.path, LONGEST_PATH) },
      help: fill(entry.help, values),
      ...(reason !== undefined && { accepted: reason }),
    }
    this.#found.push({ diagnostic, order: this.#found.length })
  }

  /** Everything found, once each, by path and then in order of discovery. */
  finish(): readonly Diagnostic[] {
    const seen = new Set<string>()
    return this.#found
      .filter(({ diagnostic: { code, message, target } }) => {
        const key = `${code}\n${target.path}\n${message}`
        return !seen.has(key) && seen.add(key)
      })
      .sort((a, b) => compare(a.diagnostic.target.path, b.diagnostic.target.path) || a.order - b.order)
      .map(({ diagnostic }) => diagnostic)
  }
}

/** The `accept` table of a channel, which knows what of it was needed. */
export class Acceptance {
  readonly #reasons: Readonly<Record<string, string>>
  readonly #used = new Set<string>()

  constructor(reasons: Readonly<Record<string, string>> = {}) {
    this.#reasons = reasons
  }

  /** The reason for a code, which then counts as needed. */
  take(code: string): string | undefined {
    if (!Object.hasOwn(this.#reasons, code)) return undefined
    this.#used.add(code)
    return this.#reasons[code]
  }

  /** Whether there is a reason for a code. */
  has(code: string): boolean {
    return Object.hasOwn(this.#reasons, code)
  }

  /** Codes that nothing was accepted for. */
  unused(): readonly string[] {
    return Object.keys(this.#reasons).filter((code) => !this.#used.has(code))
  }
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    shorten(String(values[name] ?? whole), SENTENCES.has(name) ? LONGEST_SENTENCE : LONGEST_QUOTE),
  )
}

/** Characters that are quoted of what an author wrote, which may be as long as a file. */
const LONGEST_QUOTE = 80
const LONGEST_PATH = 200
/** Values that are words of ours around what an author wrote, or lists of what is known. */
const LONGEST_SENTENCE = 1000
const SENTENCES: ReadonlySet<string> = new Set([
  "advice",
  "expected",
  "example",
  "help",
  "known",
  "languages",
  "problem",
  "remedy",
  "suggestion",
])

function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = [...text.slice(0, most)].slice(0, most - 20).join("")
  return `${kept}… (${text.length} characters)`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
