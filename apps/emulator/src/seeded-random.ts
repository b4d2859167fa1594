/** One draw: a number in [0, 1) and the state to draw from next. */
export interface Draw {
  readonly value: number
  readonly next: number
}

/** Draws from a 32-bit state (mulberry32). The same state yields the same draw on every machine. */
export function draw(state: number): Draw {
  const next = (state + 0x6d2b79f5) >>> 0
  return { value: scramble(next), next }
}

/** State to start from, different for each pair of seed and name, so that cars of one seed do not move in step. */
export function seedFor(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0
  }
  return Math.floor(scramble(hash) * 0x1_0000_0000) >>> 0
}

/**
 * Noise that is a pure function of state and channel: mean 0, standard deviation 1, within ±3.47. It is a sum of
 * uniform draws, because `Math.log` and `Math.cos` may differ in the last bit between engines.
 */
export function noiseOf(state: number, channel: number): number {
  let cursor = Math.imul(state ^ Math.imul(channel + 1, 0x9e3779b1), 0x85ebca6b) >>> 0
  let sum = 0
  for (let index = 0; index < 4; index += 1) {
    const drawn = draw(cursor)
    sum += drawn.value
    cursor = drawn.next
  }
  return (sum - 2) * Math.sqrt(3)
}

function scramble(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
}
