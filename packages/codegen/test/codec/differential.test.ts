import { describe, expect, it } from "vitest"
import { runDifferential } from "./differential.js"

describe("generated codecs and the interpreter", () => {
  it("agree on 20 000 random values and payloads of random contracts", { timeout: 120_000 }, async () => {
    const { cases, valid, differences } = await runDifferential({ seed: 20_261_121, cases: 2_500, contracts: 12 })
    expect(differences.slice(0, 3)).toEqual([])
    expect(cases).toBeGreaterThanOrEqual(20_000)
    expect(valid).toBeGreaterThan(cases / 4)
  })
})
