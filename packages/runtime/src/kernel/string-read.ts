import { allocate, NodeBuffer, type Octets, r } from "./cursor.js"
import { points } from "./well-formed.js"

let decoder: TextDecoder | undefined
/** Texts of this many octets are worth a call out of the engine. */
const LONG = 48
let plain: Octets | undefined
/** Length of what `scanString` left unescaped in `plain`; -1 where the text stands in the payload as it is. */
let unescaped = -1

const char = String.fromCharCode

/** A string of its own from valid UTF-8. */
export function utf8(b: Octets, from: number, to: number): string {
  if (NodeBuffer !== undefined) return b.utf8Slice!(from, to)
  return strictUtf8(b, from, to)
}

/** A string of its own from octets; throws where they are not UTF-8. */
function strictUtf8(b: Octets, from: number, to: number): string {
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  return decoder.decode(b.subarray(from, to))
}

/** A string of its own from ASCII. Short ones are made without leaving the engine. */
export function ascii(b: Octets, p: number, end: number): string {
  switch (end - p) {
    case 0:
      return ""
    case 1:
      return char(b[p]!)
    case 2:
      return char(b[p]!, b[p + 1]!)
    case 3:
      return char(b[p]!, b[p + 1]!, b[p + 2]!)
    case 4:
      return char(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!)
    case 5:
      return char(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!)
    case 6:
      return char(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!)
    case 7:
      return char(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!)
    case 8:
      return char(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!)
  }
  if (end - p <= 16) return longer(b, p, end)
  return NodeBuffer === undefined ? utf8(b, p, end) : b.latin1Slice!(p, end)
}

function longer(b: Octets, p: number, end: number): string {
  // One call with the exact number of characters; a concatenation would keep its two halves.
  switch (end - p) {
    case 9:
      return char(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!, b[p + 8]!)
    case 10:
      return char(
        b[p]!,
        b[p + 1]!,
        b[p + 2]!,
        b[p + 3]!,
        b[p + 4]!,
        b[p + 5]!,
        b[p + 6]!,
        b[p + 7]!,
        b[p + 8]!,
        b[p + 9]!,
      )
    default:
      return NodeBuffer === undefined ? utf8(b, p, end) : b.latin1Slice!(p, end)
  }
}

/**
 * The string whose opening quote stands before `p`; undefined where it is no valid string of at most `max` code points.
 * `r.p` is left behind the closing quote.
 */
export function str(b: Octets, p: number, max: number): string | undefined {
  const end = plainEnd(b, p)
  if (b[end] !== 34) return scanString(b, p, max) < 0 ? undefined : scanned(b, p)
  if (end - p > max) return undefined
  r.p = end + 1
  return ascii(b, p, end)
}

/** Where a run of ASCII that needs no escape ends: after a few octets four are looked at at once. */
function plainEnd(b: Octets, p: number): number {
  for (const near = p + 12; p < near; p++) {
    const c = b[p]!
    if (c === 34 || c < 32 || c === 92 || c > 127) return p
  }
  const { d } = r
  for (;;) {
    const w = d.getInt32(p, true)
    // A borrow or a high bit where an octet is below 0x20, above 0x7f, a quote or a backslash.
    const odd = w | (w - 0x20202020) | ((w ^ 0x22222222) - 0x01010101) | ((w ^ 0x5c5c5c5c) - 0x01010101)
    if ((odd & 0x80808080) !== 0) break
    p += 4
  }
  for (;;) {
    const c = b[p]!
    if (c === 34 || c < 32 || c === 92 || c > 127) return p
    p++
  }
}

/** True where what `scanString` passed has an escape. */
export function wasEscaped(): boolean {
  return unescaped >= 0
}

/** The text that `scanString` passed, which began at `from`. */
export function scanned(b: Octets, from: number): string {
  return unescaped < 0 ? utf8(b, from, r.p - 1) : utf8(plain!, 0, unescaped)
}

/**
 * Passes a string of any content; gives its code points, or -1 where it is not closed, has an invalid escape, a control
 * character, invalid UTF-8, half of a surrogate pair, or more than `max` code points.
 */
export function scanString(b: Octets, from: number, max: number): number {
  let p = from
  let k = -1
  let points = 0
  let out = b
  for (; ; points++) {
    let c = b[p++]!
    while (c > 31 && c < 128 && c !== 34 && c !== 92) {
      if (k >= 0) out[k++] = c
      points++
      c = b[p++]!
    }
    if (points > max) return -1
    if (c > 127) {
      const end = p - 1 + sequence(b, p - 1)
      if (end < p) return -1
      if (k < 0) p = end
      else {
        out[k++] = c
        while (p < end) out[k++] = b[p++]!
      }
    } else if (c === 92) {
      if (k < 0) {
        if (plain === undefined || plain.length < b.length) plain = allocate(b.length)
        out = plain
        for (k = 0; from + k < p - 1; k++) out[k] = b[from + k]!
      }
      c = b[p++]!
      if (c === 117) {
        c = hex4(b, p)
        p += 4
        if (c >= 0xd800 && c < 0xe000) {
          if (c >= 0xdc00 || b[p] !== 92 || b[p + 1] !== 117) return -1
          const low = hex4(b, p + 2)
          if (low < 0xdc00 || low >= 0xe000) return -1
          c = 0x10000 + ((c - 0xd800) << 10) + low - 0xdc00
          p += 6
        }
        if (c < 0) return -1
        k = putPoint(out, k, c)
      } else {
        c = MEANT[c]!
        if (!(c > 0)) return -1
        out[k++] = c
      }
    } else if (c === 34) break
    else return -1
  }
  if (points > max) return -1
  unescaped = k
  r.p = p
  return points
}

/** What the letter behind a backslash stands for; 0 or absent where it is none. */
const MEANT: Uint8Array = /* @__PURE__ */ meant('"\\/bfnrt', '"\\/\b\f\n\r\t')

function meant(letters: string, characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (let i = 0; i < letters.length; i++) table[letters.charCodeAt(i)] = characters.charCodeAt(i)
  return table
}

/** Four hexadecimal digits; -1 where they are none. */
function hex4(b: Octets, p: number): number {
  let v = 0
  for (let i = 0; i < 4; i++) {
    let c = b[p + i]!
    if (c >= 48 && c <= 57) c -= 48
    else {
      c |= 32
      if (c < 97 || c > 102) return -1
      c -= 87
    }
    v = (v << 4) | c
  }
  return v
}

/** Writes a code point as UTF-8 and gives the position behind it. */
export function putPoint(b: Uint8Array, p: number, c: number): number {
  if (c < 0x80) b[p++] = c
  else {
    if (c < 0x800) b[p++] = 0xc0 | (c >> 6)
    else {
      if (c < 0x10000) b[p++] = 0xe0 | (c >> 12)
      else {
        b[p++] = 0xf0 | (c >> 18)
        b[p++] = 0x80 | ((c >> 12) & 63)
      }
      b[p++] = 0x80 | ((c >> 6) & 63)
    }
    b[p++] = 0x80 | (c & 63)
  }
  return p
}

/** Octets of the UTF-8 sequence at `p`, which does not begin in ASCII; 0 where it is invalid. */
export function sequence(b: Octets, p: number): number {
  const c = b[p]!
  const c1 = b[p + 1]!
  if (c < 0xc2 || c > 0xf4 || (c1 & 0xc0) !== 0x80) return 0
  if (c < 0xe0) return 2
  if ((b[p + 2]! & 0xc0) !== 0x80) return 0
  if (c < 0xf0) return (c === 0xe0 && c1 < 0xa0) || (c === 0xed && c1 > 0x9f) ? 0 : 3
  return (b[p + 3]! & 0xc0) !== 0x80 || (c === 0xf0 && c1 < 0x90) || (c === 0xf4 && c1 > 0x8f) ? 0 : 4
}

/** Code points of `b[p..end)`, or -1 where it is not UTF-8. */
export function countUtf8(b: Octets, p: number, end: number): number {
  let points = 0
  for (; p < end; points++) {
    if (b[p]! < 128) p++
    else {
      const size = sequence(b, p)
      if (size === 0) return -1
      p += size
    }
  }
  return p === end ? points : -1
}

/** The string of `b[p..end)`; undefined where it is not UTF-8 or has more than `max` code points. */
export function text(b: Octets, p: number, end: number, max: number): string | undefined {
  const { d } = r
  let q = p
  while (q + 4 <= end && (d.getInt32(q, true) & 0x80808080) === 0) q += 4
  while (q < end && b[q]! < 128) q++
  if (q === end) return end - p > max ? undefined : ascii(b, p, end)
  if (end - p < LONG) {
    const count = countUtf8(b, p, end)
    return count < 0 || count > max ? undefined : utf8(b, p, end)
  }
  if (end - p > max * 4) return undefined
  try {
    const found = strictUtf8(b, p, end)
    return found.length > max && points(found) > max ? undefined : found
  } catch {
    return undefined
  }
}
