import { forbiddenAt, MAXIMUM_TOPIC_BYTES, showCodePoint, utf8Length } from "./characters.js"
import type { TopicIssue, TopicResult } from "./issue.js"

/** One level of a template: a literal, or the name of a param. */
export type Level =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }

/** A topic template, taken apart (T-1). */
export interface Template {
  readonly text: string
  readonly levels: readonly Level[]
  /** Names of its params in order of appearance. */
  readonly params: readonly string[]
}

/** Takes a template apart. Every mistake is an issue with its position; all of them are found. */
export function parseTemplate(text: string): TopicResult<Template> {
  const issues: TopicIssue[] = []
  if (text === "") return { ok: false, issues: [{ code: "empty", message: "a topic has at least one level", at: 0 }] }
  const levels: Level[] = []
  const params: string[] = []
  let at = 0
  for (const level of text.split("/")) {
    const name = level.length > 1 && level.startsWith("{") && level.endsWith("}") ? level.slice(1, -1) : undefined
    if (level === "") issues.push({ code: "empty-level", message: `level ${levels.length + 1} is empty`, at })
    else if (name === undefined) checkLiteral(level, at, levels.length === 0, issues)
    else if (!isParamName(name)) {
      issues.push({ code: "param-name", message: `${JSON.stringify(name)} is not a param's name`, at, param: name })
    } else if (params.includes(name)) {
      issues.push({ code: "duplicate-param", message: `the param ${name} stands twice`, at, param: name })
    }
    levels.push(name === undefined ? { kind: "literal", text: level } : { kind: "param", name })
    if (name !== undefined) params.push(name)
    at += level.length + 1
  }
  if (issues.length === 0 && utf8Length(text) > MAXIMUM_TOPIC_BYTES)
    issues.push({ code: "too-long", message: `a topic has at most ${MAXIMUM_TOPIC_BYTES} octets` })
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: { text, levels, params } }
}

/** A letter or `_`, then letters, digits or `_`, all ASCII: a name in every target language. */
function isParamName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    const letter = (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f
    if (!letter && (i === 0 || unit < 0x30 || unit > 0x39)) return false
  }
  return name !== ""
}

function checkLiteral(level: string, start: number, first: boolean, issues: TopicIssue[]): void {
  if (first && level.startsWith("$"))
    issues.push({ code: "dollar", message: "the first level begins with $, which belongs to the broker", at: start })
  for (let i = 0; i < level.length; i++) {
    const character = level[i]!
    const at = start + i
    if (character === "+" || character === "#")
      issues.push({ code: "wildcard", message: `${character} is a wildcard of filters`, at })
    else if (character === "{" || character === "}")
      issues.push({ code: "brace", message: "a param fills a whole level: {name}", at })
    else {
      const forbidden = forbiddenAt(level, i)
      if (forbidden !== undefined)
        issues.push({ code: forbidden, message: `${showCodePoint(level, i)} may not stand in a topic`, at })
      if (level.codePointAt(i)! > 0xffff) i++
    }
  }
}
