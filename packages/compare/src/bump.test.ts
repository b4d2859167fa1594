import { describe, expect, it } from "vitest"
import { fromDevice, opt, req, u8, u16 } from "../test/contracts.js"
import { bumpBetween, bumpsOf, compareContracts, isEnough } from "./index.js"

const a = req(u8())

describe("bumpsOf", () => {
  it.each([
    { change: "nothing", pair: fromDevice({ a }, { a }), want: { contract: "none", sdk: "none" } },
    {
      change: "words",
      pair: fromDevice({ a }, { a: req(u8(), { doc: "x" }) }),
      want: { contract: "patch", sdk: "patch" },
    },
    {
      change: "an optional field",
      pair: fromDevice({ a }, { a, b: opt(u8()) }),
      want: { contract: "minor", sdk: "minor" },
    },
    {
      change: "wider bounds",
      pair: fromDevice({ a: req(u8({ max: 9 })) }, { a: req(u8({ max: 10 })) }),
      want: { contract: "minor", sdk: "patch" },
    },
    {
      change: "a required field gone",
      pair: fromDevice({ a, b: req(u16()) }, { a }),
      want: { contract: "minor", sdk: "major" },
    },
    {
      change: "a unit",
      pair: fromDevice({ a: req(u8(), { unit: "cm" }) }, { a: req(u8(), { unit: "mm" }) }),
      want: { contract: "major", sdk: "major" },
    },
  ])("$change", ({ pair, want }) => {
    expect(bumpsOf(compareContracts(...pair).findings, "1.2.3")).toEqual(want)
  })

  it("takes no major step before 1.0.0", () => {
    const [old, next] = fromDevice({ a: req(u8(), { unit: "cm" }) }, { a: req(u8(), { unit: "mm" }) })
    expect(bumpsOf(compareContracts(old, next).findings, "0.4.0")).toEqual({ contract: "minor", sdk: "minor" })
  })
})

describe("bumpBetween", () => {
  it.each([
    ["1.2.3", "1.2.3", "none"],
    ["1.2.3", "1.2.4", "patch"],
    ["1.2.3", "1.3.0", "minor"],
    ["1.2.3", "2.0.0-rc.1", "major"],
    ["1.2.3", "1.1.9", "none"],
  ] as const)("%s to %s is %s", (old, next, want) => {
    expect(bumpBetween(old, next)).toBe(want)
  })

  it("knows which step is enough", () => {
    expect(isEnough("minor", "patch")).toBe(true)
    expect(isEnough("patch", "minor")).toBe(false)
  })
})
