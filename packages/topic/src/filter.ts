import { forbiddenAt, MAXIMUM_TOPIC_BYTES, showCodePoint, utf8Length } from "./characters.js"
import type { TopicIssue } from "./issue.js"

/**
 * Why a text is no MQTT filter (MQTT 5, 4.7.1); undefined when it is one. Empty levels are legal in filters and topics of
 * others, though no template makes them.
 */
export function refuseFilter(filter: string): TopicIssue | undefined {
  if (filter === "") return { code: "empty", message: "a filter has at least one character", at: 0 }
  let at = 0
  const levels = filter.split("/")
  for (const [index, level] of levels.entries()) {
    const wildcard = firstWildcard(level)
    if (wildcard !== -1) {
      const alone = level.length === 1
      if (!alone)
        return { code: "wildcard", message: `${level[wildcard]} does not stand alone in its level`, at: at + wildcard }
      if (level === "#" && index !== levels.length - 1)
        return { code: "wildcard", message: "# is not the last level", at }
    }
    at += level.length + 1
  }
  for (let i = 0; i < filter.length; i++) {
    const forbidden = forbiddenAt(filter, i)
    if (forbidden === "surrogate" || filter.charCodeAt(i) === 0)
      return { code: forbidden ?? "character", message: `${showCodePoint(filter, i)} may not stand in a filter`, at: i }
    if (filter.codePointAt(i)! > 0xffff) i++
  }
  return utf8Length(filter) > MAXIMUM_TOPIC_BYTES
    ? { code: "too-long", message: `a filter has at most ${MAXIMUM_TOPIC_BYTES} octets` }
    : undefined
}

function firstWildcard(level: string): number {
  for (let i = 0; i < level.length; i++) if (level[i] === "+" || level[i] === "#") return i
  return -1
}

/**
 * Whether a valid filter selects a topic, as a broker decides: `+` is one level, `#` the rest and the level above it, and
 * neither stands for a first level that begins with `$` (MQTT 5, 4.7.2).
 */
export function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split("/")
  const levels = topic.split("/")
  if (topic.startsWith("$") && (wanted[0] === "+" || wanted[0] === "#")) return false
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true
    if (index >= levels.length) return false
    if (level !== "+" && level !== levels[index]) return false
  }
  return wanted.length === levels.length
}
