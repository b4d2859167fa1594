import { codePointLength, forbiddenAt, showCodePoint } from "./characters.js"
import type { TopicIssue } from "./issue.js"

/** What values a param takes. Generated code has these; a param without a spec takes any level. */
export interface ParamSpec {
  readonly name: string
  /** Code points. */
  readonly maxLength: number
  /** Values refused because a topic of the contract has them as a literal (T-5). */
  readonly reserved: readonly string[]
  readonly test?: (value: string) => boolean
  /** Pattern as written, for messages. */
  readonly pattern?: string
}

/** Why a value may not stand for a param (T-2, T-5); undefined when it may. */
export function refuseParam(name: string, value: unknown, spec?: ParamSpec): TopicIssue | undefined {
  const issue = (code: TopicIssue["code"], message: string, at?: number): TopicIssue => ({
    code,
    message: `${name}: ${message}`,
    param: name,
    ...(at !== undefined && { at }),
  })
  if (typeof value !== "string") return issue("missing-param", value === undefined ? "is missing" : "is not a string")
  if (value === "") return issue("empty-level", "is empty")
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    // / + # { }
    if (unit === 0x2f || unit === 0x2b || unit === 0x23 || unit === 0x7b || unit === 0x7d)
      return issue(unit === 0x2b || unit === 0x23 ? "wildcard" : "character", `${value[i]} may not stand in a level`, i)
    const forbidden = forbiddenAt(value, i)
    if (forbidden !== undefined) return issue(forbidden, `${showCodePoint(value, i)} may not stand in a topic`, i)
    if (unit >= 0xd800 && unit < 0xdc00) i++
  }
  if (spec === undefined) return undefined
  if (codePointLength(value) > spec.maxLength) return issue("too-long", `has more than ${spec.maxLength} characters`)
  if (spec.reserved.includes(value)) return issue("reserved", `${JSON.stringify(value)} is reserved by the contract`)
  if (spec.test !== undefined && !spec.test(value))
    return issue("pattern", `${JSON.stringify(value)} does not match ${spec.pattern ?? "its pattern"}`)
  return undefined
}
