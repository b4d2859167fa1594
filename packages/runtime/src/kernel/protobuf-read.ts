import type { IssueCode } from "../codec.js"
import { enlarge, type Octets, r } from "./cursor.js"
import { text } from "./string-read.js"

/** Reads a message at `b[p..end)`; undefined where it is invalid. */
export type ReadMessage<T> = (b: Octets, d: DataView, p: number, end: number) => T | undefined

/**
 * How reading goes. The first reading stops at anything invalid. Where it stopped, a second one, `lenient`, goes on past
 * values that are out of bounds, so that all of them can be named; it stops only where the wire itself is broken, and
 * says why and where.
 */
const state: { lenient: boolean; code: IssueCode | undefined; path: string[]; tail: number } = {
  lenient: false,
  code: undefined,
  path: [],
  tail: 0,
}

/** Where the wire is broken. */
export interface Break {
  readonly code: IssueCode
  readonly path: readonly string[]
}

/** Reads the payload that is open: strictly, or as far as the wire allows. */
export function readWhole<T>(read: ReadMessage<T>, lenient: boolean): T | undefined {
  state.tail = r.n + 8
  if (!lenient) return read(r.b, r.d, 0, r.n)
  state.lenient = true
  state.code = undefined
  state.path = []
  const value = read(r.b, r.d, 0, r.n)
  state.lenient = false
  return value
}

/** Why the last reading stopped at the wire. */
export function broken(): Break {
  // Only a message that is nothing but its one value can be missing without the wire being broken.
  return { code: state.code ?? "required", path: state.path }
}

function stop(code: IssueCode): void {
  state.code ??= code
}

/** True where reading must stop: always at first; in the second reading only where the wire is broken. */
export function no(field?: string): boolean {
  if (!state.lenient) return true
  if (state.code === undefined) return false
  if (field !== undefined) state.path.unshift(field)
  return true
}

/** Ends a message whose last field goes beyond its end. */
export function cut(): undefined {
  stop("truncated")
}

let high = 0

/** The low half of a varint at `p`, the other in `high`; NaN where it is longer than 64 bits. Sets `r.p`. */
function varint(b: Octets, p: number): number {
  let c = b[p++]!
  high = 0
  if (c < 128) {
    r.p = p
    return c
  }
  let low = c & 127
  for (let shift = 7; shift < 28; shift += 7) {
    c = b[p++]!
    low |= (c & 127) << shift
    if (c < 128) {
      r.p = p
      return low
    }
  }
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
  r.p = p
  return low
}

/** A tag of more than one octet, the first of which stands before `p`; NaN where it is none. Sets `r.p`. */
export function tagRest(b: Octets, p: number): number {
  const t = varint(b, p - 1)
  if (high === 0) return t
  stop("syntax")
  return Number.NaN
}

/** An unsigned integer of 32 bits; NaN where the wire is broken, or has more bits: cut off it would be another number. */
export function u32(b: Octets, p: number): number {
  const c = b[p]!
  if (c < 128) {
    r.p = p + 1
    return c
  }
  const c1 = b[p + 1]!
  if (c1 < 128) {
    r.p = p + 2
    return (c1 << 7) | (c & 127)
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
  const stopAt = sized(b, p, end)
  if (stopAt < 0) return undefined
  const found = text(b, r.p, stopAt, state.lenient ? r.n : max)
  r.p = stopAt
  if (found === undefined && state.lenient) stop("encoding")
  return found
}

/** Octets, `min` to `max` of them; undefined for others. Sets `r.p`. */
export function octetsAt(b: Octets, p: number, end: number, min: number, max: number): Uint8Array | undefined {
  const stopAt = sized(b, p, end)
  if (stopAt < 0) return undefined
  const size = stopAt - r.p
  if (!state.lenient && (size < min || size > max)) return undefined
  const octets = new Uint8Array(size)
  for (let i = 0; i < size; i++) octets[i] = b[r.p + i]!
  r.p = stopAt
  return octets
}

/** Passes a field that the message does not have. False where it has it with another wire type, or the wire is broken. */
export function skipField(b: Octets, p: number, end: number, tag: number, known: readonly number[]): boolean {
  r.p = p
  const wire = tag & 7
  if (!(tag >= 8)) stop("syntax")
  else if (wire === 3 || wire === 4 || wire > 5 || known.includes(tag >>> 3)) stop("wire_type")
  else if (wire === 0) return varint(b, p) >= 0
  else if (wire === 2) {
    const stopAt = sized(b, p, end)
    r.p = stopAt
    return stopAt >= 0
  } else {
    r.p = p + (wire === 1 ? 8 : 4)
    return true
  }
  return false
}

/** Where a message field stood that stands again: its occurrences are read as one, one after the other. */
export type Places = number[]

/** Notes an earlier place. */
export function again(places: Places | undefined, from: number, to: number): Places | undefined {
  if (from < 0) return undefined
  if (places === undefined) return [from, to]
  places.push(from, to)
  return places
}

/** Reads a message whose field stands more than once, as if its occurrences were one. */
export function merged<T>(read: ReadMessage<T>, places: Places, from: number, to: number): T | undefined {
  places.push(from, to)
  let size = 0
  for (let i = 0; i < places.length; i += 2) size += places[i + 1]! - places[i]!
  const at = state.tail
  if (at + size + 8 > r.b.length) {
    const old = r.b
    enlarge(at + size + 8)
    r.b.set(old.subarray(0, at))
  }
  let p = at
  for (let i = 0; i < places.length; i += 2) {
    if (!isWhole(r.b, places[i]!, places[i + 1]!)) return undefined
    r.b.copyWithin(p, places[i]!, places[i + 1]!)
    p += places[i + 1]! - places[i]!
  }
  r.d.setFloat64(p, 0)
  state.tail = p + 8
  return read(r.b, r.d, at, p)
}

/** True where what another branch takes the place of is protobuf of its own message, whatever its values. */
export function superseded(read: ReadMessage<unknown>, from: number, to: number, places?: Places): boolean {
  const { lenient } = state
  state.lenient = true
  const value = places === undefined ? read(r.b, r.d, from, to) : merged(read, places, from, to)
  state.lenient = lenient
  return value !== undefined
}

/** A field begun in one occurrence must not end in the next. */
function isWhole(b: Octets, p: number, end: number): boolean {
  while (p < end) {
    const tag = varint(b, p)
    if (!skipField(b, r.p, end, high === 0 ? tag : 0, [])) return false
    p = r.p
  }
  if (p > end) stop("truncated")
  return p === end
}
