import type { IssueCode } from "../codec.js"
import { type Octets, r } from "./cursor.js"
import { text } from "./string-read.js"

/** Reads a message at `b[p..end)`. */
export type ReadMessage<T> = (b: Octets, d: DataView, p: number, end: number) => T | undefined

/** Where and why the wire is broken: `code` is absent as long as it is not. The first fault stays. */
export const fault: { code: IssueCode | undefined; path: string[] } = { code: undefined, path: [] }

/** Notes that the wire is broken. */
export function stop(code: IssueCode): void {
  fault.code ??= code
}

/** The high half of what `varint` read last. */
export let high = 0

/** The low half of a varint at `p`, the other in `high`; NaN where it is longer than 64 bits. Sets `r.p`. */
export function varint(b: Octets, p: number): number {
  let c = b[p++]!
  high = 0
  let low = c & 127
  for (let shift = 7; c > 127 && shift < 28; shift += 7) {
    c = b[p++]!
    low |= (c & 127) << shift
  }
  if (c > 127) {
    c = b[p++]!
    low = (low | (c << 28)) >>> 0
    high = (c & 127) >> 4
    for (let shift = 3; c > 127; shift += 7) {
      c = b[p++]!
      if (shift > 31 || (shift === 31 && c > 1)) {
        stop("syntax")
        return Number.NaN
      }
      high = (high | ((c & 127) << shift)) >>> 0
    }
  }
  r.p = p
  return low
}

/** An unsigned integer of 32 bits; NaN where the wire is broken, or has more bits: cut off it would be another number. */
export function u32(b: Octets, p: number): number {
  const c = b[p]!
  if (c < 128) {
    r.p = p + 1
    return c
  }
  const v = varint(b, p)
  if (high === 0) return v
  stop("maximum")
  return Number.NaN
}

/** The low 32 bits of a varint, as the number of an enum's value is read; NaN where the wire is broken. */
export function low32(b: Octets, p: number): number {
  const c = b[p]!
  if (c < 128) {
    r.p = p + 1
    return c
  }
  return varint(b, p)
}

/** A signed integer of 32 bits, zigzag; NaN where the wire is broken. */
export function s32(b: Octets, p: number): number {
  const v = u32(b, p)
  return Number.isNaN(v) ? v : (v >>> 1) ^ -(v & 1)
}

/** An unsigned integer of 64 bits; undefined where the wire is broken. */
export function u64(b: Octets, p: number): bigint | undefined {
  const low = varint(b, p)
  return Number.isNaN(low) ? undefined : (BigInt(high) << 32n) | BigInt(low)
}

/** A signed integer of 64 bits, zigzag; undefined where the wire is broken. */
export function s64(b: Octets, p: number): bigint | undefined {
  const v = u64(b, p)
  return v === undefined ? v : (v >> 1n) ^ -(v & 1n)
}

/** A boolean; undefined where the wire is broken. */
export function flag(b: Octets, p: number): boolean | undefined {
  const low = varint(b, p)
  return Number.isNaN(low) ? undefined : low !== 0 || high !== 0
}

/** The end of what has its length at `p`, behind which it begins at `r.p`; -1 where it goes beyond `end`. */
export function sized(b: Octets, p: number, end: number): number {
  const c = b[p]!
  if (c < 128 && p + c < end) {
    r.p = p + 1
    return p + 1 + c
  }
  const length = varint(b, p)
  if (length <= end - r.p && high === 0) return r.p + length
  stop("truncated")
  return -1
}

/** A string of at most `max` code points; undefined where it is none. Sets `r.p`. */
export function textAt(b: Octets, p: number, end: number, max: number): string | undefined {
  const to = sized(b, p, end)
  if (to < 0) return undefined
  const found = text(b, r.p, to, max)
  r.p = to
  return found
}

/** Octets, `min` to `max` of them; undefined for others. Sets `r.p`. */
export function octetsAt(b: Octets, p: number, end: number, min: number, max: number): Uint8Array | undefined {
  const to = sized(b, p, end)
  const size = to - r.p
  if (to < 0 || size < min || size > max) return undefined
  const octets = new Uint8Array(size)
  for (let i = 0; i < size; i++) octets[i] = b[r.p + i]!
  r.p = to
  return octets
}

/** Passes the value of a field that the message does not have; what is no field is noted. Sets `r.p`. */
export function skipField(b: Octets, p: number, end: number, wire: number): void {
  if (wire === 0) varint(b, p)
  else if (wire === 2) r.p = sized(b, p, end)
  else if (wire === 1) r.p = p + 8
  else if (wire === 5) r.p = p + 4
  else stop("wire_type")
}

/** True where `b[p..end)` is nothing but fields of numbers above `last`, as a newer version of the contract adds them. */
export function isNewer(b: Octets, p: number, end: number, last: number): boolean {
  fault.code = undefined
  while (p < end) {
    const tag = varint(b, p)
    if (high !== 0 || !(tag >>> 3 > last)) return false
    skipField(b, r.p, end, tag & 7)
    if (fault.code !== undefined) return false
    p = r.p
  }
  return p === end
}
