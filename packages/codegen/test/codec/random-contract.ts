import type { ContractIr, EnumIr, FieldIr, IntIr, JsonValue, ObjectIr, StringIr, TypeIr } from "@fleetwire/ir"
import { contractOf } from "./car-contract.js"
import type { SeededRandom } from "./seeded-random.js"

const NAMES = [
  "a", "id", "value", "device_id", "ts", "Ä", "k\"ey", "__proto__", "constructor", "toString", "hasOwnProperty",
  "π", "日本", "a/b~c", "temperature", "longitude_of_the_antenna", "x1", "😀", "new", "p", "b",
] // biome-ignore format: a table

const PATTERNS = ["car-[0-9]{3,6}", "(ab|c)*d?", "[^x]{0,4}", "\\w+", "[a-fé😀]{1,3}", "v\\d+\\.\\d+"]
const FORMATS = ["date-time", "date", "time", "uuid", "ipv4", "hostname", "uri"] as const

/** A contract of the whole profile; the same for the same random numbers. */
export function randomContract(random: SeededRandom, messages = 4): ContractIr {
  const names = { next: 0 }
  return contractOf(
    Array.from({ length: messages }, (_, index) => ({ name: `M${index}`, type: topType(random, names) })),
    "random",
  )
}

interface Names {
  next: number
}

function topType(random: SeededRandom, names: Names): TypeIr {
  if (random.once(6)) return scalar(random, names)
  return random.once(6) ? union(random, names, 2) : object(random, names, 2)
}

function object(random: SeededRandom, names: Names, depth: number, avoid: readonly string[] = []): ObjectIr {
  const count = random.once(30) ? 40 : random.below(6)
  const fields: FieldIr[] = []
  const numbers = new Set<number>()
  for (let i = 0; i < count; i++) {
    const name = random.once(2) ? random.pick(NAMES) : `f${i}`
    if (fields.some((field) => field.name === name) || avoid.includes(name)) continue
    let number = i + 1
    if (random.once(4)) number = random.pick([16, 100, 2047, 2048, 536870000]) + i
    if (numbers.has(number)) continue
    numbers.add(number)
    fields.push(field(random, names, depth, { name, number }))
  }
  return { kind: "object", name: `Object${names.next++}`, fields }
}

function field(
  random: SeededRandom,
  names: Names,
  depth: number,
  { name, number }: { readonly name: string; readonly number: number },
): FieldIr {
  const type = anyType(random, names, depth)
  const required = type.kind === "const" || random.below(3) > 0
  const short = random.once(3) ? `s${number}` : undefined
  const given = required || !random.once(3) ? undefined : defaultOf(random, type)
  return {
    name,
    number,
    required,
    type,
    ...(short !== undefined && { short }),
    ...(!required && random.once(3) && { nullAsAbsent: true }),
    ...(given !== undefined && { default: given }),
  }
}

function defaultOf(random: SeededRandom, type: TypeIr): JsonValue | undefined {
  switch (type.kind) {
    case "bool":
      return random.once(2)
    case "int":
      return type.bits === 64 ? "0" : 0
    case "float":
      return type.min ?? 0.5
    case "enum":
      return type.values[0]?.name
    case "bytes":
      return type.minLength === undefined && (type.maxLength ?? 3) >= 3 ? "AQID" : undefined
    default:
      return undefined
  }
}

function anyType(random: SeededRandom, names: Names, depth: number): TypeIr {
  if (depth > 0) {
    switch (random.below(10)) {
      case 0:
      case 1:
        return object(random, names, depth - 1)
      case 2:
        return union(random, names, depth - 1)
      case 3:
      case 4: {
        const min = random.once(3) ? 1 : undefined
        return {
          kind: "list",
          item: element(random, names, depth - 1),
          ...(min !== undefined && { minItems: min }),
          ...(random.once(2) && { maxItems: 1 + random.below(5) }),
        }
      }
      case 5:
        return {
          kind: "map",
          value: element(random, names, depth - 1),
          ...(random.once(2) && { maxProperties: 1 + random.below(4) }),
          ...(random.once(2) && { keyMaxLength: 1 + random.below(6) }),
          ...(random.once(4) && { keyPattern: random.pick(PATTERNS) }),
        }
      case 6:
        return { kind: "const", value: random.pick(["fixed", "", 'q"\\', 5, -1.5, true, false]) }
    }
  }
  return scalar(random, names)
}

function element(random: SeededRandom, names: Names, depth: number): TypeIr {
  for (;;) {
    const type = anyType(random, names, depth)
    if (type.kind !== "list" && type.kind !== "map" && type.kind !== "const") return type
  }
}

function union(random: SeededRandom, names: Names, depth: number): TypeIr {
  const tag = random.pick(["kind", "type", "constructor", "t"])
  return {
    kind: "union",
    name: `Union${names.next++}`,
    tag,
    branches: ["a", "b", 'c"\\ö'].slice(0, 1 + random.below(3)).map((value, index) => ({
      value,
      number: index + 1 + random.below(2) * 20,
      type: object(random, names, Math.max(0, depth - 1), [tag]),
    })),
  }
}

function scalar(random: SeededRandom, names: Names): TypeIr {
  switch (random.below(8)) {
    case 0:
      return { kind: "bool" }
    case 1:
    case 2:
      return integer(random)
    case 3: {
      const bits = random.once(3) ? 32 : 64
      const min = random.once(3) ? random.pick(bits === 64 ? [-90, 0, 0.1, -1e300] : [-90, 0, 0.1]) : undefined
      const max = random.once(3) ? random.pick(bits === 64 ? [90, 1, 0.7, 1e300] : [90, 1, 0.7]) : undefined
      return {
        kind: "float",
        bits,
        ...(min !== undefined && { min }),
        ...(max !== undefined && max >= (min ?? -Infinity) && { max }),
      }
    }
    case 4:
    case 5:
      return text(random)
    case 6: {
      const max = random.once(2) ? random.below(20) : undefined
      return {
        kind: "bytes",
        ...(random.once(4) && { minLength: Math.min(1, max ?? 1) }),
        ...(max !== undefined && { maxLength: max }),
      }
    }
    default:
      return enumeration(random, names)
  }
}

function text(random: SeededRandom): StringIr {
  if (random.once(5)) return { kind: "string", pattern: random.pick(PATTERNS) }
  if (random.once(5)) return { kind: "string", format: random.pick(FORMATS) }
  const maxLength = random.once(3) ? undefined : random.pick([1, 4, 8, 16, 40])
  return {
    kind: "string",
    ...(random.once(3) && { minLength: random.below(3) }),
    ...(maxLength !== undefined && { maxLength }),
    ...(random.once(4) && { maxBytes: 6 + random.below(20) }),
  }
}

function integer(random: SeededRandom): IntIr {
  const bits = random.pick([8, 16, 32, 64] as const)
  const signed = random.once(2)
  const fixed = bits >= 32 && random.once(4)
  const multipleOf = random.once(6) ? random.pick([2, 5, 10]) : undefined
  const extra = { ...(fixed && { fixed }), ...(multipleOf !== undefined && { multipleOf }) }
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n
  const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n
  const narrow = random.once(3)
  const min = narrow && signed ? -20n : low
  const max = narrow ? 100n : high
  return bits === 64
    ? { kind: "int", bits, signed, min: String(min), max: String(max), ...extra }
    : { kind: "int", bits, signed, min: Number(min), max: Number(max), ...extra }
}

function enumeration(random: SeededRandom, names: Names): EnumIr {
  const values = ["on", "off", "a-b", 'q"', "ü", "__proto__", "#3"].slice(0, 1 + random.below(7))
  const first = random.below(3)
  return {
    kind: "enum",
    name: `Enum${names.next++}`,
    open: random.once(4),
    values: values.map((name, index) => ({ name, number: first + index * (first + 1) })),
    ...(random.once(3) && { compactAs: "number" as const }),
  }
}
