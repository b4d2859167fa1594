import { checkContractIr, type JsonValue } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { verdicts } from "../../src/index.js"
import { allCases } from "./all-cases.js"

describe("the table of cases", () => {
  it("has every case once", () => {
    const names = allCases.map(({ source, change }) => `${source}: ${change}`)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it("has more than 120 cases beside the rows of the design, and every verdict", () => {
    expect(allCases.filter(({ source }) => source !== "evolution").length).toBeGreaterThanOrEqual(120)
    expect(new Set(allCases.map(({ want }) => want))).toEqual(new Set(verdicts))
  })

  it.each(allCases.map((one) => [`${one.source}: ${one.change}`, one] as const))("%s: both are contracts", (_, one) => {
    for (const ir of [...one.pair, ...(one.earlier ?? [])]) {
      expect(checkContractIr(JSON.parse(JSON.stringify(ir)) as JsonValue)).toMatchObject({ ok: true })
    }
  })
})
