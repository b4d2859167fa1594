import { describe, expect, it } from "vitest"
import { cars } from "../../test/fixture/cars.js"
import { objectType } from "../../test/fixture/complete-contract.js"
import { sampleOf } from "./sample.js"
import { settleTypeNames } from "./type-names.js"

const world = {
  names: settleTypeNames(cars),
  message: (name: string) => cars.messages.find((message) => message.name === name)!,
}

describe("sampleOf", () => {
  it.each([
    { given: { kind: "int", bits: 8, signed: true, min: -120, max: -1 }, want: -1 },
    { given: { kind: "int", bits: 16, signed: false, min: 5, max: 9 }, want: 5 },
    { given: { kind: "int", bits: 64, signed: false, min: "7", max: "9" }, want: 7n },
    { given: { kind: "string", pattern: "car-[0-9]{3}" }, want: "car-000" },
    { given: { kind: "string", format: "date" }, want: "2026-01-01" },
    { given: { kind: "string", minLength: 2, maxLength: 4 }, want: "……" },
    { given: { kind: "list", item: { kind: "bool" }, minItems: 2 }, want: [true, true] },
    { given: { kind: "const", value: "x" }, want: "x" },
    { given: { kind: "ref", message: "Status" }, want: { online: true } },
    { given: objectType("O", { a: { kind: "bool", required: false }, b: { kind: "bool" } }), want: { b: true } },
  ] as const)("shows the least that fits $given.kind", ({ given, want }) => {
    expect(sampleOf(given, world)).toEqual(want)
  })

  it("prefers the contract's examples", () => {
    const type = objectType("O", { a: { kind: "string", examples: ["cmd-1"] } })
    expect(sampleOf(type, world)).toEqual({ a: "cmd-1" })
  })
})
