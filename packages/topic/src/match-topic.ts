import type { Template } from "./template.js"

/** Params of a topic that fits the template, or undefined. Levels are compared one by one, to the end (T-3). */
export function matchTopic(template: Template, topic: string): Record<string, string> | undefined {
  const { levels } = template
  const params: Record<string, string> = {}
  let at = 0
  for (let i = 0; i < levels.length; i++) {
    const slash = topic.indexOf("/", at)
    const last = i === levels.length - 1
    if ((slash === -1) !== last) return undefined
    const end = last ? topic.length : slash
    const level = levels[i]!
    if (level.kind === "literal") {
      if (end - at !== level.text.length || !topic.startsWith(level.text, at)) return undefined
    } else {
      if (end === at || (i === 0 && topic.startsWith("$"))) return undefined
      params[level.name] = topic.slice(at, end)
    }
    at = end + 1
  }
  return params
}
