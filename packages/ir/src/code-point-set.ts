/** Inclusive ranges of code points, ascending, apart by more than one, without surrogates. */
export type CodePointSet = readonly (readonly [from: number, to: number])[]

const MAX = 0x10ffff

/** Brings ranges in any order, overlapping or not, into the form of a `CodePointSet`. Surrogates are left out. */
export function normalizeSet(ranges: Iterable<readonly [number, number]>): CodePointSet {
  const parts: [number, number][] = []
  for (const [from, to] of ranges) {
    // Text on the wire is UTF-8, which has no surrogates.
    if (from < 0xd800) parts.push([from, Math.min(to, 0xd7ff)])
    if (to > 0xdfff) parts.push([Math.max(from, 0xe000), to])
  }
  parts.sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [from, to] of parts) {
    if (from > to) continue
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** Every code point of text that is not in the set. */
export function complementSet(set: CodePointSet): CodePointSet {
  const rest: [number, number][] = []
  let next = 0
  for (const [from, to] of set) {
    if (from > next) rest.push([next, from - 1])
    next = to + 1
  }
  if (next <= MAX) rest.push([next, MAX])
  return normalizeSet(rest)
}

const WHITE: CodePointSet = normalizeSet([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
])

const WORD: CodePointSet = normalizeSet([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
])

const DIGIT: CodePointSet = [[0x30, 0x39]]

/** What `.` stands for: everything but line ends. */
export const DOT: CodePointSet = complementSet(
  normalizeSet([
    [0x0a, 0x0a],
    [0x0d, 0x0d],
    [0x2028, 0x2029],
  ]),
)

/** What `\d`, `\D`, `\w`, `\W`, `\s` and `\S` stand for, by their letter; ECMAScript's meaning under the flag `u`. */
export const CLASS_ESCAPES: { readonly [letter: string]: CodePointSet } = {
  d: DIGIT,
  D: complementSet(DIGIT),
  w: WORD,
  W: complementSet(WORD),
  s: WHITE,
  S: complementSet(WHITE),
}
