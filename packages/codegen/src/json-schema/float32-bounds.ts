const bits = new DataView(new ArrayBuffer(4))

/** The next float32 in a direction. Infinity where there is none. */
function next(value: number, up: boolean): number {
  if (value === 0) return up ? 2 ** -149 : -(2 ** -149)
  bits.setFloat32(0, value)
  bits.setInt32(0, bits.getInt32(0) + (value > 0 === up ? 1 : -1))
  return bits.getFloat32(0)
}

/** Where a range of doubles begins or ends. */
export interface Edge {
  readonly at: number
  /** `at` itself is outside. */
  readonly exclusive: boolean
}

const LARGEST = 3.4028234663852886e38

/**
 * The doubles that are at least `min` once they are rounded to the nearest float32: rounding happens before the bound
 * is looked at, so the edge is half-way between two float32.
 */
export function leastDouble(min = -LARGEST): Edge {
  let first = Math.fround(min)
  if (first < min) first = next(first, true)
  const before = first === -LARGEST ? -(2 ** 128) : next(first, false)
  return edge(first, before)
}

/** The doubles that are at most `max` once they are rounded to the nearest float32. */
export function greatestDouble(max = LARGEST): Edge {
  let last = Math.fround(max)
  if (last > max) last = next(last, false)
  const after = last === LARGEST ? 2 ** 128 : next(last, true)
  return edge(last, after)
}

function edge(inside: number, outside: number): Edge {
  const at = (inside + outside) / 2
  return { at, exclusive: Math.fround(at) !== inside }
}
