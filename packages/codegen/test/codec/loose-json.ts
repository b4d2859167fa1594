import type { FieldIr, TypeIr } from "@fleetwire/ir"
import type { SeededRandom } from "./seeded-random.js"

/**
 * JSON of a value as other writers may spell it, and sometimes as none should: keys in any order, white space, escapes,
 * unusual numbers, unknown keys, repeated keys, null, wrong types.
 */
export function looseJson(type: TypeIr, value: unknown, random: SeededRandom, compact: boolean): string {
  const text = write(type, value, { random, compact, spaces: random.once(3) ? 3 : 0, odd: random.once(2) ? 40 : 1e9 })
  return random.once(60) ? `${text}${random.pick([" ", "x", "}", "\n", "\u0000", ",", "\ufeff"])}` : text
}

interface World {
  readonly random: SeededRandom
  readonly compact: boolean
  /** White space once in so many places; 0 never. */
  readonly spaces: number
  /** Something odd once in so many places. */
  readonly odd: number
}

function write(type: TypeIr | undefined, value: unknown, world: World): string {
  const { random } = world
  const ws = (): string =>
    world.spaces > 0 && random.once(world.spaces) ? random.pick([" ", "\n", "\t", "\r\n", "  "]) : ""
  if (random.once(world.odd)) return ws() + junk(random, 0) + ws()
  return ws() + inner(type, value, world, ws) + ws()
}

function inner(type: TypeIr | undefined, value: unknown, world: World, ws: () => string): string {
  const { random } = world
  if (value instanceof Uint8Array) {
    const base64 = btoa(Array.from(value, (octet) => String.fromCharCode(octet)).join(""))
    return text(random.once(world.odd) ? base64.replace("=", "") : base64, world)
  }
  if (typeof value === "bigint") {
    const safe = value <= 9007199254740991n && value >= -9007199254740991n
    if (random.once(world.odd)) return `${value}`
    return safe && !random.once(3) ? number(`${value}`, world) : text(`${value}`, world)
  }
  if (typeof value === "number")
    return Number.isFinite(value) ? number(Object.is(value, -0) ? "-0" : String(value), world) : "1e999"
  if (typeof value === "string") {
    if (type?.kind === "enum" && world.compact && type.compactAs === "number") {
      const known = type.values.find(({ name }) => name === value)
      if (known !== undefined) return number(`${known.number}`, world)
      if (/^#\d+$/.test(value)) return value.slice(1)
    }
    return text(value, world)
  }
  if (Array.isArray(value)) {
    const item = type?.kind === "list" ? type.item : undefined
    return `[${value.map((one) => write(item, one, world)).join(",")}${value.length === 0 ? ws() : ""}]`
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]) => {
      const field = fieldOf(type, value, name)
      const key = world.compact ? (field?.short ?? name) : name
      return `${ws()}${text(key, world)}${ws()}:${write(field?.type ?? (type?.kind === "map" ? type.value : undefined), member, world)}`
    })
    if (random.once(world.odd) && members.length > 0) members.push(random.pick(members))
    if (random.once(world.odd))
      members.push(`${JSON.stringify(random.pick(["unknown", "extra", "__proto__", "é"]))}:${junk(random, 3)}`)
    if (random.once(3)) members.sort(() => random.next() - 0.5)
    return `{${members.join(",")}${members.length === 0 ? ws() : ""}}`
  }
  return JSON.stringify(value) ?? "null"
}

function fieldOf(type: TypeIr | undefined, value: object, name: string): FieldIr | undefined {
  if (type?.kind === "object") return type.fields.find((field) => field.name === name)
  if (type?.kind !== "union") return undefined
  const branch = type.branches.find((candidate) => candidate.value === (value as { [key: string]: unknown })[type.tag])
  return branch?.type.fields.find((field) => field.name === name)
}

function text(value: string, { random, odd }: World): string {
  let spelled = JSON.stringify(value)
  if (random.once(odd)) spelled = spelled.replace(/[a-z]/, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
  if (random.once(odd)) spelled = spelled.replaceAll("/", "\\/")
  if (random.once(odd)) spelled = spelled.replace("😀", "\\ud83d\\ude00")
  if (random.once(odd * 4))
    spelled = spelled.replace(/[a-z]/, () => random.pick(["\\x", "\\ud800", "\\u12", "\n", "\u0001", "\\", '"']))
  return spelled
}

function number(literal: string, { random, odd }: World): string {
  if (!random.once(Math.min(odd, 200))) return literal
  const plain = /^-?\d+$/.test(literal)
  return random.pick([
    literal,
    plain ? `${literal}.0` : literal,
    plain ? `${literal}e0` : literal,
    plain ? `${literal}0E-1` : literal,
    plain ? `${literal}.000000000000000000000001` : literal,
    `${literal}e+1`,
    `0${literal}`,
    `+${literal}`,
    `${literal}.`,
    `-${literal}`,
    `"${literal}"`,
    `.5`,
    `${literal}e`,
    "-",
    "123456789012345678901234567890",
    "0.1234567890123456789",
    "9007199254740993",
    "-0.0",
    "1e400",
    "1e-400",
    "NaN",
  ])
}

function junk(random: SeededRandom, depth: number): string {
  switch (random.below(depth > 0 ? 14 : 11)) {
    case 0:
      return "null"
    case 1:
      return "true"
    case 2:
      return '"text"'
    case 3:
      return "[]"
    case 4:
      return "{}"
    case 5:
      return "17"
    case 6:
      return "-1.5e3"
    case 7:
      return random.pick([
        "nul",
        "truE",
        "",
        "'x'",
        "undefined",
        "[1,]",
        "{a:1}",
        '{"a":1,}',
        "[1 2]",
        "01",
        "1.e1",
        "[,1]",
      ])
    case 8:
      return '"\\u00e9\\n\\"é😀"'
    case 9:
      return random.once(40) ? "[".repeat(70) + "]".repeat(70) : "[[[]]]"
    case 10:
      return '""'
    default:
      return random.once(2)
        ? `[${junk(random, depth - 1)}, ${junk(random, depth - 1)}]`
        : `{"a" : ${junk(random, depth - 1)},"b":{ }}`
  }
}
