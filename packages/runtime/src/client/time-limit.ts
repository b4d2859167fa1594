import { SdkError } from "../sdk-error.js"

/** A caller's time limit in milliseconds, or the usual one. Throws `invalid_argument` for what is no time. */
export function timeLimit(option: string, given: number | undefined, usual: number): number {
  if (given === undefined) return usual
  if (typeof given === "number" && given > 0) return given
  throw new SdkError("invalid_argument", `${option}: more than 0 milliseconds are expected, not ${String(given)}`)
}
