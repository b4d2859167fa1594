import type { Octets } from "./cursor.js"
import { grow, LONG, putChars, putUtf8, w } from "./json-write.js"
import { isWellFormed, points } from "./well-formed.js"

/** Writes an unsigned integer of 32 bits as a varint. */
export function putU32(b: Octets, p: number, v: number): number {
  // What is stored loses the bits above the eighth.
  for (; v > 127; v >>>= 7) b[p++] = v | 128
  b[p] = v
  return p + 1
}

/** Writes a signed integer of 32 bits, zigzag. */
export function putS32(b: Octets, p: number, v: number): number {
  return putU32(b, p, ((v << 1) ^ (v >> 31)) >>> 0)
}

/** Writes an unsigned integer of 64 bits as a varint. */
export function putU64(b: Octets, p: number, v: bigint): number {
  let low = Number(v & 0xffffffffn)
  let high = Number(v >> 32n)
  while (high > 0 || low > 127) {
    b[p++] = low | 128
    low = ((low >>> 7) | (high << 25)) >>> 0
    high >>>= 7
  }
  b[p] = low
  return p + 1
}

/** Writes a signed integer of 64 bits, zigzag. */
export function putS64(b: Octets, p: number, v: bigint): number {
  return putU64(b, p, v < 0n ? -v * 2n - 1n : v * 2n)
}

/**
 * Completes a field whose content is `b[from..p)`, one octet having been left for its length: where the length needs
 * more, the content moves.
 */
export function closeSized(b: Octets, from: number, p: number): number {
  const size = p - from
  if (size < 128) {
    b[from - 1] = size
    return p
  }
  if (p > w.lim) grow()
  // Behind the content it is seen how many octets more the length takes.
  const more = putU32(b, p, size) - p - 1
  b.copyWithin(from + more, from, p)
  putU32(b, from - 1, size)
  return p + more
}

/** Writes a string with its length; -1 where it has more than `max` code points or half of a surrogate pair. */
export function putText(b: Octets, p: number, v: unknown, max: number): number {
  if (typeof v !== "string") return -1
  const n = v.length
  if (p + n * 3 > w.lim) grow()
  const from = p + 1
  if (n > LONG) {
    if ((n > max && points(v) > max) || !isWellFormed(v)) return -1
    p = putUtf8(b, from, v)
  } else {
    let bits = 0
    for (let i = 0; i < n; i++) {
      const c = v.charCodeAt(i)
      bits |= c
      b[from + i] = c
    }
    if (bits < 128 && n <= max) {
      b[p] = n
      return from + n
    }
    p = putChars(b, from, v, max, false)
  }
  return p < 0 ? p : closeSized(b, from, p)
}

/** Writes octets with their length; -1 where they are none, or not of `min` to `max` octets. */
export function putOctets(b: Octets, p: number, v: unknown, min: number, max: number): number {
  if (!(v instanceof Uint8Array) || v.length < min || v.length > max) return -1
  if (p + v.length > w.lim) grow()
  p = putU32(b, p, v.length)
  b.set(v, p)
  return p + v.length
}
