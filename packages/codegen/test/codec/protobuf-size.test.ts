import { createDynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr, FieldIr, TypeIr } from "@fleetwire/ir"
import { beforeAll, describe, expect, it } from "vitest"
import { carContract, fields, sint, uint } from "./car-contract.js"
import { type LoadedMessage, loadCodecs, printCodecs } from "./load-codecs.js"

const double: TypeIr = { kind: "float", bits: 64 }
const flag: TypeIr = { kind: "bool" }
const small: TypeIr = {
  kind: "enum",
  name: "Small",
  open: false,
  values: ["no", "yes"].map((name, number) => ({ name, number })),
}
const record = (name: string, own: readonly FieldIr[]): TypeIr => ({ kind: "object", name, fields: own })
const doubles = (count: number): { readonly [name: string]: TypeIr } =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i}`, double]))

const point = record(
  "Point",
  fields({ x: double, y: { kind: "float", bits: 32 }, set: flag, small, code: uint(8, 100) }),
)
const fixed = record(
  "Fixed",
  fields({
    a: { ...uint(32), fixed: true },
    b: { kind: "int", bits: 64, signed: true, min: "-9223372036854775808", max: "9223372036854775807", fixed: true },
    kind: { kind: "const", value: "fixed" },
    c: sint(8, -10, 10),
  }),
)
const messages = {
  // Inside the length, inside a list, and beside what varies.
  Same: record(
    "Same",
    fields({ point, inner: record("Inner", fields({ fixed, point })), points: { kind: "list", item: point } }),
  ),
  // Lengths of two octets, with a tag of two.
  Wide: record("Wide", [
    ...fields({ first: record("Row", fields(doubles(16))) }),
    {
      name: "second",
      number: 900,
      required: true,
      type: record(
        "Rows",
        fields({ one: record("One", fields(doubles(15))), two: record("Two", fields(doubles(14))) }),
      ),
    },
  ]),
  // Empty ones, and ones of which something may be absent.
  Absent: record(
    "Absent",
    fields({
      empty: record("Empty", fields({ kind: { kind: "const", value: 1 } })),
      loose: record("Loose", fields({ x: double, y: flag }, ["y"])),
    }),
  ),
}
const contract: ContractIr = {
  ...carContract,
  channels: [],
  roles: [],
  messages: Object.entries(messages).map(([name, type]) => ({ name, type })),
}

let loaded: ReadonlyMap<string, LoadedMessage>

beforeAll(async () => {
  ;[loaded] = (await loadCodecs([contract], () => ["protobuf"])) as [ReadonlyMap<string, LoadedMessage>]
})

const row = (count: number): unknown =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i}`, i / 3 - 2]))
const at = { x: 1 / 3, y: 0.5, set: true, small: "yes", code: 100 }
const values: { readonly [message: string]: readonly unknown[] } = {
  Same: [
    { point: at, inner: { fixed: { a: 4_000_000_000, b: -5n, kind: "fixed", c: -10 }, point: at }, points: [] },
    {
      point: { ...at, x: -0, set: false, small: "no", code: 0 },
      inner: { fixed: { a: 0, b: 2n ** 63n - 1n, kind: "fixed", c: 10 }, point: at },
      points: Array.from({ length: 40 }, (_, i) => ({ ...at, code: i })),
    },
  ],
  Wide: [{ first: row(16), second: { one: row(15), two: row(14) } }],
  Absent: [
    { empty: { kind: 1 }, loose: { x: 1 } },
    { empty: { kind: 1 }, loose: { x: 1, y: false } },
  ],
}

describe("messages of which every value takes as many octets", () => {
  it.each(Object.keys(messages))("%s is written as the interpreter writes it, and read again", (message) => {
    const { protobuf } = loaded.get(message)!.codecs
    const oracle = createDynamicCodec(contract, message, "protobuf")
    for (const value of values[message]!) {
      const own = protobuf!.encode(value)
      const other = oracle.encode(value)
      expect(own.ok && [...own.value]).toEqual(other.ok && [...other.value])
      expect(own.ok && protobuf!.decode(own.value)).toEqual({ ok: true, value })
    }
  })

  it("have their length in the code", () => {
    const text = [...printCodecs(contract, () => ["protobuf"])].find(([path]) => path.includes("wide.protobuf"))![1]
    // 16 fields of nine octets, of which one more has a tag of two.
    expect(text).toMatch(/= 145\n.*= 1\n/)
    expect(text).not.toContain("closeSized")
  })
})
