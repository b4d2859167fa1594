import type { NextRandom } from "./random-value.js"

/** Random numbers in [0, 1) that a seed decides (mulberry32): the same seed gives the same run on every machine. */
export function createSeededRandom(seed: number): NextRandom {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
