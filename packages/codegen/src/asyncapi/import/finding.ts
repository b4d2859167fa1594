/** Everything that reading a document can find. `{…}` is filled in. */
export const IMPORT_CODES = {
  "asyncapi/not-a-document": {
    severity: "error",
    message: "this is no AsyncAPI 3 document: {problem}",
    help: "give a document whose `asyncapi` is 3.x; the AsyncAPI tools convert older ones",
  },
  "asyncapi/ref-missing": {
    severity: "warning",
    message: "{ref} leads nowhere",
    help: "what refers to it is left out: correct the reference",
  },
  "asyncapi/ref-cycle": {
    severity: "warning",
    message: "{ref} leads back to itself",
    help: "what refers to it is left out, as messages of a contract do not contain themselves: break the circle",
  },
  "asyncapi/ref-elsewhere": {
    severity: "warning",
    message: "{ref} is in another document, which was not read",
    help: "allow it: --follow reads files beside the document, --fetch reads addresses",
  },
  "asyncapi/keyword-dropped": {
    severity: "warning",
    message: "`{keyword}` is left out: {reason}",
    help: "check the rule in your handler, or say it in the contract's words",
  },
  "asyncapi/type-dropped": {
    severity: "warning",
    message: "{what} is left out: {reason}",
    help: "describe it by a type that every target can carry",
  },
  "asyncapi/message-dropped": {
    severity: "warning",
    message: "the message {name} is left out: {reason}",
    help: "describe its payload by JSON Schema",
  },
  "asyncapi/channel-dropped": {
    severity: "warning",
    message: "the channel {name} is left out: {reason}",
    help: "add it to the contract by hand, if it belongs there",
  },
  "asyncapi/operation-dropped": {
    severity: "warning",
    message: "the operation {name} is left out: {reason}",
    help: "add it to the contract by hand, if it belongs there",
  },
  "asyncapi/reply-dropped": {
    severity: "warning",
    message: "the reply of {name} is left out: {reason}",
    help: "name a reply topic and a correlation id, and make it a command",
  },
  "asyncapi/param-dropped": {
    severity: "warning",
    message: "`{keyword}` of the parameter {name} is left out: {reason}",
    help: "say it by the param's pattern",
  },
  "asyncapi/part-dropped": {
    severity: "note",
    message: "{what} is left out: {reason}",
    help: "it has its place outside a contract",
  },
  "asyncapi/decided": {
    severity: "note",
    message: "{what}",
    help: "{help}",
  },
  "asyncapi/nothing-left": {
    severity: "error",
    message: "no channel of the document can be carried",
    help: "see what was left out above",
  },
} as const

export type ImportCode = keyof typeof IMPORT_CODES

/** What an import dropped, decided, or could not read. */
export interface ImportFinding {
  readonly code: ImportCode
  readonly severity: "error" | "warning" | "note"
  readonly message: string
  readonly help: string
  /** Address of the document, and JSON Pointer into it. */
  readonly target: { readonly document: string; readonly path: string }
}

/** Collects findings; the same one twice is one. */
export class ImportReport {
  readonly #findings = new Map<string, ImportFinding>()
  /** References that lead nowhere or in a circle, each time that one is met. */
  broken = 0

  add(code: ImportCode, target: ImportFinding["target"], values: Readonly<Record<string, string>> = {}): void {
    if (code === "asyncapi/ref-missing" || code === "asyncapi/ref-cycle") this.broken++
    const { severity, message, help } = IMPORT_CODES[code]
    const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
    const finding = { code, severity, message: fill(message), help: fill(help), target }
    this.#findings.set(`${code}\0${target.document}\0${target.path}\0${finding.message}`, finding)
  }

  get findings(): readonly ImportFinding[] {
    return [...this.#findings.values()]
  }
}
