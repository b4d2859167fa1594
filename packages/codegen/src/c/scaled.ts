import type { FloatIr } from "@fleetwire/ir"

/** How a float is carried as an integer in units of its last declared decimal. */
export interface Scaled {
  readonly places: number
  readonly bits: 32 | 64
  /** Bounds in those units. */
  readonly min: number
  readonly max: number
  /** By how much a number may lie below or above a bound and is still taken for it, in 10^-9 of the unit. */
  readonly below: number
  readonly above: number
  /** The integer needs 64 bits. */
  readonly wide: boolean
}

/**
 * The integer form of a float, where its bounds and decimals allow one that is exact: every such decimal names one float
 * only, and no shorter decimal names the same. Undefined otherwise.
 */
export function scaledOf(type: FloatIr): Scaled | undefined {
  const { bits, decimals: places, min, max } = type
  if (places === undefined || places > 9 || min === undefined || max === undefined) return undefined
  const unit = 10 ** places
  const bounds = [min, max].map((bound) => Math.round(bound * unit))
  if (bounds.some((bound, index) => Math.abs(bound - [min, max][index]! * unit) > 1e-6)) return undefined
  const size = Math.max(...bounds.map(Math.abs))
  // A float32 has 24 bits; decimals of up to 15 digits are apart as doubles.
  if (size >= (bits === 32 ? 2 ** 23 : 1e15)) return undefined
  const slack = (bound: number): number =>
    Math.min(Math.max(1, Math.floor(halfStep(bound, bits) * unit * 1e9)), 400_000_000)
  return {
    places,
    bits,
    min: bounds[0]!,
    max: bounds[1]!,
    below: slack(min),
    above: slack(max),
    wide: size > 0x7fffffff,
  }
}

/** Half the distance from a bound to the next float: what lies nearer is rounded to the bound. */
function halfStep(bound: number, bits: 32 | 64): number {
  if (bound === 0) return 0
  return 2 ** (Math.floor(Math.log2(Math.abs(bound))) - (bits === 32 ? 24 : 53))
}
