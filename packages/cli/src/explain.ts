import { accessCodes, cCodes, IMPORT_CODES } from "@fleetwire/codegen"
import { type Rule, rules } from "@fleetwire/compare"
import { type DiagnosticEntry, diagnosticCodes } from "@fleetwire/contract"
import { parseArguments } from "./arguments.js"
import { faultWords, issueWords, sdkErrorWords, type Words } from "./error-words.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { diffCodes, loadCodes } from "./finding.js"
import { nearest } from "./nearest.js"
import { paintFor, type Terminal } from "./terminal.js"

/** The import says each time what it decided. */
const DECIDED = {
  message: "something that the document leaves open was decided",
  help: "look at what was chosen, and change it in the contract if it is not meant",
}

/** What there is to say about one code. */
export interface Explanation {
  readonly code: string
  /** Where one meets it. */
  readonly kind: string
  readonly title?: string
  readonly meaning: string
  readonly help: string
}

/** Options of the command. */
export const OPTIONS = { json: { type: "boolean" } } as const

/** `fleetwire explain CODE`: what a code means and what helps. Without a code: all of them. */
export async function explain(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const all = allExplanations()
  // A message shows its code in brackets.
  const wanted = rest.map((code) => code.replace(/^\[|\]$/g, ""))
  const found = wanted.length === 0 ? all : wanted.flatMap((code) => all.filter((one) => one.code === code))
  const missing = wanted.find((code) => !found.some((one) => one.code === code))
  if (missing !== undefined) throw new Misuse(`there is no code ${missing}${guess(missing, all)}`)
  if (options.json === true) {
    terminal.out(`${JSON.stringify(wanted.length === 1 ? found[0] : found, null, 2)}\n`)
    return EXIT.clean
  }
  const paint = paintFor(terminal)
  for (const { code, kind, title, meaning, help } of found) {
    if (wanted.length === 0) terminal.out(`${code.padEnd(38)} ${title ?? meaning}\n`)
    else {
      terminal.out(`${paint.bold(code)} ${paint.dim(`(${kind})`)}\n`)
      terminal.out(`${title === undefined ? "" : `${title}. `}${meaning}\n${paint.green("help:")} ${help}\n`)
    }
  }
  return EXIT.clean
}

/** Every code that a command, a comparison or an SDK may say, in order. */
export function allExplanations(): readonly Explanation[] {
  const ofRules = Object.entries<Rule>(rules).map(
    ([code, { title, meaning, remedy }]): Explanation => ({
      code,
      kind: "a change that `fleetwire diff` judges",
      title,
      meaning,
      help: remedy,
    }),
  )
  const ofContracts = Object.entries<DiagnosticEntry>(diagnosticCodes).map(
    ([code, entry]): Explanation => ({
      code,
      kind: `${entry.severity === "error" ? "an error" : "a warning"} of \`fleetwire check\`${entry.acceptable === true ? ", which a channel may accept" : ""}${entry.off === true ? "; off unless `severities` in package.json names it" : ""}`,
      meaning: sentence(entry.message),
      help: entry.help,
    }),
  )
  const said = (
    kind: string,
    table: Readonly<Record<string, { readonly message: string; readonly help: string }>>,
  ): readonly Explanation[] =>
    Object.entries(table).map(([code, { message, help }]) => ({ code, kind, meaning: sentence(message), help }))
  const worded = (kind: string, table: Readonly<Record<string, Words>>) =>
    Object.entries(table).map(([code, words]): Explanation => ({ code, kind, ...words }))
  return [
    ...ofContracts,
    ...said("an error of loading a contract", loadCodes),
    ...said("an older version that `fleetwire diff` cannot read", diffCodes),
    ...said("what the target `c` of `fleetwire generate` cannot carry", cCodes),
    ...said("a finding of `fleetwire access`", accessCodes),
    ...said("a finding of `fleetwire import`", { ...IMPORT_CODES, "asyncapi/decided": DECIDED }),
    ...ofRules,
    ...worded("an error of an SDK's call", sdkErrorWords),
    ...worded("an issue of a payload", issueWords),
    ...worded("a fault that `fleetwire monitor` finds in a message", faultWords).filter(
      // Where both say it, it is the same.
      ({ code }) => !(code in issueWords),
    ),
  ]
}

function sentence(message: string): string {
  return `${message[0]!.toUpperCase()}${message.slice(1)}.`
}

/** A code that was meant, if one is near; by what stands behind the slash where the whole is not. */
function guess(code: string, all: readonly Explanation[]): string {
  const codes = all.map((one) => one.code)
  const tail = (one: string) => one.split("/").at(-1)!
  const near = nearest(code, codes) ?? codes.find((one) => tail(one) === nearest(tail(code), codes.map(tail)))
  return near === undefined ? "; `fleetwire explain` lists all" : `; is it ${near}?`
}
