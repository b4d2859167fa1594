import { FAIL, fail, type Octets, r } from "./cursor.js"
import { anyNumber, int, parseWide } from "./number-read.js"
import { scanned, scanString, str, wasEscaped } from "./string-read.js"

/** Objects and lists that may be open at once, whoever asked for them. */
export const MAX_DEPTH = 64

/** A set of spellings, prepared for reading them from bytes. */
export interface Spellings {
  readonly names: readonly string[]
  /** For each name its bytes and the closing quote as words of four, the last overlapping; empty for what has no such. */
  readonly words: readonly Int32Array[]
  /** Open addressing by the first word: position in `names`, plus 1; 0 is free. */
  readonly slots: Uint16Array
  /** Some names have no words: too short, or not the same bytes in JSON. */
  readonly rest: boolean
  /** What was matched last; the next is tried first. */
  last: number
}

/** Prepares spellings; equal ones keep the first place. */
export function spellings(...names: string[]): Spellings {
  const slots = new Uint16Array(2 ** Math.ceil(Math.log2(names.length * 2 + 1)))
  const words = names.map(wordsOf)
  for (let i = 0; i < names.length; i++) {
    if (words[i]!.length === 0) continue
    let slot = slotOf(words[i]![0]!, slots)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = i + 1
  }
  return { names, words, slots, rest: words.some((own) => own.length === 0), last: -1 }
}

function slotOf(word: number, slots: Uint16Array): number {
  return (Math.imul(word, 0x9e3779b1) >>> 16) & (slots.length - 1)
}

function wordsOf(name: string): Int32Array {
  const text = `${name}"`
  const n = text.length
  // Three characters and a quote at least; ASCII that needs no escape.
  if (n < 4 || !/^[ !#-[\]-~]*$/.test(name)) return new Int32Array(0)
  return Int32Array.from({ length: Math.ceil(n / 4) }, (_, j) => {
    const at = Math.min(j * 4, n - 4)
    let word = 0
    for (let k = 3; k >= 0; k--) word = (word << 8) | text.charCodeAt(at + k)
    return word
  })
}

function isHere(set: Spellings, i: number, d: DataView, p: number): boolean {
  const words = set.words[i]!
  const last = words.length - 1
  if (last < 0) return false
  for (let j = 0; j < last; j++) if (d.getInt32(p + j * 4, true) !== words[j]) return false
  return d.getInt32(p + set.names[i]!.length - 3, true) === words[last]
}

/** Position in `set` of the string whose opening quote stands before `p`, or -1. `r.p` is left behind it. */
export function match(set: Spellings, b: Octets, p: number): number {
  const { names, slots } = set
  const { d } = r
  const guess = set.last + 1 < names.length ? set.last + 1 : 0
  if (names.length > 0 && isHere(set, guess, d, p)) {
    r.p = p + names[guess]!.length + 1
    set.last = guess
    return guess
  }
  for (let slot = slotOf(d.getInt32(p, true), slots); slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1)) {
    const i = slots[slot]! - 1
    if (isHere(set, i, d, p)) {
      r.p = p + names[i]!.length + 1
      set.last = i
      return i
    }
  }
  if (scanString(b, p, r.n) < 0) fail()
  // What has no words may be here, and what has them may be spelled with escapes.
  return set.rest || wasEscaped() ? names.indexOf(scanned()) : -1
}

/** The bytes at `p` are those of an ASCII text. */
function same(text: string, b: Octets, p: number): boolean {
  for (let i = 0; i < text.length; i++) if (b[p + i] !== text.charCodeAt(i)) return false
  return true
}

/** Passes white space and gives the octet behind it. */
export function ws(): number {
  const b = r.b
  let p = r.p
  let c = b[p]!
  while (c === 32 || c === 10 || c === 13 || c === 9) c = b[++p]!
  r.p = p
  return c
}

/** Passes white space and this octet. */
export function expect(octet: number): void {
  if (ws() !== octet) fail()
  r.p++
}

/** Goes into an object. */
export function enter(): void {
  expect(123)
  deeper()
  r.s = 1
}

function deeper(): void {
  if (++r.depth > MAX_DEPTH) fail()
}

/**
 * Goes to the next member of an object whose key is one of `set`, past others, up to its value. Gives the key's
 * position, or -1 once the object is closed.
 */
export function key(set: Spellings): number {
  const { b } = r
  for (;;) {
    let c = b[r.p]!
    if (c <= 32) c = ws()
    if (c === 125) {
      r.p++
      r.s = 0
      r.depth--
      return -1
    }
    if (r.s === 0) {
      if (c !== 44) fail()
      c = b[++r.p]!
      if (c <= 32) c = ws()
    } else r.s = 0
    if (c !== 34) fail()
    const i = match(set, b, r.p + 1)
    if (b[r.p] === 58) r.p++
    else expect(58)
    if (i >= 0) return i
    any()
  }
}

/** True before a further member, behind the opening quote of its key. */
export function another(): boolean {
  let c = ws()
  if (c === 125) {
    r.p++
    r.s = 0
    r.depth--
    return false
  }
  if (r.s === 0) {
    if (c !== 44) fail()
    r.p++
    c = ws()
  }
  r.s = 0
  if (c !== 34) fail()
  r.p++
  return true
}

/** Marks a declared key as seen; a second time is invalid. */
export function once(seen: number, index: number): number {
  const bit = 1 << index
  return (seen & bit) === 0 ? seen | bit : fail()
}

/** Keys that an object of the tree has more than once. */
export type Repeated = WeakMap<object, Set<string>>

/** While a tree is made of what is passed: where its repeated keys are noted, and the way to the value at the cursor. */
export const tree: { repeated: Repeated | undefined; path: string[] } = { repeated: undefined, path: [] }

/** The value at the cursor, where a tree is made, with its step on the way. */
function inside(step: string | undefined): unknown {
  if (step === undefined) return any()
  tree.path.push(step)
  const value = any()
  tree.path.pop()
  return value
}

/** Passes the string whose opening quote stands before the cursor, and gives it where a tree is made. */
function anyString(): string | undefined {
  if (scanString(r.b, r.p, r.n) < 0) fail()
  return tree.repeated && scanned()
}

/**
 * Passes a value of any kind, which must be JSON to the last octet. Gives it only where a tree is made: objects without
 * prototype, in which a repeated key keeps its last value.
 */
export function any(): unknown {
  const { repeated } = tree
  const c = ws()
  if (c === 123) {
    const members: { [key: string]: unknown } | undefined = repeated && Object.create(null)
    enter()
    while (another()) {
      const name = anyString()
      expect(58)
      const value = inside(name)
      if (members === undefined) continue
      if (name! in members) repeated!.set(members, (repeated!.get(members) ?? new Set()).add(name!))
      members[name!] = value
    }
    return members
  }
  if (c === 91) {
    const items: unknown[] | undefined = repeated && []
    r.p++
    deeper()
    if (ws() === 93) r.p++
    else
      for (let end = 44; end !== 93; r.p++) {
        const item = inside(items && String(items.length))
        items?.push(item)
        end = ws()
        if (end !== 44 && end !== 93) fail()
      }
    r.depth--
    return items
  }
  if (c === 34) {
    r.p++
    return anyString()
  }
  if (c === 110) return isNull() ? null : fail()
  if (c === 116 || c === 102) return bool()
  const number = anyNumber(r.b, r.p)
  return Number.isNaN(number) ? fail() : number
}

function word(text: string): void {
  if (!same(text, r.b, r.p)) fail()
  r.p += text.length
}

/** True where `null` stands, which is passed. */
export function isNull(): boolean {
  if (ws() !== 110) return false
  word("null")
  return true
}

/** `true` or `false`. */
export function bool(): boolean {
  const yes = ws() === 116
  word(yes ? "true" : "false")
  return yes
}

/** An integer of at most 32 bits. */
export function integer(min: number, max: number, multipleOf = 1): number {
  ws()
  const v = anyNumber(r.b, r.p)
  return v >= min && v <= max && v % multipleOf === 0 ? v + 0 : fail()
}

/** A 64-bit integer: a literal within ±(2^53−1), or a decimal string. */
export function wide(min: bigint, max: bigint, multipleOf = 1n): bigint {
  ws()
  const v = wideAt(r.b, r.p)
  return v !== undefined && v >= min && v <= max && v % multipleOf === 0n ? v : fail()
}

/** A 64-bit integer at `p`; undefined for anything else. Sets `r.p`. */
export function wideAt(b: Octets, p: number): bigint | undefined {
  if (b[p] === 34) {
    const text = str(b, p + 1, 20)
    return text === undefined ? undefined : parseWide(text)
  }
  let v = int(b, p)
  if (Number.isNaN(v)) v = anyNumber(b, p)
  return Number.isSafeInteger(v) ? BigInt(v) : undefined
}

/** A finite number. */
export function float(min = -Number.MAX_VALUE, max = Number.MAX_VALUE): number {
  ws()
  const v = anyNumber(r.b, r.p)
  return v >= min && v <= max ? v : fail()
}

/** A finite number, rounded to the nearest float32. */
export function float32(min = -Number.MAX_VALUE, max = Number.MAX_VALUE): number {
  ws()
  const v = Math.fround(anyNumber(r.b, r.p))
  return v >= min && v <= max ? v : fail()
}

/** A string of at most `max` code points. */
export function string(max: number): string {
  if (ws() !== 34) fail()
  return str(r.b, r.p + 1, max) ?? fail()
}

/** One of the spellings. */
export function choice(set: Spellings): string {
  expect(34)
  const i = match(set, r.b, r.p)
  set.last = -1
  return set.names[i] ?? fail()
}

/** A value that is accepted only where the test holds. */
export function such<T>(value: T, test: (value: T) => boolean): T {
  return test(value) ? value : fail()
}

/** The value that the contract fixes. */
export function constant<T extends string | number | boolean>(want: T): T {
  const c = ws()
  let found: unknown
  if (typeof want === "string") found = c === 34 ? str(r.b, r.p + 1, r.n) : undefined
  else if (typeof want === "boolean") found = bool()
  else found = anyNumber(r.b, r.p)
  return found === want ? want : fail()
}

/** The list's items, each read by `item`. */
export function list<T>(item: () => T, min: number, max: number): T[] {
  expect(91)
  deeper()
  const values: T[] = []
  if (ws() === 93) r.p++
  else
    for (let c = 44; c !== 93; ) {
      if (values.length === max) fail()
      values.push(item())
      c = ws()
      if (c !== 44 && c !== 93) fail()
      r.p++
    }
  r.depth--
  return values.length < min ? fail() : values
}

/** The map's entries, each value read by `value`; an object without prototype, so that no key is special. */
export function map<T>(
  value: () => T,
  max: number,
  keyMax: number,
  test?: (key: string) => boolean,
): { [key: string]: T } {
  enter()
  const entries: { [key: string]: T } = Object.create(null)
  for (let count = 0; another(); count++) {
    const name = str(r.b, r.p, keyMax) ?? fail()
    if (count === max || name in entries || test?.(name) === false) fail()
    expect(58)
    entries[name] = value()
  }
  return entries
}

/** The position among `set` of what the member `tag` says, of an object at the cursor, which stays before it. */
export function tagOf(tag: Spellings, set: Spellings): number {
  ws()
  const from = r.p
  const depth = r.depth
  enter()
  let found = -1
  while (key(tag) >= 0) {
    tag.last = -1
    if (found >= 0) fail()
    expect(34)
    found = match(set, r.b, r.p)
    set.last = -1
    if (found < 0) fail()
  }
  tag.last = -1
  r.p = from
  r.depth = depth
  return found < 0 ? fail() : found
}

/** Runs a full path over the payload that is open; undefined where it is invalid. */
export function whole<T>(read: () => T): T | undefined {
  r.p = 0
  r.depth = 0
  try {
    const value = read()
    return ws() === 0 && r.p === r.n ? value : undefined
  } catch (error) {
    if (error === FAIL) return undefined
    throw error
  }
}
