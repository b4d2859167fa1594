import { type ContractIr, contractLegs } from "@fleetwire/ir"
import { formatFilter, parseTemplate } from "@fleetwire/topic"

/**
 * The filters that select every topic of a contract, without those that another one covers: a broker may send one message
 * once for each filter that it fits. `wide` takes everything below the first levels instead, so that topics which nobody
 * declared are seen as well; a template that begins with a param has no first level to go by and keeps its filter.
 */
export function monitorFilters(
  ir: ContractIr,
  options: { readonly prefix?: string; readonly wide?: boolean } = {},
): readonly string[] {
  const { prefix, wide = false } = options
  const filters = new Set<string>()
  for (const { leg } of contractLegs(ir)) {
    const template = parseTemplate(leg.topic)
    if (!template.ok) continue
    const first = template.value.levels[0]!
    if (wide && first.kind === "literal")
      filters.add(prefix === undefined ? `${first.text}/#` : `${prefix}/${first.text}/#`)
    else {
      const filter = formatFilter(template.value, {}, prefix === undefined ? {} : { prefix })
      if (filter.ok) filters.add(filter.value)
    }
  }
  const all = [...filters].sort()
  return all.filter((filter) => !all.some((other) => other !== filter && covers(other, filter)))
}

/** Whether every topic that `inner` selects is selected by `outer` too. */
function covers(outer: string, inner: string): boolean {
  const wanted = outer.split("/")
  const levels = inner.split("/")
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true
    if (index >= levels.length || levels[index] === "#") return false
    if (level !== "+" && level !== levels[index]) return false
  }
  return wanted.length === levels.length
}
