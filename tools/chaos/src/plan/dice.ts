import { seededRandom } from "@fleetwire/runtime/testing"

/** Draws from one seed. */
export interface Dice {
  /** Whole numbers in [low, high]. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** A value's weight is its number: `{ a: 3, b: 1 }` gives `a` three times out of four. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
}

/** The same seed gives the same draws. */
export function createDice(seed: number): Dice {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995)
  const dice: Dice = {
    between: (low, high) => low + Math.floor(random.next() * (high - low + 1)),
    chance: (probability) => random.next() < probability,
    pick: (from) => from[Math.floor(random.next() * from.length)]!,
    weighted(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of entries) {
        left -= weight
        if (left < 0) return value
      }
      return entries.at(-1)![0]
    },
  }
  return dice
}
