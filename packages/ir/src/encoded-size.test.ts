import { describe, expect, it } from "vitest"
import { everyKind } from "../test/every-kind.js"
import type { Format } from "./channel-ir.js"
import { maxEncodedBytes } from "./encoded-size.js"
import type { FieldIr, TypeIr } from "./type-ir.js"

function size(type: TypeIr, format: Format): number | undefined {
  return maxEncodedBytes({ ...everyKind, messages: [{ name: "M", type }] }, "M", format)
}

const field = (name: string, number: number, type: TypeIr, short?: string): FieldIr => ({
  name,
  number,
  required: true,
  type,
  ...(short === undefined ? {} : { short }),
})

const u8: TypeIr = { kind: "int", bits: 8, signed: false, min: 0, max: 255 }
const i64: TypeIr = { kind: "int", bits: 64, signed: true, min: "-9223372036854775808", max: "9223372036854775807" }

describe("octets of the longest encoding", () => {
  it.each<{ name: string; type: TypeIr; json?: number; protobuf?: number; text?: number }>([
    { name: "bool", type: { kind: "bool" }, json: 5, protobuf: 2, text: 5 },
    { name: "u8", type: u8, json: 3, protobuf: 3, text: 3 },
    { name: "i64", type: i64, json: 22, protobuf: 11, text: 20 },
    { name: "narrow", type: { kind: "int", bits: 32, signed: true, min: -5, max: 7 }, json: 2, protobuf: 2, text: 2 },
    {
      name: "fixed",
      type: { kind: "int", bits: 32, signed: false, min: 0, max: 9, fixed: true },
      json: 1,
      protobuf: 5,
      text: 1,
    },
    { name: "float32", type: { kind: "float", bits: 32 }, json: 23, protobuf: 5, text: 23 },
    { name: "string", type: { kind: "string", maxLength: 3 }, json: 20, protobuf: 14, text: 12 },
    { name: "maxBytes", type: { kind: "string", maxLength: 9, maxBytes: 2 }, json: 14, protobuf: 4, text: 2 },
    { name: "pattern", type: { kind: "string", pattern: "car-[0-9]{3}" }, json: 16, protobuf: 9, text: 7 },
    { name: "uuid", type: { kind: "string", format: "uuid" }, json: 38, protobuf: 38, text: 36 },
    { name: "unbounded", type: { kind: "string" } },
    { name: "endless pattern", type: { kind: "string", pattern: "a*" } },
    { name: "bytes", type: { kind: "bytes", maxLength: 4 }, json: 10, protobuf: 6, text: 4 },
    { name: "const", type: { kind: "const", value: "v2" }, json: 4, protobuf: 0, text: 2 },
    { name: "list", type: { kind: "list", item: u8, maxItems: 3 }, json: 13, protobuf: 8 },
    { name: "empty list", type: { kind: "list", item: u8, maxItems: 0 }, json: 2, protobuf: 0 },
    { name: "open list", type: { kind: "list", item: u8 } },
    {
      name: "list of text",
      type: { kind: "list", item: { kind: "string", maxBytes: 2 }, maxItems: 2 },
      json: 2 + 14 * 2 + 1,
      protobuf: 8,
    },
    {
      name: "map",
      type: { kind: "map", value: u8, keyMaxLength: 2, maxProperties: 2 },
      json: 2 + 2 * (14 + 1 + 3) + 1,
      protobuf: 2 * (1 + 1 + (1 + 1 + 8) + (1 + 2)),
    },
  ])("$name", ({ type, json, protobuf, text }) => {
    expect(size(type, "json")).toBe(json)
    expect(size(type, "protobuf")).toBe(protobuf)
    if (type.kind !== "list" && type.kind !== "map") expect(size(type, "text")).toBe(text)
  })

  it("counts keys, commas and tags of an object, short keys in compact JSON", () => {
    const object: TypeIr = { kind: "object", name: "M", fields: [field("battery", 1, u8, "b"), field("x", 16, u8)] }
    expect(size(object, "json")).toBe('{"battery":255,"x":255}'.length)
    expect(size(object, "compact")).toBe('{"b":255,"x":255}'.length)
    expect(size(object, "protobuf")).toBe(1 + 2 + 2 + 2)
  })

  it("takes the largest branch of a union, its tag included", () => {
    const union: TypeIr = {
      kind: "union",
      name: "U",
      tag: "kind",
      branches: [
        { value: "a", number: 1, type: { kind: "object", name: "A", fields: [] } },
        { value: "b", number: 2, type: { kind: "object", name: "B", fields: [field("x", 1, u8)] } },
      ],
    }
    expect(size(union, "json")).toBe('{"kind":"b","x":255}'.length)
    expect(size(union, "protobuf")).toBe(2 + 3)
  })

  it("writes numbers for an enum in compact JSON where it is declared so, and knows no end of an open one", () => {
    const values = [{ name: "running", number: 200 }]
    const mode: TypeIr = { kind: "enum", name: "E", open: false, values, compactAs: "number" }
    expect([size(mode, "json"), size(mode, "compact"), size(mode, "text"), size(mode, "protobuf")]).toEqual([
      9, 3, 7, 3,
    ])
    expect(size({ ...mode, open: true }, "json")).toBeUndefined()
  })

  it("refuses a message that is not there", () => {
    expect(() => maxEncodedBytes(everyKind, "Nothing", "json")).toThrow("no message is called Nothing")
  })
})
