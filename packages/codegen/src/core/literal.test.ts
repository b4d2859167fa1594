import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { typescript } from "../typescript/language.js"
import { code } from "./code.js"
import { createCodeFile, render } from "./code-file.js"
import { type LiteralValue, literal } from "./literal.js"

function printed(value: LiteralValue): string {
  const file = createCodeFile({ path: "a.ts", language: typescript })
  file.print(code`const a = ${literal(value)}`)
  return render(file).text
}

describe("literal", () => {
  it.each([
    { given: { a: 1, "b-c": [true, null], d: undefined }, want: '{ a: 1, "b-c": [true, null] }' },
    {
      given: { big: 10n, code: code`x + 1`, empty: {}, none: [] },
      want: "{ big: 10n, code: x + 1, empty: {}, none: [] }",
    },
    { given: -0, want: "-0" },
  ])("prints $want", ({ given, want }) => {
    expect(printed(given)).toBe(`const a = ${want}\n`)
  })

  it("gives each member a line where one is not enough", () => {
    const long = "x".repeat(90)
    expect(printed({ long, list: [{ long }] })).toBe(
      [
        "const a = {",
        `  long: "${long}",`,
        "  list: [",
        "    {",
        `      long: "${long}",`,
        "    },",
        "  ],",
        "}",
        "",
      ].join("\n"),
    )
  })

  it("is read back as what it was", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string({ unit: "binary" }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value")),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor")), tie("value")),
      ),
    })).value
    fc.assert(
      fc.property(value, (given) => {
        // Generated text is run here to see that it says what it should.
        const read = new Function(`${printed(given as LiteralValue)};return a`)() as unknown
        expect(read).toEqual(given)
        expect(Object.getPrototypeOf(Object(read))).toBe(
          Object.getPrototypeOf(Object(JSON.parse(JSON.stringify(given)))),
        )
      }),
      { numRuns: 300, seed: 17 },
    )
  })
})
