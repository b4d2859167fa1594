/** How the topics of one filter of a template relate to those of another. */
export type FilterRelation = "covers" | "covered" | "overlaps" | "apart"

/** Relates two filters of one template: same levels, `+` for params that are not bound. */
export function relateFilters(one: string, other: string): FilterRelation {
  const ours = one.split("/")
  const theirs = other.split("/")
  if (ours.length !== theirs.length) return "apart"
  let covers = true
  let covered = true
  for (const [index, level] of ours.entries()) {
    const counterpart = theirs[index]!
    if (level === counterpart) continue
    if (level !== "+" && counterpart !== "+") return "apart"
    if (level !== "+") covers = false
    if (counterpart !== "+") covered = false
  }
  if (covers) return "covers"
  return covered ? "covered" : "overlaps"
}
