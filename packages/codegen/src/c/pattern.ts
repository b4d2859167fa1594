import { compilePattern, type StringFormat, type StringIr } from "@fleetwire/ir"

/** Octets of a pattern's automaton, as the kernel's `fw_fits` reads them. */
export function automatonOf(pattern: string): readonly number[] {
  return statesOf(pattern).flatMap(({ accepting, edges }) => [
    ...varint(edges.length * 2 + (accepting ? 1 : 0)),
    ...edges.flatMap(({ from, to, target }) => [from, to - from, target].flatMap(varint)),
  ])
}

function statesOf(pattern: string) {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new RangeError(`not a pattern of the language: ${pattern} (${compiled.issue.message})`)
  return compiled.value.states
}

/** A pattern of which each text is a row of octets that each lie between two: `[a-z]-[0-9]{2,4}`. */
export interface Line {
  /** Fewest and most octets. */
  readonly least: number
  readonly most: number
  /** First and last octet for each place. */
  readonly pairs: readonly number[]
}

/** The pattern as a row of places, which takes less flash and time than an automaton; undefined where it is none. */
export function lineOf(pattern: string): Line | undefined {
  const states = statesOf(pattern)
  const pairs: number[] = []
  let least: number | undefined
  let at = 0
  for (let place = 0; place <= 255; place++) {
    const { accepting, edges } = states[at]!
    if (accepting) least ??= place
    else if (least !== undefined) return undefined
    const [edge] = edges
    if (edge === undefined) return least === undefined ? undefined : { least, most: place, pairs }
    if (edges.length > 1 || edge.to > 0x7f) return undefined
    pairs.push(edge.from, edge.to)
    at = edge.target
  }
  return undefined
}

/** All that fits a pattern may stand in a level of a topic. */
export function isLevelSafe(pattern: string): boolean {
  const states = statesOf(pattern)
  return (
    !states[0]!.accepting &&
    states.every(({ edges }) =>
      edges.every(
        ({ from, to }) =>
          from >= 0x20 && to < 0x7f && ["/", "+", "#", "{", "}"].every((one) => !isBetween(one, from, to)),
      ),
    )
  )
}

function isBetween(character: string, from: number, to: number): boolean {
  const point = character.codePointAt(0)!
  return point >= from && point <= to
}

/** A text fits a pattern. */
export function fits(pattern: string, text: string): boolean {
  const states = statesOf(pattern)
  let at = 0
  for (const character of text) {
    const edge = states[at]!.edges.find(({ from, to }) => isBetween(character, from, to))
    if (edge === undefined) return false
    at = edge.target
  }
  return states[at]!.accepting
}

/** Every pattern that a string must fit, that of its format among them. */
export function patternsOf(type: StringIr): readonly string[] {
  return [
    ...(type.pattern === undefined ? [] : [type.pattern]),
    ...(type.format === undefined ? [] : [FORMATS[type.format]]),
  ]
}

/** Most octets of UTF-8, where that says more than the length in code points. */
export function octetBound(type: StringIr): number | undefined {
  if (type.format === "hostname") return Math.min(253, type.maxBytes ?? 253)
  if (type.maxBytes === undefined) return undefined
  return type.maxLength !== undefined && type.maxBytes >= type.maxLength * 4 ? undefined : type.maxBytes
}

// Years of four digits that have a 29 February.
const LEAP = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|(0[048]|[2468][048]|[13579][26])00)"
const DAY = "(0[1-9]|1[0-9]|2[0-8])"
const DATE = `([0-9]{4}-((0[13578]|1[02])-(${DAY}|29|30|31)|(0[469]|11)-(${DAY}|29|30)|02-${DAY})|${LEAP}-02-29)`
const TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(Z|[+\\-]([01][0-9]|2[0-3]):[0-5][0-9])"
const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
const LABEL = "[0-9A-Za-z]([0-9A-Za-z\\-]{0,61}[0-9A-Za-z])?"

/** The grammars of the language document as patterns. */
const FORMATS: { readonly [format in StringFormat]: string } = {
  "date-time": `${DATE}T${TIME}`,
  date: DATE,
  time: TIME,
  uuid: "[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
  ipv4: `${OCTET}(\\.${OCTET}){3}`,
  hostname: `${LABEL}(\\.${LABEL})*`,
  uri: "[A-Za-z][A-Za-z0-9+.\\-]*:([A-Za-z0-9_.~:/?#\\[\\]@!$&'()*+,;=\\-]|%[0-9A-Fa-f]{2})*",
}

function varint(value: number): readonly number[] {
  const octets: number[] = []
  for (; value > 0x7f; value = Math.floor(value / 128)) octets.push((value % 128) | 0x80)
  return [...octets, value]
}
