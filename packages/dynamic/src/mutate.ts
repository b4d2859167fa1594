import type { NextRandom } from "./random-value.js"
import { dictionary, record } from "./world.js"

/** Values that break rules somewhere: wrong kinds, edges of ranges, text that is no text. */
const STRANGE: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -0,
  -1,
  1.5,
  255,
  256,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e39,
  0n,
  1n << 63n,
  1n << 64n,
  -(1n << 63n) - 1n,
  "",
  "a",
  "\ud800",
  "😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
  "online",
  "#5",
  "#01",
  "__proto__",
  [],
  {},
  new Uint8Array(0),
  new Uint8Array(40),
]

/**
 * A value with one place changed: another value there, a member left out or added, an item repeated or removed. The
 * result may be valid or not; the given value is left as it is.
 */
export function mutateValue(value: unknown, next: NextRandom): unknown {
  const strange = (): unknown => STRANGE[Math.floor(next() * STRANGE.length)]
  if (next() < 0.3) return strange()
  if (Array.isArray(value)) {
    const items = [...(value as unknown[])]
    const at = Math.floor(next() * (items.length + 1))
    const roll = next()
    if (roll < 0.2) items.splice(at, 1)
    else if (roll < 0.4) items.splice(at, 0, ...(items.length > 0 ? [items[0]] : [strange()]))
    else if (at < items.length) items[at] = mutateValue(items[at], next)
    return items
  }
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    const members = Object.entries(value)
    const at = Math.floor(next() * members.length)
    const roll = next()
    if (roll < 0.15 || members.length === 0) members.push([next() < 0.5 ? "zz" : "toString", strange()])
    else if (roll < 0.35) members.splice(at, 1)
    else members[at] = [members[at]![0], mutateValue(members[at]![1], next)]
    return Object.getPrototypeOf(value) === null ? dictionary(members) : record(members)
  }
  if (typeof value === "number") return next() < 0.5 ? value + (next() < 0.5 ? 1 : -1) : value / 3
  if (typeof value === "bigint") return value + (next() < 0.5 ? 1n : -1n)
  if (typeof value === "string") return next() < 0.5 ? `${value}x` : value.slice(1)
  return strange()
}

/** Octets with one to three changes: bits turned, octets taken out, put in or repeated, the end cut off. */
export function mutateOctets(octets: Uint8Array, next: NextRandom): Uint8Array {
  let out = [...octets]
  const below = (limit: number) => Math.floor(next() * limit)
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(out.length + 1)
    switch (below(6)) {
      case 0:
        if (at < out.length) out[at] = out[at]! ^ (1 << below(8))
        break
      case 1:
        out.splice(at, 1 + below(3))
        break
      case 2:
        out.splice(at, 0, INTERESTING[below(INTERESTING.length)]!)
        break
      case 3:
        out.splice(at, 0, ...out.slice(at, at + 1 + below(8)))
        break
      case 4:
        out = out.slice(0, at)
        break
      default:
        if (at < out.length) out[at] = INTERESTING[below(INTERESTING.length)]!
    }
  }
  return Uint8Array.from(out)
}

/** Octets that mean something in JSON, in varints or in UTF-8. */
const INTERESTING = [
  ...[0x00, 0x01, 0x08, 0x0a, 0x7f, 0x80, 0xbf, 0xc0, 0xe2, 0xed, 0xf0, 0xf4, 0xff],
  ...new TextEncoder().encode('{}[]",:\\0123456789.eE+-ntf u\n'),
]
