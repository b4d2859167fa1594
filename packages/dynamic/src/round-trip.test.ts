import type { ContractIr, FieldIr, TypeIr } from "@fleetwire/ir"
import { expect, it } from "vitest"
import { createDynamicCodec } from "./dynamic-codec.js"
import { type NextRandom, randomValue } from "./random-value.js"
import { createSeededRandom } from "./seeded-random.js"

function randomType(next: NextRandom, depth: number): TypeIr {
  const kinds = ["bool", "int", "float", "string", "bytes", "enum", "const"]
  if (depth > 0) kinds.push("object", "object", "list", "map", "union")
  const kind = kinds[Math.floor(next() * kinds.length)]!
  switch (kind) {
    case "int": {
      const bits = ([8, 16, 32, 64] as const)[Math.floor(next() * 4)]!
      const signed = next() < 0.5
      const [min, max] = signed
        ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]
        : [0n, (1n << BigInt(bits)) - 1n]
      const fixed = bits >= 32 && next() < 0.3
      const plain = (value: bigint): number | string => (bits === 64 ? String(value) : Number(value))
      return { kind: "int", bits, signed, min: plain(min), max: plain(max), ...(fixed && { fixed }) }
    }
    case "float":
      return { kind: "float", bits: next() < 0.5 ? 32 : 64 }
    case "string":
      return { kind: "string", maxLength: 12 }
    case "bytes":
      return { kind: "bytes", maxLength: 9 }
    case "enum": {
      const values = ["on", "off", "__proto__"].map((name, i) => ({ name, number: i + 1 }))
      return {
        kind: "enum",
        name: "E",
        open: next() < 0.3,
        values,
        ...(next() < 0.3 && { compactAs: "number" as const }),
      }
    }
    case "const":
      return { kind: "const", value: next() < 0.5 ? "fixed" : 7 }
    case "object":
      return { kind: "object", name: "O", fields: fields(next, depth) }
    case "list":
      return { kind: "list", item: element(next, depth), minItems: 1, maxItems: 4 }
    case "map":
      return { kind: "map", value: element(next, depth), keyMaxLength: 6, maxProperties: 3 }
    case "union":
      return {
        kind: "union",
        name: "U",
        tag: "kind",
        branches: ["a", "b"].map((value, i) => ({
          value,
          number: i + 1,
          type: { kind: "object", name: `B${i}`, fields: fields(next, depth) },
        })),
      }
    default:
      return { kind: "bool" }
  }
}

/** Protobuf has no list of lists, and nothing to say about a constant alone. */
function element(next: NextRandom, depth: number): TypeIr {
  for (;;) {
    const type = randomType(next, depth - 1)
    if (type.kind !== "list" && type.kind !== "map" && type.kind !== "const") return type
  }
}

function fields(next: NextRandom, depth: number): FieldIr[] {
  const count = 1 + Math.floor(next() * 5)
  return Array.from({ length: count }, (_, i) => {
    const type = randomType(next, depth - 1)
    // An absent collection and an empty one are one thing in protobuf, and an absent constant is none: both required.
    const required = type.kind === "map" || type.kind === "list" || type.kind === "const" || next() < 0.6
    return { name: `f${i}`, number: i + 1, required, type, ...(next() < 0.3 && { short: `s${i}` }) }
  })
}

it("every value goes through every format and comes back the same", () => {
  const next = createSeededRandom(20_240_125)
  for (let contractNumber = 0; contractNumber < 150; contractNumber++) {
    const type: TypeIr = { kind: "object", name: "M", fields: fields(next, 3) }
    const contract = { name: "random", messages: [{ name: "M", type }] } as unknown as ContractIr
    const codecs = (["json", "protobuf", "compact"] as const).map((format) => createDynamicCodec(contract, "M", format))
    for (let i = 0; i < 12; i++) {
      let value = randomValue(contract, type, next)
      const first = value
      for (const codec of codecs) {
        const encoded = codec.encode(value)
        if (!encoded.ok) throw new Error(`${JSON.stringify(encoded.issues)} in ${JSON.stringify(type)}`)
        const decoded = codec.decode(encoded.value)
        if (!decoded.ok) throw new Error(`${JSON.stringify(decoded.issues)} in ${JSON.stringify(type)}`)
        value = decoded.value
      }
      expect(value).toEqual(first)
    }
  }
})
