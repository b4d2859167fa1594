import { transformSync } from "esbuild"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createCodeFile, render } from "../core/code-file.js"
import { typescript } from "./language.js"
import { patternTest } from "./pattern-test.js"

function compiled(pattern: string): (text: string) => boolean {
  const file = createCodeFile({ path: "a.ts", language: typescript })
  file.print(patternTest("fits", pattern))
  const { code } = transformSync(render(file).text, { loader: "ts" })
  // Generated text is run here, and nowhere else, to see that it says what the pattern says.
  return new Function(`${code};return fits`)() as (text: string) => boolean
}

describe("patternTest", () => {
  it.each([
    { pattern: "car-[0-9]{3,6}", alphabet: "car-0129" },
    { pattern: "(ab|cd)*e?", alphabet: "abcde" },
    { pattern: "[^a-c]+", alphabet: "abcd🚗" },
    { pattern: ".", alphabet: "a🚗\n" },
    { pattern: "\\w\\d?", alphabet: "a_0-" },
    { pattern: "", alphabet: "a" },
    { pattern: "🚗{2}|🚙", alphabet: "🚗🚙" },
  ])("says of $pattern what a regular expression says", ({ pattern, alphabet }) => {
    const fits = compiled(pattern)
    const oracle = new RegExp(`^(?:${pattern})$`, "u")
    const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 9 }).map((characters) => characters.join(""))
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "grapheme" })), (value) => {
        expect(fits(value)).toBe(oracle.test(value))
      }),
      { numRuns: 500, seed: 13 },
    )
  })

  it("takes time in proportion to the text where an expression would not", () => {
    const fits = compiled("(a*)*b")
    const start = performance.now()
    expect(fits("a".repeat(100_000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
