import type { EnumIr, EnumValueIr, Format } from "@fleetwire/ir"
import type { Direction, Outcome } from "./outcome.js"
import type { Place } from "./payload-change.js"

/** A value of each version that means the same. */
interface Pair {
  readonly old?: EnumValueIr
  readonly new?: EnumValueIr
}

/** Compares two enums value by value: by name where names travel, by number where numbers do. */
export function compareEnums(old: EnumIr, next: EnumIr, place: Place): void {
  const sides = { old, new: next }
  const pairs = pairValues(old.values, next.values)
  if (old.open !== next.open) {
    const code = next.open ? "type/enum-opened" : "type/enum-closed"
    const what = next.open ? "closed became open" : "open became closed"
    place.add(code, what, sides, (sender, reader) => (sender.open && !reader.open ? "refused" : "ok"))
  }
  if (old.compactAs !== next.compactAs) {
    const words = (of: EnumIr) => (of.compactAs === "number" ? "numbers" : "names")
    const what = `compact JSON: ${words(old)} became ${words(next)}`
    place.add("type/enum-compact-changed", what, sides, (_s, _r, format) => (format === "compact" ? "refused" : "ok"))
  }
  for (const pair of pairs) compareValue(pair, pairs, { old, new: next, place })
  const kept = (of: readonly EnumValueIr[], side: keyof Pair) =>
    of.flatMap((value) => {
      const pair = pairs.find((one) => one[side] === value)
      return pair?.old === undefined || pair.new === undefined ? [] : [pairs.indexOf(pair)]
    })
  if (kept(old.values, "old").join() !== kept(next.values, "new").join()) {
    place.add("type/enum-order-changed", "the order of values changed", sides, () => "ok")
  }
}

interface Enums {
  readonly old: EnumIr
  readonly new: EnumIr
  readonly place: Place
}

function compareValue(pair: Pair, pairs: readonly Pair[], { old, new: next, place }: Enums): void {
  const judge = (direction: Direction, format: Format): Outcome => {
    const [sender, reader] = direction === "forward" ? [old, next] : [next, old]
    const sent = direction === "forward" ? pair.old : pair.new
    return sent === undefined ? "ok" : flow(sent, sender, reader, pairs, format)
  }
  const add = (code: Parameters<Place["add"]>[0], what: string) =>
    place.changes.push({ code, at: place.at, what, judge })
  const { old: before, new: after } = pair
  if (before === undefined) {
    const clash = old.values.find(({ number }) => number === after!.number)
    if (clash === undefined) add("type/enum-value-added", `${after!.name} was added`)
    else {
      const what = `${after!.name} has the number ${after!.number}, which was that of ${clash.name}`
      add("type/enum-number-reused", what)
    }
  } else if (after === undefined) {
    add("type/enum-value-removed", `${before.name} was removed`)
  } else {
    if (before.name !== after.name) add("type/enum-value-renamed", `${before.name} became ${after.name}`)
    if (before.number !== after.number)
      add("type/enum-number-changed", `${after.name}: number ${before.number} became ${after.number}`)
    if (before.doc !== after.doc || before.deprecated !== after.deprecated)
      place.add("type/annotation-changed", `what is said about ${after.name} changed`, { old, new: next }, () => "ok")
  }
}

function flow(sent: EnumValueIr, sender: EnumIr, reader: EnumIr, pairs: readonly Pair[], format: Format): Outcome {
  const meant = pairs.find((pair) => pair.old === sent || pair.new === sent)
  const isMeant = (found: EnumValueIr) => meant?.old === found || meant?.new === found
  const byNumber =
    format === "protobuf" || (format === "compact" && sender.compactAs === "number" && reader.compactAs === "number")
  const found = reader.values.find((one) => (byNumber ? one.number === sent.number : one.name === sent.name))
  if (found !== undefined) return isMeant(found) ? "ok" : "misread"
  if (!reader.open) return "refused"
  // An open reader takes what it does not know as unknown: wrong where it does know the value under another spelling.
  return reader.values.some(isMeant) ? "misread" : "ok"
}

function pairValues(old: readonly EnumValueIr[], next: readonly EnumValueIr[]): readonly Pair[] {
  const taken = new Set<EnumValueIr>()
  const pairs: Pair[] = next.map((value) => {
    const same = old.find(({ name }) => name === value.name)
    const renamed = old.find((one) => {
      const declared = value.was?.includes(one.name) === true || one.was?.includes(value.name) === true
      return declared && !next.some(({ name }) => name === one.name)
    })
    const before = same ?? (renamed !== undefined && !taken.has(renamed) ? renamed : undefined)
    if (before === undefined) return { new: value }
    taken.add(before)
    return { old: before, new: value }
  })
  return [...pairs, ...old.filter((value) => !taken.has(value)).map((value) => ({ old: value }))]
}
