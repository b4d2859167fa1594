import { putBase64 } from "./base64.js"
import { isEnumNumber } from "./check.js"
import { allocate, NodeBuffer, type Octets, viewOf } from "./cursor.js"
import { TEN } from "./number-read.js"
import { points } from "./well-formed.js"

/** Thrown where the bytes do not fit; the encoding begins anew with more room. Never leaves the kernel. */
export const GROW: unique symbol = /* @__PURE__ */ Symbol("grow")

/** Where writing stands. `lim` is the last position at which a message's constant parts still fit. */
export const w: { lim: number } = { lim: 0 }

/** A message's writer: gives the position behind what it wrote, or -1 where the value is invalid. */
export type Write<T> = (value: T, b: Octets, d: DataView, p: number) => number

interface Area {
  readonly b: Octets
  readonly d: DataView
  readonly memory: ArrayBuffer
  readonly offset: number
}

/** Small messages are written where they stay: in pieces of the pool of Node's Buffer, which nobody can transfer. */
const REGION = 4032

let region: Area | undefined
/** Where the free part of `region` begins; at its end as long as there is none. */
let used = REGION
let arena: Area | undefined

/**
 * The most octets of one pass through a writer's code, lists and strings apart; and how many messages more are not
 * tried where only small ones fit, after one did not.
 */
export interface Room {
  readonly room: number
  skip: number
}

function area(b: Octets): Area {
  return { b, d: viewOf(b), memory: b.buffer, offset: b.byteOffset }
}

/** Writes from `from` on and gives the end; -1 where the value is invalid, -2 where it does not fit. */
function attempt<T>(value: T, write: Write<T>, { b, d }: Area, from: number, room: number): number {
  w.lim = b.length - room
  try {
    return write(value, b, d, from)
  } catch (error) {
    if (error === GROW) return -2
    throw error
  }
}

/** The bytes of a value; undefined where it is invalid. Lists and strings look for room themselves. */
export function written<T>(value: T, write: Write<T>, size: Room): Uint8Array | undefined {
  const { room } = size
  if (size.skip > 0) size.skip--
  else if (NodeBuffer !== undefined && room <= 1024) {
    // Where what is left of the piece is too little, a fresh one may do.
    for (let fresh = false; !fresh; ) {
      fresh = used + room > REGION
      if (fresh) {
        region = area(NodeBuffer.allocUnsafe(REGION))
        used = 0
      }
      const from = used
      const end = attempt(value, write, region!, from, room)
      if (end === -1) return undefined
      if (end >= 0) {
        used = end
        return new Uint8Array(region!.memory, region!.offset + from, end - from)
      }
      used = REGION
    }
    size.skip = 32
  }
  for (let least = Math.max(65_536, room * 2); ; least = arena.b.length * 2) {
    if (arena === undefined || arena.b.length < least) arena = area(allocate(least))
    const end = attempt(value, write, arena, 0, room)
    if (end === -1) return undefined
    if (end >= 0) return new Uint8Array(arena.b.subarray(0, end))
  }
}

/** Ends an attempt for which the room is too small. */
export function grow(): never {
  throw GROW
}

/** Writes an integer in decimal. */
export function putInt(b: Octets, p: number, v: number): number {
  if (v < 0) {
    b[p++] = 45
    v = -v
  }
  if (v < 10) {
    b[p] = 48 + v
    return p + 1
  }
  if (v >= 1e9) {
    const high = Math.floor(v / 1e9)
    p = putInt(b, p, high)
    v -= high * 1e9
    for (let i = p + 8; i >= p; i--) {
      const t = (v / 10) | 0
      b[i] = 48 + v - t * 10
      v = t
    }
    return p + 9
  }
  let end = p + 2
  if (v >= 100) {
    end++
    for (let t = 1000; v >= t; t *= 10) end++
  }
  for (let i = end - 1; i >= p; i--) {
    const t = (v / 10) | 0
    b[i] = 48 + v - t * 10
    v = t
  }
  return end
}

/** Writes a 64-bit integer: a literal within ±(2^53−1), otherwise a string. */
export function putWide(b: Octets, p: number, v: bigint): number {
  const near = Number(v)
  if (Number.isSafeInteger(near)) return putInt(b, p, near)
  b[p++] = 34
  p = putAscii(b, p, v.toString())
  b[p] = 34
  return p + 1
}

/** Writes ASCII as it is. */
export function putAscii(b: Uint8Array, p: number, text: string): number {
  for (let i = 0; i < text.length; i++) b[p++] = text.charCodeAt(i)
  return p
}

/** Writes a finite number with the fewest digits that read back as the same double; -0 keeps its sign. */
export function putNum(b: Octets, p: number, v: number): number {
  if (v < 0 || (v === 0 && 1 / v < 0)) {
    b[p++] = 45
    v = -v
  }
  if (v < 1e15 && v >= 1e-5) {
    // A decimal of at most 15 digits names one double only, so what reads back is the shortest.
    for (let places = 0; places <= 8; places++) {
      const scaled = Math.round(v * TEN[places]!)
      if (scaled >= 1e15) break
      if (scaled / TEN[places]! === v) return putScaled(b, p, scaled, places)
    }
  } else if (v === 0) {
    b[p] = 48
    return p + 1
  }
  return putAscii(b, p, String(v))
}

/** Writes `scaled / 10^places` in decimal. */
function putScaled(b: Octets, p: number, scaled: number, places: number): number {
  if (places === 0) return putInt(b, p, scaled)
  const whole = Math.floor(scaled / TEN[places]!)
  let rest = scaled - whole * TEN[places]!
  p = putInt(b, p, whole)
  b[p] = 46
  for (let i = p + places; i > p; i--) {
    const t = (rest / 10) | 0
    b[i] = 48 + rest - t * 10
    rest = t
  }
  return p + places + 1
}

/** Writes a float32 with few digits that read back, once rounded, as the same float32. */
export function putFloat32(b: Octets, p: number, v: number): number {
  if (v === 0 || Number.isInteger(v)) return putNum(b, p, v)
  const size = Math.abs(v)
  if (size >= 1e-5 && size < 1e6) {
    for (let places = 1; places <= 8; places++) {
      const scaled = Math.round(size * TEN[places]!)
      if (Math.fround(scaled / TEN[places]!) !== size) continue
      if (v < 0) b[p++] = 45
      return putScaled(b, p, scaled, places)
    }
  }
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(v.toPrecision(digits))
    if (Math.fround(short) === v) return putNum(b, p, short)
  }
  return putNum(b, p, v)
}

/** Writes a string up to its closing quote, the opening one being there; -1 where it has more than `max` code points or half of a surrogate pair. */
export function putStr(b: Octets, p: number, v: unknown, max: number): number {
  if (typeof v !== "string") return -1
  const n = v.length
  if (p + n * 6 > w.lim) grow()
  p = n > LONG && n <= max && !NEEDS_CARE.test(v) ? putUtf8(b, p, v) : putChars(b, p, v, max, true)
  b[p] = 34
  return p < 0 ? p : p + 1
}

/** Texts of more UTF-16 units than this are worth a call out of the engine. */
export const LONG = 48

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes these, and halves of pairs are looked at.
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/

let encoder: TextEncoder | undefined

/** Writes a well-formed text as UTF-8. */
export function putUtf8(b: Octets, p: number, v: string): number {
  if (NodeBuffer !== undefined) return p + b.write!(v, p)
  encoder ??= new TextEncoder()
  return p + encoder.encodeInto(v, b.subarray(p)).written
}

const HEX = "0123456789abcdef"

/**
 * Writes characters as UTF-8, for JSON with its escapes; -1 where they are more than `max` code points, or have half of a
 * surrogate pair.
 */
export function putChars(b: Octets, p: number, v: string, max: number, json: boolean): number {
  const n = v.length
  if (n > max && points(v) > max) return -1
  for (let i = 0; i < n; i++) {
    let c = v.charCodeAt(i)
    if (c < 128) {
      if (!json || (c > 31 && c !== 34 && c !== 92)) b[p++] = c
      else {
        b[p++] = 92
        const short = c > 31 ? c : SHORT[c]!
        if (short > 1) b[p++] = short
        else {
          b[p++] = 117
          b[p++] = 48
          b[p++] = 48
          b[p++] = 48 + (c >> 4)
          b[p++] = HEX.charCodeAt(c & 15)
        }
      }
    } else if (c < 0x800) {
      b[p++] = 0xc0 | (c >> 6)
      b[p++] = 0x80 | (c & 63)
    } else {
      if ((c & 0xf800) === 0xd800) {
        const low = i + 1 < n ? v.charCodeAt(++i) : 0
        if (c > 0xdbff || (low & 0xfc00) !== 0xdc00) return -1
        c = 0x10000 + ((c - 0xd800) << 10) + low - 0xdc00
        b[p++] = 0xf0 | (c >> 18)
        b[p++] = 0x80 | ((c >> 12) & 63)
      } else b[p++] = 0xe0 | (c >> 12)
      b[p++] = 0x80 | ((c >> 6) & 63)
      b[p++] = 0x80 | (c & 63)
    }
  }
  return p
}

// \b \t \n \f \r have letters; the other control characters do not.
const SHORT: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 98, 116, 110, 0, 102, 114]

/** Writes octets as base64 with its quotes; -1 where they are none, or not of `min` to `max` octets. */
export function putBytes(b: Octets, p: number, v: unknown, min: number, max: number): number {
  if (!(v instanceof Uint8Array) || v.length < min || v.length > max) return -1
  if (p + v.length * 2 > w.lim) grow()
  b[p] = 34
  p = putBase64(b, p + 1, v)
  b[p] = 34
  return p + 1
}

/** The number of an open enum's value that has no name, such as `#7`; -1 where it is none. */
export function enumNumber(name: string): number {
  const number = /^#(?:0|[1-9]\d{0,9})$/.test(name) ? Number(name.slice(1)) : -1
  return isEnumNumber(number) ? number : -1
}
