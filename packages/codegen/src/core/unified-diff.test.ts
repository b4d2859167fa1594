import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { unifiedDiff } from "./unified-diff.js"

describe("unifiedDiff", () => {
  it("says nothing of equal texts", () => {
    expect(unifiedDiff("a", "x\n", "x\n")).toBe("")
  })

  it("shows a change with three lines around it", () => {
    const lines = Array.from({ length: 12 }, (_, index) => `${index}`)
    const before = `${lines.join("\n")}\n`
    const after = before.replace("5\n", "five\n")
    expect(unifiedDiff("src/a.ts", before, after)).toBe(
      "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -3,7 +3,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    )
  })

  it("shows a new file and one that goes", () => {
    expect(unifiedDiff("a", undefined, "x\n")).toBe("--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n")
    expect(unifiedDiff("a", "x", undefined)).toBe(
      "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n",
    )
  })

  it("is a patch that git applies", () => {
    const folder = mkdtempSync(join(tmpdir(), "fleetwire-diff-"))
    const text = fc
      .array(fc.constantFrom("a", "b", "c", "d", ""), { minLength: 1, maxLength: 30 })
      .map((lines) => `${lines.join("\n")}\n`)
    try {
      fc.assert(
        fc.property(text, text, fc.boolean(), (before, after, newline) => {
          fc.pre(before !== after)
          const wanted = newline ? after : after.replace(/\n+$/, "x")
          writeFileSync(join(folder, "f"), before)
          const diff = unifiedDiff("f", before, wanted)
          execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input: diff })
          expect(readFileSync(join(folder, "f"), "utf8")).toBe(wanted)
        }),
        { numRuns: 60, seed: 7 },
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("stays quick where everything differs", () => {
    const text = (word: string) => `${Array.from({ length: 5000 }, (_, index) => `${word}${index}`).join("\n")}\n`
    const diff = unifiedDiff("a", text("x"), text("y"))
    expect(diff.split("\n").length).toBe(10_004)
  })
})
