import { describe, expect, it } from "vitest"
import { contract, fromController, fromDevice, req, text, u8 } from "../test/contracts.js"
import { acceptBreak, compareContracts, compareFleet, rolloutPlan, withAcceptances } from "./index.js"

const a = req(u8())

describe("rolloutPlan", () => {
  it("updates controllers first, and says what to wait for", () => {
    const plan = rolloutPlan(compareContracts(...fromController({ a }, { a, b: req(u8()) })))
    const [first, second, third] = plan.split("\n").filter((line) => /^\d\./.test(line))
    expect(first).toContain("Update every controller (app)")
    expect(second).toContain("Wait 30 s")
    expect(third).toContain("Update devices")
  })

  it("updates devices first where that is the order", () => {
    const plan = rolloutPlan(compareContracts(...fromDevice({ a }, { a, b: req(u8()) })))
    expect(plan.indexOf("Update devices")).toBeLessThan(plan.indexOf("Update every controller"))
  })

  it("takes opposite orders apart into two releases", () => {
    const plan = rolloutPlan(compareContracts(...fromDevice({ a, b: req(text(3)) }, { a, c: req(u8()) })))
    expect(plan).toContain("Release in two versions")
  })

  it("updates nothing while something is misread", () => {
    const [old, next] = fromDevice({ a: req(u8(), { unit: "cm" }) }, { a: req(u8(), { unit: "mm" }) })
    const plan = rolloutPlan(compareContracts(old, next))
    expect(plan).toContain("Before release, `channels.reading.message/a`")
    expect(plan).not.toContain("Update devices")
  })

  it("clears what was retained and is replaced by nobody", () => {
    const both = contract({ channels: { mode: { kind: "state" }, reading: {} } })
    const plan = rolloutPlan(compareContracts(both, contract({ channels: { reading: {} } })))
    expect(plan).toContain("Clear the retained messages of `demo/{unit}/mode`")
  })
})

describe("withAcceptances", () => {
  const comparison = compareContracts(...fromDevice({ a: req(u8({ max: 9 })) }, { a: req(u8({ max: 5 })) }))
  const accepted = acceptBreak(comparison.findings[0]!, comparison, "all devices send less")

  it("judges what is left", () => {
    expect(comparison.verdict).toBe("devices first")
    const settled = withAcceptances(comparison, [accepted])
    expect(settled.verdict).toBe("safe")
    expect(settled.findings[0]?.accepted).toBe("all devices send less")
  })

  it("says of a plan what was accepted, and that it happens in any order", () => {
    const units = compareContracts(...fromDevice({ a: req(u8(), { unit: "cm" }) }, { a: req(u8(), { unit: "mm" }) }))
    const settled = withAcceptances(units, [acceptBreak(units.findings[0]!, units, "nobody reads it")])
    const plan = rolloutPlan(settled)
    expect(plan).toContain(
      "Verdict: **silent, accepted; the rest is safe**. What was accepted happens in whatever order",
    )
    expect(plan).toContain(
      "1. Before release, see that this still holds for `channels.reading.message/a` (cm became mm): nobody reads it.",
    )
  })

  it("accepts neither another change at the place nor the change against another version", () => {
    expect(withAcceptances(comparison, [{ ...accepted, what: "another" }]).verdict).toBe("devices first")
    expect(withAcceptances(comparison, [{ ...accepted, against: "another" }]).verdict).toBe("devices first")
  })
})

describe("compareFleet", () => {
  const [first, second] = fromDevice({ a: req(u8({ max: 9 })) }, { a: req(u8({ max: 50 })) })
  const third = fromDevice({ a }, { a })[1]

  it("compares with every version in the field, and says where these are at odds", () => {
    const { verdict, comparisons, among } = compareFleet([first, { ...second, version: "1.1.0" }, first], {
      ...third,
      version: "1.2.0",
    })
    expect(verdict).toBe("controllers first")
    expect(comparisons.map(({ old }) => old.version)).toEqual(["1.1.0", "1.0.0"])
    expect(among.map(({ old, new: next }) => [old.version, next.version])).toEqual([["1.0.0", "1.1.0"]])
  })
})
