import { allocate, NodeBuffer, type Octets, r } from "./cursor.js"

/** Decoders of places without Node's Buffer: of octets that are ASCII, and of UTF-16. */
let decoders: readonly [TextDecoder, TextDecoder] | undefined
/** What is being put together, as UTF-16: `units` looks at the same memory as `plain`. */
let plain: Octets
let units: Uint16Array = /* @__PURE__ */ new Uint16Array(0)
/** Its units. */
let count = 0
/** All bits that they have. */
let bits = 0
let escaped = false

const char = String.fromCharCode

function decoded(which: 0 | 1, from: Uint8Array): string {
  decoders ??= [new TextDecoder(), new TextDecoder("utf-16le", { ignoreBOM: true })]
  return decoders[which].decode(from)
}

/** The text that was scanned last, a string of its own. */
export function scanned(): string {
  if (bits > 255)
    return NodeBuffer === undefined ? decoded(1, plain.subarray(0, count * 2)) : plain.ucs2Slice!(0, count * 2)
  // One octet a character takes half of the memory for ever after.
  for (let i = 0; i < count; i++) plain[i] = units[i]!
  return NodeBuffer === undefined ? char(...plain.subarray(0, count)) : plain.latin1Slice!(0, count)
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
  return NodeBuffer === undefined ? decoded(0, b.subarray(p, end)) : b.latin1Slice!(p, end)
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
      return NodeBuffer === undefined ? decoded(0, b.subarray(p, end)) : b.latin1Slice!(p, end)
  }
}

/**
 * The string whose opening quote stands before `p`; undefined where it is no valid string of at most `max` code points.
 * `r.p` is left behind the closing quote.
 */
export function str(b: Octets, p: number, max: number): string | undefined {
  const end = plainEnd(b, p)
  if (b[end] !== 34) return scanString(b, p, max) < 0 ? undefined : scanned()
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

/** True where what was scanned last has an escape. */
export function wasEscaped(): boolean {
  return escaped
}

/**
 * Passes a string of any content up to its quote; gives its code points, or -1 where it is not closed, has an invalid
 * escape, a control character, invalid UTF-8, half of a surrogate pair, or more than `max` code points.
 */
export function scanString(b: Octets, p: number, max: number): number {
  return scan(b, p, -1, max)
}

/** True where the last string that was refused is no text: not UTF-8, or with half of a surrogate pair. */
export function isBroken(): boolean {
  return bits < 0
}

function refuse(p: number, why: number): number {
  r.p = p
  bits = why
  return -1
}

/** Passes a JSON string, or, where there is an `end`, the plain text up to it. */
function scan(b: Octets, p: number, end: number, max: number): number {
  if (units.length < b.length) {
    plain = allocate(b.length * 2)
    units = new Uint16Array(plain.buffer, plain.byteOffset, b.length)
  }
  const out = units
  let k = 0
  let all = 0
  let pairs = 0
  escaped = false
  for (;;) {
    let c = b[p++]!
    if (end < 0)
      while (c > 31 && c < 128 && c !== 34 && c !== 92) {
        out[k++] = c
        c = b[p++]!
      }
    else
      while (c < 128 && p <= end) {
        out[k++] = c
        c = b[p++]!
      }
    if (end >= 0 && p > end) break
    if (c > 127) {
      c = pointAt(b, p - 1)
      p = after
      if (c < 0) return refuse(p, -1)
    } else if (c === 92) {
      escaped = true
      c = b[p++]!
      if (c === 117) {
        c = hex4(b, p)
        p += 4
        if (c >= 0xd800 && c < 0xe000) {
          if (c >= 0xdc00 || b[p] !== 92 || b[p + 1] !== 117) return refuse(p, -1)
          const low = hex4(b, p + 2)
          if (low < 0xdc00 || low >= 0xe000) return refuse(p, -1)
          c = 0x10000 + ((c - 0xd800) << 10) + low - 0xdc00
          p += 6
        }
      } else c = MEANT[c]! || -1
      if (c < 0) return refuse(p, 0)
    } else if (c === 34) break
    else return refuse(p - 1, 0)
    if (c > 0xffff) {
      pairs++
      c -= 0x10000
      out[k++] = 0xd800 | (c >> 10)
      c = 0xdc00 | (c & 1023)
    }
    all |= c
    out[k++] = c
  }
  if (k - pairs > max || (end >= 0 && p !== end + 1)) return -1
  count = k
  bits = all
  r.p = p
  return k - pairs
}

/** What the letter behind a backslash stands for; 0 where it is none. */
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

/** The position behind the character that `pointAt` read. */
let after = 0

/** The code point at `p`, which is not ASCII; -1 where there is no UTF-8. Leaves the position behind it in `after`. */
function pointAt(b: Octets, p: number): number {
  const c = b[p]!
  after = p + 1
  const c1 = b[after]! ^ 128
  if (c < 0xc2 || c > 0xf4 || c1 > 63) return -1
  after++
  if (c < 0xe0) return ((c & 31) << 6) | c1
  const c2 = b[after++]! ^ 128
  if (c2 > 63) return -1
  if (c < 0xf0) {
    const v = ((c & 15) << 12) | (c1 << 6) | c2
    return v < 0x800 || (v & 0xf800) === 0xd800 ? -1 : v
  }
  const c3 = b[after++]! ^ 128
  const v = ((c & 7) << 18) | (c1 << 12) | (c2 << 6) | c3
  return c3 > 63 || v < 0x10000 || v > 0x10ffff ? -1 : v
}

/** The string of `b[p..end)`; undefined where it is not UTF-8 or has more than `max` code points. */
export function text(b: Octets, p: number, end: number, max: number): string | undefined {
  const { d } = r
  let q = p
  while (
    q + 16 <= end &&
    ((d.getInt32(q, true) | d.getInt32(q + 4, true) | d.getInt32(q + 8, true) | d.getInt32(q + 12, true)) &
      0x80808080) ===
      0
  )
    q += 16
  while (q + 4 <= end && (d.getInt32(q, true) & 0x80808080) === 0) q += 4
  while (q < end && b[q]! < 128) q++
  if (q === end) return end - p > max ? undefined : ascii(b, p, end)
  return end - p > max * 4 || scan(b, p, end, max) < 0 ? undefined : scanned()
}
