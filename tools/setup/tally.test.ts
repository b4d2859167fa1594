import { describe, expect, it } from "vitest"
import { readCheckLines, readVitestReport, summarise, type TestResult } from "./tally.mjs"

const test = (title: string, status: string, more = {}) => ({ ancestorTitles: [], title, status, ...more })

describe("a report of vitest", () => {
  it("gives every test by its file and name", () => {
    const report = {
      testResults: [
        {
          name: "/x/packages/topic/src/match.test.ts",
          status: "failed",
          message: "",
          assertionResults: [
            test("accepts", "passed"),
            test("refuses", "failed", { failureMessages: ["expected 1"] }),
            test("waits", "skipped"),
            test("later", "todo"),
          ],
        },
      ],
    }
    expect(readVitestReport(JSON.stringify(report))).toEqual([
      { name: "topic/src/match.test.ts · accepts", status: "passed" },
      { name: "topic/src/match.test.ts · refuses", status: "failed", detail: "expected 1" },
      { name: "topic/src/match.test.ts · waits", status: "skipped", detail: "skipped" },
      { name: "topic/src/match.test.ts · later", status: "skipped", detail: "todo" },
    ])
  })

  it("counts a file that did not load", () => {
    const report = {
      testResults: [{ name: "/x/a/b/c.test.ts", status: "failed", message: "no such module", assertionResults: [] }],
    }
    expect(readVitestReport(JSON.stringify(report))).toEqual([
      { name: "a/b/c.test.ts", status: "failed", detail: "no such module" },
    ])
  })
})

it("reads the lines of the checks, with what belongs to a failure", () => {
  expect(readCheckLines("noise\npass one\nfail two\nbecause\nof this\npass three\n")).toEqual([
    { name: "one", status: "passed" },
    { name: "two", status: "failed", detail: "because\nof this\n" },
    { name: "three", status: "passed" },
  ])
})

const passed: TestResult = { name: "a", status: "passed" }
const failed: TestResult = { name: "b", status: "failed" }
const skipped: TestResult = { name: "c", status: "skipped", detail: "no compiler" }

const sums: readonly { given: readonly TestResult[]; strict: boolean; ok: boolean; last: string; also?: string }[] = [
  { given: [passed, passed], strict: true, ok: true, last: "2 passed, 0 failed, 0 skipped" },
  { given: [passed, failed], strict: false, ok: false, last: "1 passed, 1 failed, 0 skipped", also: "failed   b" },
  { given: [passed, skipped], strict: false, ok: true, last: "1 passed, 0 failed, 1 skipped" },
  {
    given: [passed, skipped],
    strict: true,
    ok: false,
    last: "1 passed, 0 failed, 1 skipped",
    also: "skipped  c (no compiler)",
  },
  { given: [], strict: false, ok: false, last: "0 passed, 0 failed, 0 skipped" },
]

for (const { given, strict, ok, last, also } of sums) {
  it(`ends ${ok ? "well" : "badly"} with ${last}${strict ? " in CI" : ""}`, () => {
    const summary = summarise(given, { strict })
    expect(summary.ok).toBe(ok)
    expect(summary.lines.at(-1)).toBe(last)
    if (also !== undefined) expect(summary.lines).toContain(also)
  })
}
