import type { ContractIr, EnumIr, ObjectIr, UnionIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { withChannel } from "../test/small-contract.js"
import { type Lock, lowerContract, message, t, telemetry } from "./index.js"

const reading = (fields: object, options: object = {}) =>
  withChannel(telemetry("demo/{unit}/reading", message("Reading", fields as never, options)))

function compile(contract: unknown, lock?: Lock): { ir: ContractIr; lock: Lock; codes: string[] } {
  const { ir, lock: next, diagnostics } = lowerContract(contract, lock)
  return { ir: ir!, lock: next!, codes: diagnostics.map(({ code }) => code) }
}

const fieldsOf = (ir: ContractIr) => {
  const type = ir.messages[0]!.type as ObjectIr
  return Object.fromEntries(type.fields.map(({ name, number }) => [name, number]))
}
const typeOf = (ir: ContractIr, field: string) =>
  (ir.messages[0]!.type as ObjectIr).fields.find(({ name }) => name === field)!.type

describe("numbers", () => {
  const { lock } = compile(reading({ a: t.uint8(), b: t.uint8(), c: t.uint8() }))

  it("begin at 1 in declared order", () => {
    expect(fieldsOf(lock.ir)).toEqual({ a: 1, b: 2, c: 3 })
  })

  it("stay when fields change places", () => {
    const { ir } = compile(reading({ c: t.uint8(), a: t.uint8(), b: t.uint8() }), lock)
    expect(fieldsOf(ir)).toEqual({ a: 1, b: 2, c: 3 })
    expect((ir.messages[0]!.type as ObjectIr).fields.map(({ name }) => name)).toEqual(["c", "a", "b"])
  })

  it("go on after the greatest, whatever was removed", () => {
    const { ir, lock: next } = compile(reading({ a: t.uint8(), b: t.uint8() }), lock)
    expect((ir.messages[0]!.type as ObjectIr).reserved).toEqual({ numbers: [3], names: ["c"] })
    const { ir: later } = compile(reading({ a: t.uint8(), b: t.uint8(), d: t.uint8() }), next)
    expect(fieldsOf(later)).toEqual({ a: 1, b: 2, d: 4 })
    expect((later.messages[0]!.type as ObjectIr).reserved).toEqual({ numbers: [3], names: ["c"] })
  })

  it("are kept through a declared rename, also the second time", () => {
    const { ir, lock: next, codes } = compile(reading({ a: t.uint8(), bee: t.uint8({ was: "b" }), c: t.uint8() }), lock)
    expect(codes).toEqual([])
    expect(fieldsOf(ir)).toEqual({ a: 1, bee: 2, c: 3 })
    expect((ir.messages[0]!.type as ObjectIr).reserved).toBeUndefined()
    const again = compile(reading({ a: t.uint8(), beta: t.uint8({ was: ["bee", "b"] }), c: t.uint8() }), next)
    expect(again.codes).toEqual([])
    expect(fieldsOf(again.ir)).toEqual({ a: 1, beta: 2, c: 3 })
  })

  it("are lost by a rename that nobody declared", () => {
    const { ir } = compile(reading({ a: t.uint8(), bee: t.uint8(), c: t.uint8() }), lock)
    expect(fieldsOf(ir)).toEqual({ a: 1, bee: 4, c: 3 })
  })

  it("are kept when the message is renamed", () => {
    const renamed = withChannel(
      telemetry("demo/{unit}/reading", message("Sample", { b: t.uint8() }, { was: "Reading" })),
    )
    const { ir, codes } = compile(renamed, lock)
    expect(codes).toEqual([])
    expect(fieldsOf(ir)).toEqual({ b: 2 })
  })

  it("skip what protobuf keeps for itself", () => {
    const type = lock.ir.messages[0]!.type as ObjectIr
    const fields = type.fields.map((field) => (field.name === "c" ? { ...field, number: 18_999 } : field))
    const ir = { ...lock.ir, messages: [{ ...lock.ir.messages[0]!, type: { ...type, fields } }] }
    const { ir: next } = compile(reading({ a: t.uint8(), b: t.uint8(), c: t.uint8(), d: t.uint8() }), { ...lock, ir })
    expect(fieldsOf(next).d).toBe(20_000)
  })

  it("belong to enum values and union branches too", () => {
    const shape = (modes: string[], branches: object) =>
      reading({ mode: t.enum(modes), shape: t.union("kind", branches as never) })
    const point = { point: t.object({ x: t.uint8(), y: t.uint8() }) }
    const before = compile(shape(["idle", "fast", "slow"], { circle: t.object({ radius: t.uint8() }), ...point }))
    const { ir } = compile(shape(["slow", "idle", "off"], { ...point, line: t.object({}) }), before.lock)
    const mode = typeOf(ir, "mode") as EnumIr
    expect(mode.values.map(({ name, number }) => [name, number])).toEqual([
      ["slow", 3],
      ["idle", 1],
      ["off", 4],
    ])
    expect(mode.reserved).toEqual({ numbers: [2], names: ["fast"] })
    const union = typeOf(ir, "shape") as UnionIr
    expect(union.branches.map(({ value, number }) => [value, number])).toEqual([
      ["point", 2],
      ["line", 3],
    ])
    expect(union.reserved).toEqual({ numbers: [1], names: ["circle"] })
  })

  it("of nested objects follow their field's rename", () => {
    const before = compile(reading({ pos: t.object({ x: t.uint8(), y: t.uint8() }) }))
    const { ir } = compile(reading({ position: t.object({ y: t.uint8() }, { was: "pos" }) }), before.lock)
    expect((typeOf(ir, "position") as ObjectIr).fields[0]).toMatchObject({ name: "y", number: 2 })
  })
})

describe("names that were used once", () => {
  it("are refused when they come back", () => {
    const { lock } = compile(reading({ a: t.uint8(), b: t.uint8() }))
    const { lock: without } = compile(reading({ a: t.uint8() }), lock)
    const { diagnostics } = lowerContract(reading({ a: t.uint8(), b: t.string({ maxLength: 3 }) }), without)
    expect(diagnostics).toMatchObject([
      {
        code: "lock/name-reserved",
        severity: "error",
        message: "`b` was removed in an earlier version and may not come back with another meaning",
        help: "choose another name; if the removal was never released, restore the lock from version control",
        target: { path: "Reading.b" },
      },
    ])
  })

  it("are looked for when `was` names them", () => {
    const { lock } = compile(reading({ a: t.uint8() }))
    const { diagnostics } = lowerContract(reading({ a: t.uint8(), c: t.uint8({ was: "bb" }) }), lock)
    expect(diagnostics).toMatchObject([
      {
        code: "lock/unknown-was",
        severity: "warning",
        message: '`was: "bb"` names nothing that the lock knows',
        help: "check its spelling, or remove it",
        target: { path: "Reading.c" },
      },
    ])
  })
})
