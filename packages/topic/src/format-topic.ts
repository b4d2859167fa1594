import { MAXIMUM_TOPIC_BYTES, utf8Length } from "./characters.js"
import type { TopicIssue, TopicResult } from "./issue.js"
import { type ParamSpec, refuseParam } from "./param.js"
import type { Template } from "./template.js"

export interface FormatOptions {
  readonly specs?: readonly ParamSpec[]
  /** Deployment prefix without a slash at its end, such as `acme/staging` (T-4). */
  readonly prefix?: string
}

/** The topic for a set of params. Every param is checked before anything leaves (T-2). */
export function formatTopic(
  template: Template,
  params: Readonly<Record<string, string>>,
  options: FormatOptions = {},
): TopicResult<string> {
  const issues: TopicIssue[] = []
  const levels = template.levels.map((level, index) => {
    if (level.kind === "literal") return level.text
    const value = Object.hasOwn(params, level.name) ? params[level.name] : undefined
    const issue = refuseLevel(index, level.name, value, options.specs)
    if (issue !== undefined) issues.push(issue)
    return value
  })
  for (const name of Object.keys(params)) {
    if (!template.params.includes(name))
      issues.push({ code: "unknown-param", message: `${template.text} has no param ${name}`, param: name })
  }
  if (issues.length > 0) return { ok: false, issues }
  const topic = withPrefix(options.prefix, levels.join("/"))
  if (utf8Length(topic) > MAXIMUM_TOPIC_BYTES)
    return { ok: false, issues: [{ code: "too-long", message: `a topic has at most ${MAXIMUM_TOPIC_BYTES} octets` }] }
  return { ok: true, value: topic }
}

/** The filter that subscribes to a template: bound params keep their value, the others become `+` (T-3). */
export function formatFilter(
  template: Template,
  bound: Readonly<Record<string, string>> = {},
  options: FormatOptions = {},
): TopicResult<string> {
  const issues: TopicIssue[] = []
  const levels = template.levels.map((level, index) => {
    if (level.kind === "literal") return level.text
    if (!Object.hasOwn(bound, level.name)) return "+"
    const issue = refuseLevel(index, level.name, bound[level.name], options.specs)
    if (issue !== undefined) issues.push(issue)
    return bound[level.name]
  })
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: withPrefix(options.prefix, levels.join("/")) }
}

/** Why a deployment prefix cannot be used; undefined when it can. Its first level may begin with `$` (T-1). */
export function refusePrefix(prefix: string): TopicIssue | undefined {
  for (const level of prefix.split("/")) {
    const issue = refuseParam("topicPrefix", level)
    if (issue !== undefined) return issue
  }
  return utf8Length(prefix) > MAXIMUM_TOPIC_BYTES - 2
    ? { code: "too-long", message: "topicPrefix: leaves no room for a topic" }
    : undefined
}

/** T-1: the first level never begins with `$`, so that a wildcard of a subscriber still stands for it. */
function refuseLevel(
  index: number,
  name: string,
  value: unknown,
  specs: readonly ParamSpec[] | undefined,
): TopicIssue | undefined {
  if (index === 0 && typeof value === "string" && value.startsWith("$"))
    return { code: "dollar", message: `${name}: begins with $ in the first level`, param: name, at: 0 }
  return refuseParam(name, value, specOf(specs, name))
}

function withPrefix(prefix: string | undefined, topic: string): string {
  return prefix === undefined || prefix === "" ? topic : `${prefix}/${topic}`
}

function specOf(specs: readonly ParamSpec[] | undefined, name: string): ParamSpec | undefined {
  return specs?.find((spec) => spec.name === name)
}
