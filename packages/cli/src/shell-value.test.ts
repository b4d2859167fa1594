import { defineContract, lowerContract, message, t, telemetry } from "@fleetwire/contract"
import { expect, it } from "vitest"
import { parseShellValue } from "./shell-value.js"

const Big = message("Big", {
  total: t.uint64(),
  raw: t.bytes({ maxLength: 4 }),
  list: t.list(t.object({ total: t.int64() }), { maxItems: 2 }),
  shape: t.optional(t.union("kind", { wide: t.object({ total: t.uint64() }) })),
})
const Word = message("Word", t.enum(["on", "1"]))
const Level = message("Level", t.uint8())
const { ir } = lowerContract(
  defineContract({
    name: "demo",
    version: "1.0.0",
    params: { unit: t.param() },
    device: "unit",
    channels: {
      big: telemetry("demo/{unit}/big", Big),
      word: telemetry("demo/{unit}/word", Word, { formats: ["text"] }),
      level: telemetry("demo/{unit}/level", Level, { formats: ["text"] }),
    },
    roles: { app: { read: "*" } },
  }),
)

it.each([
  { given: ["Word", "on"], want: "on" },
  { given: ["Word", '"on"'], want: "on" },
  { given: ["Word", "1"], want: "1" },
  { given: ["Level", "7"], want: 7 },
  {
    given: [
      "Big",
      '{"total":"18446744073709551615","raw":"AQI=","list":[{"total":-5}],"shape":{"kind":"wide","total":3}}',
    ],
    want: {
      total: 18446744073709551615n,
      raw: new Uint8Array([1, 2]),
      list: [{ total: -5n }],
      shape: { kind: "wide", total: 3n },
    },
  },
  { given: ["Big", '{"total":"many","other":1}'], want: { total: "many", other: 1 } },
])("reads $given", ({ given: [name, line], want }) => {
  expect(parseShellValue(ir!, name!, line!)).toEqual(want)
})

it("refuses what is no JSON where a word will not do", () => {
  expect(() => parseShellValue(ir!, "Level", "seven")).toThrow("not JSON: seven")
})
