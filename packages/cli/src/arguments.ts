import { parseArgs } from "node:util"
import { Misuse } from "./exit-code.js"

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
    throw new Misuse(error instanceof Error ? error.message : String(error))
  }
}
