import { compilePattern, type StringFormat, type StringIr, sampleMatch } from "@fleetwire/ir"
import type { NextRandom } from "./random-value.js"

/** How often a text is drawn before a pattern is held to have none within the bounds. */
const ATTEMPTS = 200

/**
 * A text that has the type's pattern or format and keeps its bounds; undefined where none was found, or where the type
 * has both a pattern and a format.
 */
export function sampleString(type: StringIr, next: NextRandom): string | undefined {
  if (type.pattern !== undefined && type.format !== undefined) return undefined
  const compiled = type.pattern === undefined ? undefined : compiledOnce(type, type.pattern)
  if (compiled?.ok === false) return undefined
  const soft = Math.min(12, type.maxLength ?? 12)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const text =
      compiled === undefined
        ? FORMATS[type.format!](next)
        : sampleMatch(compiled.value, next, Math.max(type.minLength ?? 0, soft))
    if (text !== undefined && fits(text, type)) return text
  }
  return undefined
}

/** A thousand texts are drawn of one type: its automaton is made for the first. */
const automata = new WeakMap<StringIr, ReturnType<typeof compilePattern>>()

function compiledOnce(type: StringIr, pattern: string): ReturnType<typeof compilePattern> {
  const known = automata.get(type) ?? compilePattern(pattern)
  automata.set(type, known)
  return known
}

function fits(text: string, type: StringIr): boolean {
  const points = [...text].length
  if (points < (type.minLength ?? 0) || points > (type.maxLength ?? Number.POSITIVE_INFINITY)) return false
  return type.maxBytes === undefined || new TextEncoder().encode(text).length <= type.maxBytes
}

const digits = (count: number, next: NextRandom) =>
  Array.from({ length: count }, () => Math.floor(next() * 10)).join("")
const below = (limit: number, next: NextRandom) => Math.floor(next() * limit)
const two = (value: number) => String(value).padStart(2, "0")
const pick = <T>(items: readonly T[], next: NextRandom): T => items[below(items.length, next)]!

function date(next: NextRandom): string {
  // The days that calendars get wrong come often.
  if (next() < 0.2)
    return pick(["2000-02-29", "2024-02-29", "2023-02-28", "1900-12-31", "9999-12-31", "0000-01-01"], next)
  return `${digits(4, next)}-${two(1 + below(12, next))}-${two(1 + below(28, next))}`
}

function time(next: NextRandom): string {
  const fraction = next() < 0.3 ? `.${digits(1 + below(9, next), next)}` : ""
  const zone = next() < 0.5 ? "Z" : `${pick(["+", "-"], next)}${two(below(24, next))}:${two(below(60, next))}`
  return `${two(below(24, next))}:${two(below(60, next))}:${two(below(60, next))}${fraction}${zone}`
}

const hex = (count: number, next: NextRandom) =>
  Array.from({ length: count }, () => pick([..."0123456789abcdefABCDEF"], next)).join("")

const label = (next: NextRandom) => `${pick(["a", "car", "x-1", "9"], next)}${digits(below(3, next), next)}`

const FORMATS: { readonly [format in StringFormat]: (next: NextRandom) => string } = {
  "date-time": (next) => `${date(next)}T${time(next)}`,
  date,
  time,
  uuid: (next) => [8, 4, 4, 4, 12].map((count) => hex(count, next)).join("-"),
  ipv4: (next) => Array.from({ length: 4 }, () => below(256, next)).join("."),
  hostname: (next) => Array.from({ length: 1 + below(4, next) }, () => label(next)).join("."),
  uri: (next) => `${pick(["http", "mqtt+x", "urn"], next)}:${pick(["//a.b/c?d=e#f", "x:y", "", "%C3%A9"], next)}`,
}
