import { describe, expect, it } from "vitest"
import { channelRows } from "../test/channel-rows.js"
import { composeCodes } from "../test/compose-codes.js"
import { lockCodes } from "../test/lock-codes.js"
import { nameRows } from "../test/name-rows.js"
import { roleRows } from "../test/role-rows.js"
import { ruleRows } from "../test/rule-rows.js"
import { smallContract } from "../test/small-contract.js"
import { topicRows } from "../test/topic-rows.js"
import { typeRows } from "../test/type-rows.js"
import { type DiagnosticEntry, diagnosticCodes, lowerContract } from "./index.js"

const rows = [...nameRows, ...typeRows, ...topicRows, ...channelRows, ...roleRows, ...ruleRows]

describe("diagnostics", () => {
  it("finds nothing in a contract without a mistake", () => {
    expect(lowerContract(smallContract()).diagnostics).toEqual([])
  })

  it.each(rows.map((row) => [row.code, row.message, row] as const))("%s: %s", (_code, _message, row) => {
    const { ir, diagnostics } = lowerContract(row.given(), undefined, { rules: row.rules ?? [] })
    const found = diagnostics.filter(({ code, message }) => code === row.code && message === row.message)
    expect(found, JSON.stringify(diagnostics, null, 1)).toHaveLength(1)
    expect(found[0]!.target.path).toBe(row.path)
    if (row.help !== "") expect(found[0]!.help).toBe(row.help)
    const { severity }: DiagnosticEntry = diagnosticCodes[row.code]
    expect(found[0]!.severity).toBe(severity)
    if (severity === "error") expect(ir).toBeUndefined()
  })

  it("has a test for every code", () => {
    const tested = new Set<string>([...rows.map(({ code }) => code), ...lockCodes, ...composeCodes])
    expect(Object.keys(diagnosticCodes).filter((code) => !tested.has(code))).toEqual([])
  })

  it("leaves no placeholder unfilled in any message", () => {
    for (const row of rows) {
      for (const { message, help } of lowerContract(row.given()).diagnostics) {
        expect(`${message} ${help}`).not.toMatch(/(^|[^{/`])\{(what|name|value|option|problem|remedy|advice|known)\}/)
      }
    }
  })
})
