import type { Issue, IssueCode } from "../codec.js"
import { parseBase64 } from "./base64.js"
import type { Repeated } from "./json-read.js"
import { parseWide } from "./number-read.js"
import { isWellFormed, points } from "./well-formed.js"

/** What a walk looks at: a value as code holds it, or what JSON or compact JSON said. */
export type Mode = 0 | 1 | 2
export const VALUE: Mode = 0
export const JSON_TREE: Mode = 1
export const COMPACT_TREE: Mode = 2

/** Walks a value and notes what is wrong with it. */
export type Walk = (value: unknown) => void

/** Issues beyond this number are not reported. */
export const MAX_ISSUES = 16

let mode: Mode = VALUE
let repeated: Repeated | undefined
let issues: Issue[] = []
let path: string[] = []

/** All that is wrong with a value, up to 16 issues. */
export function check(value: unknown, walk: Walk, as: Mode = VALUE, keys?: Repeated): readonly Issue[] {
  mode = as
  repeated = keys
  issues = []
  path = []
  walk(value)
  const found = issues
  issues = []
  repeated = undefined
  return found
}

/** A JSON Pointer. Of a key that is too long for a name it has the beginning: an issue never has the whole payload. */
export function pointer(steps: readonly string[]): string {
  return steps
    .map((step) => {
      const name = step.length > 256 ? `${step.slice(0, 40)}…` : step
      return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`
    })
    .join("")
}

/** Notes what was expected and found instead, or, without what was found, only what is wrong. */
function note(code: IssueCode, words: string, received?: unknown): undefined {
  if (full()) return
  const at = { path: pointer(path), code }
  issues.push(
    received === undefined
      ? { ...at, message: words }
      : { ...at, message: `expected ${words}`, expected: words, received: describe(received) },
  )
}

function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value).slice(0, 64)
    case "number":
      return Object.is(value, -0) ? "-0" : String(value)
    case "bigint":
    case "boolean":
      return String(value).slice(0, 64)
    case "object":
      if (value === null) return "null"
      if (Array.isArray(value)) return `a list of ${value.length}`
      return value instanceof Uint8Array ? `${value.length} octets` : "an object"
    default:
      return typeof value
  }
}

function wrong(expected: string, received: unknown): undefined {
  note(received === null ? "null" : "type", expected, received ?? null)
}

function step(name: string, walk: Walk, value: unknown): void {
  path.push(name)
  walk(value)
  path.pop()
}

/** True where nothing more need be looked at. */
function full(): boolean {
  return issues.length >= MAX_ISSUES
}

/** A number within bounds. */
export function isIn(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max
}

/** An integer from 0 to `max`, of at most 32 bits. */
export function isUint(value: unknown, max: number): value is number {
  return typeof value === "number" && value >>> 0 === value && value <= max
}

/** An integer within bounds, which are those of 32 bits with a sign or, from 0 on, without. */
export function isInt(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && (min < 0 ? value | 0 : value >>> 0) === value && value >= min && value <= max
}

/** An object that is no list. */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** An object that is neither a list nor octets. */
export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return isRecord(value) && !(value instanceof Uint8Array)
}

/** A member that an object has itself where Object.prototype has one of that name. */
export function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as { [key: string]: unknown })[name] : undefined
}

/** `need`: 1 where the member is required, 2 where null reads as absent. */
export type Member = readonly [name: string, need: number, walk: Walk, short?: string]

export function anObject(value: unknown, ...members: readonly Member[]): undefined {
  if (!isMap(value)) return wrong("an object", value)
  const twice = repeated?.get(value)
  for (const [name, need, walk, short] of members) {
    const key = mode === COMPACT_TREE ? (short ?? name) : name
    const member = key in Object.prototype ? own(value, key) : value[key]
    path.push(name)
    if (twice?.has(key)) note("duplicate", "the key occurs twice")
    if (member === undefined) {
      if ((need & 1) !== 0) note("required", "required and absent")
    } else if (member !== null || mode === VALUE || (need & 2) === 0) walk(member)
    path.pop()
    if (full()) return
  }
}

/**
 * The object with what stands under earlier names of its members moved to their keys (W-3); two of one member's names are
 * a repeated key. Apart from `anObject`, so that who renamed nothing does not carry it.
 */
export function renamed(
  value: unknown,
  ...members: readonly (readonly [name: string, was: readonly string[], short?: string])[]
): unknown {
  if (!isMap(value) || mode === VALUE) return value
  const made: { [key: string]: unknown } = Object.assign(Object.create(null), value)
  const twice = new Set(repeated?.get(value))
  for (const [name, was, short] of members) {
    const key = mode === COMPACT_TREE ? (short ?? name) : name
    for (const earlier of was) {
      if (!Object.hasOwn(value, earlier)) continue
      if (Object.hasOwn(made, key) || twice.has(earlier)) twice.add(key)
      if (!Object.hasOwn(made, key)) made[key] = value[earlier]
    }
  }
  repeated?.set(made, twice)
  return made
}

export function aUnion(value: unknown, tag: string, ...branches: readonly (readonly [string, Walk])[]): undefined {
  if (!isMap(value)) return wrong("an object", value)
  const said = tag in Object.prototype ? own(value, tag) : value[tag]
  const branch = branches.find(([name]) => name === said)
  if (repeated?.get(value)?.has(tag)) step(tag, () => note("duplicate", "the key occurs twice"), said)
  if (branch !== undefined) {
    branch[1](value)
    return
  }
  const names = branches.map(([name]) => name).join(", ")
  step(tag, () => note(said === undefined ? "required" : "union_tag", `one of ${names}`, said), said)
}

export function aList(value: unknown, walk: Walk, min: number, max: number): undefined {
  if (!Array.isArray(value)) return wrong("a list", value)
  if (value.length > max) return note("max_items", `at most ${max} items`, value)
  if (value.length < min) note("min_items", `at least ${min} items`, value)
  for (let i = 0; i < value.length && !full(); i++) step(String(i), walk, value[i])
}

export function aMap(
  value: unknown,
  walk: Walk,
  max: number,
  keyMax: number,
  test?: (key: string) => boolean,
): undefined {
  if (!isMap(value)) return wrong("an object", value)
  const keys = Object.keys(value)
  if (keys.length > max) return note("max_properties", `at most ${max} entries`, value)
  const twice = repeated?.get(value)
  for (const key of keys) {
    if (full()) return
    path.push(key)
    if (!isWellFormed(key)) note("encoding", "half of a surrogate pair in the key")
    else if (points(key) > keyMax) note("max_length", `a key of at most ${keyMax} code points`, key)
    else if (test?.(key) === false) note("pattern", "the key does not fit its pattern")
    if (twice?.has(key)) note("duplicate", "the key occurs twice")
    walk(value[key])
    path.pop()
  }
}

export function aBool(value: unknown): void {
  if (typeof value !== "boolean") wrong("true or false", value)
}

function inRange(value: number | bigint, min: number | bigint, max: number | bigint): undefined {
  if (value < min || value > max) note(value < min ? "minimum" : "maximum", `${min}..${max}`, value)
}

export function anInt(value: unknown, min: number, max: number, multipleOf = 1): undefined {
  if (typeof value !== "number") return wrong("an integer", value)
  if (!Number.isInteger(value)) {
    note(Number.isFinite(value) ? "not_integer" : "not_finite", "an integer", value)
  } else if (value % multipleOf !== 0) note("multiple_of", `a multiple of ${multipleOf}`, value)
  else inRange(value, min, max)
}

export function aWide(value: unknown, min: bigint, max: bigint, multipleOf = 1n): undefined {
  const expected = `${min}..${max}`
  let wide = value
  if (mode !== VALUE) {
    if (typeof value === "string") wide = parseWide(value)
    else if (Number.isSafeInteger(value)) wide = BigInt(value as number)
    else if (typeof value === "number")
      return Number.isInteger(value)
        ? note("type", "a decimal string, for an integer beyond ±(2^53−1)", value)
        : note(Number.isFinite(value) ? "not_integer" : "not_finite", expected, value)
  }
  if (typeof wide !== "bigint") return wrong("a 64-bit integer", value)
  if (wide % multipleOf !== 0n) note("multiple_of", `a multiple of ${multipleOf}`, wide)
  else inRange(wide, min, max)
}

export function aFloat(value: unknown, bits: 32 | 64, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): undefined {
  if (typeof value !== "number") return wrong("a number", value)
  const rounded = bits === 32 ? Math.fround(value) : value
  if (!Number.isFinite(rounded)) note("not_finite", "a finite number", value)
  else inRange(rounded, min, max)
}

/** Octets of a well-formed string in UTF-8. */
export function utf8Length(text: string): number {
  let octets = text.length
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c > 127) octets += c < 0x800 || (c & 0xf800) === 0xd800 ? 1 : 2
  }
  return octets
}

/** A rule beyond length: what it is called, and the test. */
export type Rule = readonly [code: "pattern" | "format", name: string, test: (text: string) => boolean]

export function aString(
  value: unknown,
  min: number,
  max: number,
  maxBytes?: number,
  ...rules: readonly Rule[]
): undefined {
  if (typeof value !== "string") return wrong("a string", value)
  if (!isWellFormed(value)) return note("encoding", "well-formed text", value)
  const length = points(value)
  if (length < min) note("min_length", `at least ${min} code points`, value)
  if (length > max) note("max_length", `at most ${max} code points`, value)
  else if (maxBytes !== undefined && utf8Length(value) > maxBytes)
    note("max_bytes", `at most ${maxBytes} octets`, value)
  else for (const [code, name, test] of rules) if (!test(value)) note(code, name, value)
}

export function someBytes(value: unknown, min: number, max: number): undefined {
  const octets = mode === VALUE || typeof value !== "string" ? value : parseBase64(value)
  if (octets === undefined) return note("format", "base64 with padding", value)
  if (!(octets instanceof Uint8Array) || (mode !== VALUE && typeof value !== "string"))
    return wrong(mode === VALUE ? "a Uint8Array" : "base64 text", value)
  if (octets.length < min) note("min_length", `at least ${min} octets`, octets)
  if (octets.length > max) note("max_length", `at most ${max} octets`, octets)
}

/** `numbers` where compact JSON carries numbers. */
export function anEnum(
  value: unknown,
  names: readonly string[],
  open: boolean,
  numbers?: readonly number[],
): undefined {
  const expected = `one of ${names.join(", ").slice(0, 200)}`
  if (mode === COMPACT_TREE && numbers !== undefined) {
    if (typeof value !== "number") return wrong("the number of a value", value)
    if (!(open ? isEnumNumber(value) : numbers.includes(value))) note("enum", `the number of ${expected}`, value)
    return
  }
  if (typeof value !== "string") return wrong(expected, value)
  if (names.includes(value)) return
  if (!open) note("enum", expected, value)
  else if (!isWellFormed(value)) note("encoding", "well-formed text", value)
}

/** A number that an enum may have on the wire. */
export function isEnumNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0x7fffffff
}

export function aConst(value: unknown, want: string | number | boolean): undefined {
  if (value !== want) note(value === null ? "null" : "const", JSON.stringify(want), value)
}
