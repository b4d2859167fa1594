import { type Code, code, string } from "../../core/code.js"

/** An expression that is a function from a string to whether the pattern fits all of it. */
export function patternTest(pattern: string): Code {
  return code`(value: string): boolean => new RegExp(${string(`^(?:${pattern})$`)}, "u").test(value)`
}
