import { type ContractIr, compilePattern, type FieldIr, type StringIr, sampleMatch, type TypeIr } from "@fleetwire/ir"
import type { SeededRandom } from "./seeded-random.js"

/** A value in code, mostly valid; with `wild` more often not. */
export function randomValue(contract: ContractIr, type: TypeIr, random: SeededRandom, wild = false): unknown {
  if (random.once(wild ? 12 : 400)) return oddValue(random)
  switch (type.kind) {
    case "bool":
      return random.once(2)
    case "int": {
      const min = BigInt(type.min)
      const max = BigInt(type.max)
      let value = random.once(4)
        ? random.pick([min, max, 0n, 1n])
        : min + BigInt(Math.floor(random.next() * Math.min(Number(max - min), 2 ** 53)))
      // The last integers that JSON says as numbers.
      if (type.bits === 64 && random.once(8)) {
        const edge = 2n ** 53n - 1n - BigInt(random.below(60) - 4)
        value = min < 0n && random.once(2) ? -edge : edge
      } else if (random.once(3)) value = min < 0n ? BigInt(random.below(20) - 10) : BigInt(random.below(20))
      if (type.multipleOf !== undefined && !random.once(9)) value -= value % BigInt(type.multipleOf)
      if (random.once(wild ? 9 : 60)) value = random.pick([min - 1n, max + 1n, -1n])
      return type.bits === 64 ? value : Number(value)
    }
    case "float": {
      const value = random.pick([
        () => random.below(1000) / 10,
        () => random.next() * 180 - 90,
        () => random.pick([0, -0, 1e-7, 1e21, 5e-324, 1.7976931348623157e308, 123456789012345680000, 0.1, -1.5]),
        () => Math.round(random.next() * 1e6) / 1e4,
        () => random.next() * 10 ** (random.below(60) - 30),
      ])()
      return type.min !== undefined && value < type.min && !random.once(9) ? type.min : value
    }
    case "string":
      return randomText(type, random)
    case "bytes": {
      const most = Math.min(type.maxLength ?? 9, 9) + (random.once(20) ? 1 : 0)
      return Uint8Array.from({ length: Math.max(type.minLength ?? 0, random.below(most + 1)) }, () => random.below(256))
    }
    case "enum":
      if (random.once(type.open ? 4 : 30))
        return random.pick(["unknown", "#77", "#0", "#01", "#4294967296", "", "toString"])
      return random.pick(type.values).name
    case "const":
      return random.once(50) ? "other" : type.value
    case "list": {
      const most = type.maxItems ?? 4
      const length = random.once(15) ? most + 1 : Math.max(type.minItems ?? 0, random.below(most + 1))
      return Array.from({ length }, () => randomValue(contract, type.item, random, wild))
    }
    case "map": {
      const value: { [key: string]: unknown } = Object.create(null)
      const most = Math.min(type.maxProperties ?? 3, 4) + (random.once(15) ? 1 : 0)
      const key: StringIr = {
        kind: "string",
        ...(type.keyMaxLength !== undefined && { maxLength: type.keyMaxLength }),
        ...(type.keyPattern !== undefined && { pattern: type.keyPattern }),
      }
      for (let i = random.below(most + 1); i > 0; i--)
        value[random.once(5) ? random.pick(["__proto__", "constructor", "", "é"]) : randomText(key, random)] =
          randomValue(contract, type.value, random, wild)
      return value
    }
    case "object":
      return Object.fromEntries(members(contract, type.fields, random, wild))
    case "union": {
      const branch = random.pick(type.branches)
      const tag = random.once(60) ? "other" : branch.value
      return Object.fromEntries([[type.tag, tag], ...members(contract, branch.type.fields, random, wild)])
    }
    case "ref":
      return randomValue(contract, contract.messages.find(({ name }) => name === type.message)!.type, random, wild)
  }
}

function members(
  contract: ContractIr,
  fields: readonly FieldIr[],
  random: SeededRandom,
  wild: boolean,
): [string, unknown][] {
  const made: [string, unknown][] = []
  for (const field of fields) {
    if (field.required ? random.once(wild ? 30 : 300) : random.once(3)) continue
    made.push([field.name, randomValue(contract, field.type, random, wild)])
  }
  return made
}

function oddValue(random: SeededRandom): unknown {
  return random.pick([
    null, true, 0, -0, 1.5, 300, Number.NaN, Infinity, "", "text", "\ud800", "x".repeat(50), 5n, -1n, 2n ** 64n, [], [1], {}, new Uint8Array(2),
  ]) // biome-ignore format: a table
}

const ALPHABET = [
  "a",
  "B",
  "7",
  " ",
  "/",
  "\\",
  '"',
  "\n",
  "\u0001",
  "\u007f",
  "é",
  "ß",
  "日",
  "😀",
  "\u2028",
  "-",
  ".",
]

/** Text that mostly fits. */
export function randomText(type: StringIr, random: SeededRandom): string {
  if (type.pattern !== undefined && !random.once(8)) {
    const compiled = compilePattern(type.pattern)
    if (compiled.ok) return sampleMatch(compiled.value, () => random.next(), 12) ?? ""
  }
  if (type.format !== undefined && !random.once(8)) return random.pick(FORMATTED[type.format])
  const most = Math.min(type.maxLength ?? 20, 20) + (random.once(12) ? 1 : 0)
  const simple = random.once(2)
  return Array.from({ length: Math.max(type.minLength ?? 0, random.below(most + 1)) }, () =>
    simple ? random.pick(["a", "b", "0", "_"]) : random.once(200) ? "\ud83d" : random.pick(ALPHABET),
  ).join("")
}

const FORMATTED: { readonly [format in NonNullable<StringIr["format"]>]: readonly string[] } = {
  "date-time": [
    "2026-02-28T23:59:59Z",
    "2024-02-29T00:00:00.123+02:00",
    "2023-02-29T00:00:00Z",
    "2026-01-01t00:00:00Z",
    "2026-01-01T24:00:00Z",
  ],
  date: ["2026-12-31", "2000-02-29", "1900-02-29", "2026-13-01", "2026-1-01"],
  time: ["00:00:00Z", "23:59:59.999999999-23:59", "23:59:60Z", "1:00:00Z"],
  uuid: [
    "123e4567-e89b-12d3-a456-426614174000",
    "123E4567-E89B-12D3-A456-426614174000",
    "123e4567e89b12d3a456426614174000",
  ],
  ipv4: ["127.0.0.1", "255.255.255.255", "256.1.1.1", "01.2.3.4", "1.2.3"],
  hostname: ["example.com", "a-b.c", "-a.b", "a..b", "x".repeat(64)],
  uri: ["https://example.com/a?b=c#d", "urn:x", "no scheme", "a:%zz", "mailto:a@b"],
}
