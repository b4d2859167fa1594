import { fail, type Octets, r } from "./cursor.js"
import { expect } from "./json-read.js"
import { str } from "./string-read.js"

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
let values: Uint8Array | undefined

function sextet(octet: number): number {
  if (values === undefined) {
    values = new Uint8Array(256).fill(64)
    for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i
  }
  return values[octet]!
}

/**
 * The octets that standard base64 with padding says, written at `b[p..end)`; undefined where it is not exactly that
 * (line breaks, missing padding, bits that are left over and not zero).
 */
export function base64At(b: Uint8Array, p: number, end: number): Uint8Array | undefined {
  if ((end - p) % 4 !== 0) return undefined
  const pad = end === p || b[end - 1] !== 61 ? 0 : b[end - 2] === 61 ? 2 : 1
  const out = new Uint8Array(((end - p) / 4) * 3 - pad)
  let o = 0
  for (; p < end; p += 4) {
    const last = p + 4 === end ? pad : 0
    const v0 = sextet(b[p]!)
    const v1 = sextet(b[p + 1]!)
    const v2 = last === 2 ? 0 : sextet(b[p + 2]!)
    const v3 = last > 0 ? 0 : sextet(b[p + 3]!)
    if (((v0 | v1 | v2 | v3) & 64) !== 0) return undefined
    if (last === 2 && (v1 & 15) !== 0) return undefined
    if (last === 1 && (v2 & 3) !== 0) return undefined
    out[o++] = (v0 << 2) | (v1 >> 4)
    if (last < 2) out[o++] = (v1 << 4) | (v2 >> 2)
    if (last < 1) out[o++] = (v2 << 6) | v3
  }
  return out
}

/** The octets of base64 text, or undefined. */
export function parseBase64(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c > 127) return undefined
    octets[i] = c
  }
  return base64At(octets, 0, octets.length)
}

/** Full path: base64 text of `min` to `max` octets. */
export function bytes(min: number, max: number): Uint8Array {
  expect(34)
  const octets = bytesHere(r.b, r.p, min, max)
  if (octets !== undefined) return octets
  // Escapes are rare in base64, and right.
  const said = parseBase64(str(r.b, r.p, r.n) ?? fail())
  return said === undefined || said.length < min || said.length > max ? fail() : said
}

/** The octets whose opening quote stands before `p`; undefined for anything else, escapes included. Sets `r.p`. */
export function bytesHere(b: Octets, p: number, min: number, max: number): Uint8Array | undefined {
  let end = p
  while (sextet(b[end]!) < 64 || b[end] === 61) end++
  if (b[end] !== 34 || (end - p) / 4 > Math.ceil(max / 3)) return undefined
  const octets = base64At(b, p, end)
  if (octets === undefined || octets.length < min || octets.length > max) return undefined
  r.p = end + 1
  return octets
}

/** Writes base64 and gives the position behind it. */
export function putBase64(b: Uint8Array, p: number, octets: Uint8Array): number {
  const n = octets.length
  for (let i = 0; i < n; i += 3) {
    const v = (octets[i]! << 16) | ((octets[i + 1] ?? 0) << 8) | (octets[i + 2] ?? 0)
    b[p++] = ALPHABET.charCodeAt(v >> 18)
    b[p++] = ALPHABET.charCodeAt((v >> 12) & 63)
    b[p++] = i + 1 < n ? ALPHABET.charCodeAt((v >> 6) & 63) : 61
    b[p++] = i + 2 < n ? ALPHABET.charCodeAt(v & 63) : 61
  }
  return p
}

/** The octets of base64 text that is known to be right. */
export function fromBase64(text: string): Uint8Array {
  return parseBase64(text) ?? new Uint8Array(0)
}
