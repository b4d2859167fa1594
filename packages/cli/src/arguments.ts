import { parseArgs } from "node:util"
import { Misuse } from "./exit-code.js"
import { nearest } from "./nearest.js"

/** Options a sub-command takes: name → whether a value follows, and how often. */
export type OptionSpecs = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly short?: string; readonly multiple?: boolean }>
>

type ValueOf<S extends OptionSpecs[string]> = S["type"] extends "boolean"
  ? boolean
  : S extends { readonly multiple: true }
    ? readonly string[]
    : string

/** Arguments of a sub-command, taken apart. */
export interface Arguments<S extends OptionSpecs> {
  readonly options: { readonly [K in keyof S]?: ValueOf<S[K]> }
  readonly rest: readonly string[]
}

/** Takes arguments apart; what is unknown is misuse. */
export function parseArguments<const S extends OptionSpecs>(argv: readonly string[], specs: S): Arguments<S> {
  try {
    const options = specs as unknown as Record<string, { type: "string" | "boolean" }>
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
    return { options: values as Arguments<S>["options"], rest: positionals }
  } catch (error) {
    throw new Misuse(wordsFor(error as NodeJS.ErrnoException, argv, specs))
  }
}

/** What is wrong with the arguments; the platform's own words speak to programmers. */
function wordsFor({ code, message }: NodeJS.ErrnoException, argv: readonly string[], specs: OptionSpecs): string {
  const named = /'(?:-\w, )?--([\w-]+)(?: <value>)?'/.exec(message)?.[1]
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const given = /'([^']+)'/.exec(message)?.[1] ?? argv.join(" ")
    const known = Object.keys(specs)
    const near = nearest(given.replace(/^-+/, ""), known)
    const all =
      known.length === 0 ? "this command takes none" : `known are ${known.map((one) => `--${one}`).join(", ")}`
    return `there is no option ${given}${near === undefined ? `; ${all}` : `; is it --${near}?`}`
  }
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE" && named !== undefined) {
    if (specs[named]?.type === "boolean") return `--${named} takes no value`
    const next = argv[argv.findIndex((one) => one === `--${named}` || one === `-${specs[named]?.short}`) + 1]
    return next === undefined
      ? `--${named} needs a value`
      : `--${named} needs a value, and ${next} looks like another option; a value that begins with a hyphen is written --${named}=${next}`
  }
  return message
}
