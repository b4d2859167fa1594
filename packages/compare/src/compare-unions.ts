import type { Format, TypeIr, UnionBranchIr, UnionIr } from "@fleetwire/ir"
import { compareFields } from "./compare-fields.js"
import type { Direction, Outcome } from "./outcome.js"
import type { Place } from "./payload-change.js"
import type { RuleCode } from "./rules.js"

/** Compares two tagged unions: the tag, the branches, and the fields of those that both have. */
export function compareUnions(
  old: UnionIr,
  next: UnionIr,
  place: Place,
  inside: (old: TypeIr, next: TypeIr, place: Place) => void,
): void {
  const sides = { old, new: next }
  if (old.tag !== next.tag) {
    const what = `the tag ${old.tag} became ${next.tag}`
    place.add("type/tag-changed", what, sides, (_s, _r, format) => (format === "protobuf" ? "ok" : "refused"))
  }
  const values = new Set([...old.branches, ...next.branches].map(({ value }) => value))
  for (const value of values) {
    const before = old.branches.find((branch) => branch.value === value)
    const after = next.branches.find((branch) => branch.value === value)
    const here = place.into(`<${value}>`)
    const judge = (direction: Direction, format: Format): Outcome => {
      const sent = direction === "forward" ? before : after
      const reader = direction === "forward" ? next : old
      return sent === undefined ? "ok" : branchFlow(sent, reader, format)
    }
    const add = (code: RuleCode, what: string) => here.changes.push({ code, at: here.at, what, judge })
    if (before === undefined) {
      const clash = old.branches.find(({ number }) => number === after!.number)
      if (clash === undefined) add("type/branch-added", `${value} was added`)
      else
        add("type/branch-number-reused", `${value} has the number ${after!.number}, which was that of ${clash.value}`)
    } else if (after === undefined) add("type/branch-removed", `${value} was removed`)
    else {
      if (before.number !== after.number)
        add("type/branch-number-changed", `${value}: number ${before.number} became ${after.number}`)
      compareFields(before.type, after.type, here, inside)
    }
  }
}

function branchFlow(sent: UnionBranchIr, reader: UnionIr, format: Format): Outcome {
  if (format !== "protobuf") return reader.branches.some(({ value }) => value === sent.value) ? "ok" : "refused"
  const found = reader.branches.find(({ number }) => number === sent.number)
  return found === undefined ? "refused" : found.value === sent.value ? "ok" : "misread"
}
