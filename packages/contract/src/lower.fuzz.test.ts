import fc from "fast-check"
import { expect, it } from "vitest"
import iotCar from "../../../schemas/iot-car/contract.js"
import { lowerContract } from "./index.js"

const junk: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0.5,
  2n ** 70n,
  "",
  "x",
  "{}",
  "1 s",
  [],
  [[]],
  {},
  { kind: "x" },
  () => 1,
  Symbol("s"),
]

/** What builders keep of themselves, and keywords that TypeBox made of what the author wrote. */
const CLOSED = [
  "at",
  "bits",
  "signed",
  "epoch",
  "format",
  "tag",
  "values",
  "properties",
  "items",
  "anyOf",
  "patternProperties",
]
/** What holds the author's words but is made by builders. */
const HOLDERS = ["type", "fields", "item", "value", "branches", "options"]
const NOTES = ["fleetwire.note", "fleetwire.field", "fleetwire.message"]

/** Every place in a contract that its author writes, as a path of keys. */
function places(value: unknown, path: readonly PropertyKey[] = [], noted = false): (readonly PropertyKey[])[] {
  if (typeof value !== "object" || value === null) return []
  return [...Object.keys(value), ...Object.getOwnPropertySymbols(value)].flatMap((key) => {
    const note = typeof key === "symbol" && NOTES.includes(key.description ?? "")
    if (CLOSED.includes(key as string) || (typeof key === "symbol" && !note)) return []
    if (noted && key !== "name" && !HOLDERS.includes(key as string)) return []
    const here = [...path, key]
    const inner = places((value as Record<PropertyKey, unknown>)[key], here, note || (noted && key === "type"))
    return note || (noted && HOLDERS.includes(key as string)) ? inner : [here, ...inner]
  })
}

/** The contract with another value at a place; everything else is shared. */
function replaced(value: unknown, [key, ...rest]: readonly PropertyKey[], by: unknown): unknown {
  if (key === undefined) return by
  const inner = (value as Record<PropertyKey, unknown>)[key]
  const copy = Array.isArray(value) ? [...value] : Object.assign(Object.create(Object.getPrototypeOf(value)), value)
  copy[key] = replaced(inner, rest, by)
  return copy
}

const all = places(iotCar)

it("reports, and never throws, whatever stands anywhere in a contract", () => {
  fc.assert(
    fc.property(fc.nat(all.length - 1), fc.nat(junk.length - 1), (place, value) => {
      const { diagnostics, ir } = lowerContract(replaced(iotCar, all[place]!, junk[value]))
      if (ir === undefined) expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true)
    }),
    {
      seed: 20_240_125,
      numRuns: Number(process.env.FLEETWIRE_FUZZ_RUNS ?? 400),
    },
  )
}, 60_000)
