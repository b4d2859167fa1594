import { type BytesIr, compilePattern, longestMatch, matchDfa, matchOutside, type StringIr } from "@fleetwire/ir"
import type { Place } from "./payload-change.js"

/** Compares two texts: lengths, pattern and format, each by the set of texts that it admits. */
export function compareStrings(old: StringIr, next: StringIr, place: Place): void {
  const sides = { old, new: next }
  if (old.minLength !== next.minLength || old.maxLength !== next.maxLength || old.maxBytes !== next.maxBytes) {
    place.addSets("length", `${lengths(old)} became ${lengths(next)}`, sides, lengthIncludes)
  }
  if (old.pattern !== next.pattern) {
    const what = `${old.pattern ?? "any text"} became ${next.pattern ?? "any text"}`
    place.addSets("pattern", what, sides, patternIncludes)
  }
  if (old.format !== next.format) {
    const what = `${old.format ?? "any text"} became ${next.format ?? "any text"}`
    place.addSets("format", what, sides, formatIncludes)
  }
}

/** Compares two octet strings by their lengths. */
export function compareBytes(old: BytesIr, next: BytesIr, place: Place): void {
  if (old.minLength === next.minLength && old.maxLength === next.maxLength) return
  const words = (of: BytesIr) => `${of.minLength ?? 0} to ${of.maxLength ?? "any number of"} octets`
  place.addSets("length", `${words(old)} became ${words(next)}`, { old, new: next }, (outer, inner) => {
    const high = outer.maxLength ?? Number.POSITIVE_INFINITY
    return (inner.minLength ?? 0) >= (outer.minLength ?? 0) && (inner.maxLength ?? Number.POSITIVE_INFINITY) <= high
  })
}

/** Whether every text of the inner type is surely one of the outer type. */
export function stringIncludes(outer: StringIr, inner: StringIr): boolean {
  return lengthIncludes(outer, inner) && patternIncludes(outer, inner) && formatIncludes(outer, inner)
}

/** Whether a text is one of the type. A format is not looked into: such a text is none. */
export function admitsText(type: StringIr, text: string): boolean {
  const points = [...text].length
  if (points < (type.minLength ?? 0) || points > (type.maxLength ?? Number.POSITIVE_INFINITY)) return false
  if (type.maxBytes !== undefined && new TextEncoder().encode(text).length > type.maxBytes) return false
  if (type.pattern !== undefined) {
    const dfa = compilePattern(type.pattern)
    if (!dfa.ok || !matchDfa(dfa.value, text)) return false
  }
  return type.format === undefined
}

function lengths({ minLength, maxLength, maxBytes }: StringIr): string {
  const most = maxLength === undefined ? "any number of" : String(maxLength)
  return `${minLength ?? 0} to ${most} characters${maxBytes === undefined ? "" : `, ${maxBytes} octets`}`
}

function lengthIncludes(outer: StringIr, inner: StringIr): boolean {
  const extent = extentOf(inner)
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = outer
  return extent.least >= minLength && extent.most <= maxLength && extent.octets <= maxBytes
}

/** Code points and octets that texts of a type have, its pattern taken into account. */
function extentOf(type: StringIr): { readonly least: number; readonly most: number; readonly octets: number } {
  const dfa = type.pattern === undefined ? undefined : compilePattern(type.pattern)
  const weighed = (weigh?: (from: number, to: number) => number) =>
    (dfa?.ok ? longestMatch(dfa.value, weigh) : undefined) ?? Number.POSITIVE_INFINITY
  const most = Math.min(type.maxLength ?? Number.POSITIVE_INFINITY, weighed())
  const perPoint = weighed((_, to) => (to < 0x80 ? 1 : to < 0x800 ? 2 : to < 0x10000 ? 3 : 4))
  const octets = Math.min(type.maxBytes ?? Number.POSITIVE_INFINITY, 4 * most, perPoint)
  return { least: Math.max(type.minLength ?? 0, shortest(type)), most: Math.min(most, octets), octets }
}

/** Least code points that the pattern of a type demands. */
function shortest({ pattern }: StringIr): number {
  const dfa = pattern === undefined ? undefined : compilePattern(pattern)
  if (dfa === undefined || !dfa.ok) return 0
  const { states } = dfa.value
  let layer = new Set([0])
  for (let length = 0; length <= states.length; length++) {
    if ([...layer].some((state) => states[state]!.accepting)) return length
    layer = new Set([...layer].flatMap((state) => states[state]!.edges.map(({ target }) => target)))
  }
  return 0
}

function patternIncludes(outer: StringIr, inner: StringIr): boolean {
  if (outer.pattern === undefined || outer.pattern === inner.pattern) return true
  if (inner.pattern === undefined) return false
  const [wide, narrow] = [compilePattern(outer.pattern), compilePattern(inner.pattern)]
  return wide.ok && narrow.ok && matchOutside(narrow.value, wide.value) === undefined
}

function formatIncludes(outer: StringIr, inner: StringIr): boolean {
  return outer.format === undefined || outer.format === inner.format
}
