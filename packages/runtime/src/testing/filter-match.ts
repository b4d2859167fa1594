/** True when a topic fits a filter with `+` and `#`; topics that begin with `$` fit no filter that begins with a wildcard. */
export function filterMatches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) return false
  const wanted = filter.split("/")
  const levels = topic.split("/")
  for (let index = 0; index < wanted.length; index++) {
    const want = wanted[index]
    if (want === "#") return true
    if (index >= levels.length) return false
    if (want !== "+" && want !== levels[index]) return false
  }
  return wanted.length === levels.length
}
