import { type Octets, r } from "./cursor.js"
import { ascii } from "./string-read.js"

/** Powers of ten that a double holds exactly. */
export const TEN: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]

/**
 * An integer literal of at most 16 digits at `p`, without fraction or exponent; NaN for anything else. `r.p` is left
 * behind it. Never -0. A result beyond ±(2^53−1) is not exact, and no range allows it; up to there each step is.
 */
export function int(b: Octets, p: number): number {
  const from = p
  let c = b[p]!
  if (c === 45) c = b[++p]!
  let v = c - 48
  if (v < 0 || v > 9) return Number.NaN
  c = b[++p]!
  if (v !== 0) {
    for (; c >= 48 && c <= 57; c = b[++p]!) v = v * 10 + (c - 48)
    if (p - from > 16) return Number.NaN
  }
  if (c === 46 || (c | 32) === 101) return Number.NaN
  r.p = p
  return b[from] === 45 ? 0 - v : v
}

/**
 * A number literal without exponent at `p`, of at most 15 digits; NaN for anything else. Its digits as an integer and
 * the power of ten are both exact, so the quotient is the double nearest to the literal, as `JSON.parse` gives it.
 */
export function num(b: Octets, p: number): number {
  const from = p
  let c = b[p]!
  if (c === 45) c = b[++p]!
  let v = c - 48
  if (v < 0 || v > 9) return Number.NaN
  c = b[++p]!
  if (v !== 0) for (; c >= 48 && c <= 57; c = b[++p]!) v = v * 10 + c - 48
  if (c === 46) {
    const dot = p
    c = b[++p]!
    for (; c >= 48 && c <= 57; c = b[++p]!) v = v * 10 + c - 48
    const places = p - dot - 1
    if (places === 0 || p - from > 16) return Number.NaN
    v /= TEN[places]!
  } else if (p - from > 15) return Number.NaN
  if ((c | 32) === 101) return Number.NaN
  r.p = p
  return b[from] === 45 ? -v : v
}

/** Any number literal of JSON's grammar at `p`, as `JSON.parse` reads it; NaN where there is none. Sets `r.p`. */
export function anyNumber(b: Octets, p: number): number {
  const quick = num(b, p)
  if (!Number.isNaN(quick)) return quick
  const from = p
  if (b[p] === 45) p++
  const first = p
  p = digits(b, p)
  if (p === first || (b[first] === 48 && p > first + 1)) return Number.NaN
  if (b[p] === 46) {
    const places = ++p
    p = digits(b, p)
    if (p === places) return Number.NaN
  }
  if ((b[p]! | 32) === 101) {
    p++
    if (b[p] === 43 || b[p] === 45) p++
    const exponent = p
    p = digits(b, p)
    if (p === exponent) return Number.NaN
  }
  r.p = p
  return Number(ascii(b, from, p))
}

function digits(b: Octets, p: number): number {
  while (b[p]! >= 48 && b[p]! <= 57) p++
  return p
}

const WIDE = /^(?:0|-?[1-9]\d{0,19})$/

/** A decimal string without leading zeros, as 64-bit integers are written in JSON; undefined for anything else. */
export function parseWide(text: string): bigint | undefined {
  return WIDE.test(text) ? BigInt(text) : undefined
}
