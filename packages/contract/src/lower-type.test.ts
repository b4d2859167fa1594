import type { FieldIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import { type TSchema, Type } from "@sinclair/typebox"
import { describe, expect, it } from "vitest"
import { withChannel, withField } from "../test/small-contract.js"
import { lowerContract, message, state, t } from "./index.js"

function lowered(schema: TSchema): FieldIr {
  const { ir, diagnostics } = lowerContract(withField(schema))
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([])
  const reading = ir!.messages.find(({ name }) => name === "Reading")!
  return (reading.type as ObjectIr).fields[0]!
}

const int = (bits: 8 | 16 | 32 | 64, signed: boolean, min: number | string, max: number | string, more = {}): TypeIr =>
  ({ kind: "int", bits, signed, min, max, ...more }) as TypeIr

describe("a type of the language", () => {
  it.each<{ given: TSchema; want: TypeIr }>([
    { given: t.bool(), want: { kind: "bool" } },
    { given: t.uint8(), want: int(8, false, 0, 255) },
    { given: t.int8({ min: -100 }), want: int(8, true, -100, 127) },
    { given: t.uint16({ fixed: true }), want: int(16, false, 0, 65_535, { fixed: true }) },
    { given: t.int32({ multipleOf: 5 }), want: int(32, true, -2_147_483_648, 2_147_483_647, { multipleOf: 5 }) },
    { given: t.uint64(), want: int(64, false, "0", "18446744073709551615") },
    { given: t.int64({ max: 7n }), want: int(64, true, "-9223372036854775808", "7") },
    { given: t.unixSeconds(), want: int(32, false, 0, 4_294_967_295, { epoch: "unix-seconds" }) },
    { given: t.unixMilliseconds({ max: 9n }), want: int(64, false, "0", "9", { epoch: "unix-milliseconds" }) },
    { given: t.bootMilliseconds(), want: int(32, false, 0, 4_294_967_295, { epoch: "boot-milliseconds" }) },
    { given: t.float32({ min: 0.1 }), want: { kind: "float", bits: 32, min: 0.10000000149011612 } },
    { given: t.float64({ max: 0.1, decimals: 2 }), want: { kind: "float", bits: 64, max: 0.1, decimals: 2 } },
    { given: t.string({ minLength: 0, maxLength: 3 }), want: { kind: "string", maxLength: 3 } },
    { given: t.string({ pattern: "a+", maxBytes: 9 }), want: { kind: "string", maxBytes: 9, pattern: "a+" } },
    { given: t.uuid(), want: { kind: "string", format: "uuid" } },
    { given: t.dateTime(), want: { kind: "string", format: "date-time" } },
    { given: t.bytes({ maxLength: 4 }), want: { kind: "bytes", maxLength: 4 } },
    { given: t.const(5), want: { kind: "const", value: 5 } },
    { given: t.list(t.bool(), { maxItems: 3 }), want: { kind: "list", item: { kind: "bool" }, maxItems: 3 } },
    {
      given: t.list(t.uint8({ unit: "cm", doc: "From the left." })),
      want: { kind: "list", item: int(8, false, 0, 255), itemUnit: "cm", itemDoc: "From the left." },
    },
    {
      given: t.map(t.field(message("Volts", t.uint8({ unit: "V" })), { unit: "mV" })),
      want: { kind: "map", value: { kind: "ref", message: "Volts" }, valueUnit: "mV" },
    },
    {
      given: t.map(t.bool(), { maxProperties: 3, keyMaxLength: 8, keyPattern: "[a-z]+" }),
      want: { kind: "map", value: { kind: "bool" }, keyMaxLength: 8, keyPattern: "[a-z]+", maxProperties: 3 },
    },
    {
      given: t.enum({ on: "Lit.", off: { doc: "Dark.", was: "out", deprecated: "use on" } }, { compactAs: "number" }),
      want: {
        kind: "enum",
        name: "ReadingTested",
        open: false,
        values: [
          { name: "on", number: 1, doc: "Lit." },
          { name: "off", number: 2, doc: "Dark.", deprecated: "use on", was: ["out"] },
        ],
        compactAs: "number",
      },
    },
    {
      given: t.union(
        "kind",
        { dot: t.object({}), line: t.object({ to: t.uint8() }, { doc: "Straight." }) },
        { name: "Shape" },
      ),
      want: {
        kind: "union",
        name: "Shape",
        tag: "kind",
        branches: [
          { value: "dot", number: 1, type: { kind: "object", name: "ShapeDot", fields: [] } },
          {
            value: "line",
            number: 2,
            doc: "Straight.",
            type: {
              kind: "object",
              name: "ShapeLine",
              fields: [{ name: "to", number: 1, required: true, type: int(8, false, 0, 255) }],
            },
          },
        ],
      },
    },
    { given: message("Other", { a: t.bool() }), want: { kind: "ref", message: "Other" } },
  ])("becomes $want", ({ given, want }) => {
    expect(lowered(given).type).toEqual(want)
  })

  it("carries the annotations of its field", () => {
    const annotations = { unit: "%", doc: "Charge.", deprecated: "use level", since: "1.1.0", short: "b", was: "bat" }
    expect(lowered(t.uint8({ ...annotations, examples: [5] }))).toMatchObject({
      ...annotations,
      was: ["bat"],
      examples: [5],
    })
  })

  it("is optional on the wire where it has a default, and keeps wide and binary defaults as text", () => {
    expect(lowered(t.uint64({ default: 5n }))).toMatchObject({ required: false, default: "5" })
    expect(lowered(t.bytes({ maxLength: 3, default: new Uint8Array([1, 2]) }))).toMatchObject({ default: "AQI=" })
    expect(lowered(t.optional(t.uint8({ nullAsAbsent: true })))).toMatchObject({ required: false, nullAsAbsent: true })
  })

  it("keeps the unit of a message that is one value, however it was given", () => {
    const Depth = t.uint16({ unit: "cm", doc: "From the top." })
    const units = [message("Depth", Depth), message("Depth", t.field(Depth, { unit: "mm" }))].map((schema) => {
      const { ir } = lowerContract(withChannel(state("demo/{unit}/depth", schema, { formats: ["text"] })))
      return ir!.messages.find(({ name }) => name === "Depth")
    })
    expect(units).toMatchObject([
      { unit: "cm", doc: "From the top." },
      { unit: "mm", doc: "From the top." },
    ])
  })

  it("is shared by fields that say different things of it", () => {
    const Percent = t.uint8({ max: 100, unit: "%", doc: "Any." })
    expect(lowered(t.field(Percent, { doc: "Mine.", short: "m" }))).toMatchObject({
      doc: "Mine.",
      short: "m",
      unit: "%",
    })
    expect(lowered(t.field(message("Other", { a: t.bool() }), { doc: "Mine." }))).toMatchObject({
      doc: "Mine.",
      type: { kind: "ref", message: "Other" },
    })
    expect(lowered(Percent)).toMatchObject({ doc: "Any." })
  })
})

describe("a type of TypeBox itself", () => {
  it.each<{ given: TSchema; want: TypeIr }>([
    { given: Type.Boolean(), want: { kind: "bool" } },
    { given: Type.Number({ minimum: 1, maximum: 2 }), want: { kind: "float", bits: 64, min: 1, max: 2 } },
    { given: Type.String({ maxLength: 5 }), want: { kind: "string", maxLength: 5 } },
    { given: Type.Literal("x"), want: { kind: "const", value: "x" } },
    { given: Type.Array(Type.Boolean(), { maxItems: 2 }), want: { kind: "list", item: { kind: "bool" }, maxItems: 2 } },
    {
      given: Type.Union([Type.Literal("a"), Type.Literal("b")]),
      want: {
        kind: "enum",
        name: "ReadingTested",
        open: false,
        values: [
          { name: "a", number: 1 },
          { name: "b", number: 2 },
        ],
      },
    },
    {
      given: Type.Object({ a: Type.Optional(Type.Boolean({ description: "Maybe." })) }),
      want: {
        kind: "object",
        name: "ReadingTested",
        fields: [{ name: "a", number: 1, required: false, type: { kind: "bool" }, doc: "Maybe." }],
      },
    },
  ])("is understood by its kind: $want", ({ given, want }) => {
    expect(lowered(given).type).toEqual(want)
  })
})
