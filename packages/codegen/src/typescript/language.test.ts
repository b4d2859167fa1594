import { transformSync } from "esbuild"
import fc from "fast-check"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { access, type Code, code, comment, doc, key, string } from "../core/code.js"
import { createCodeFile, render } from "../core/code-file.js"
import { exported } from "../core/symbol.js"
import { RESERVED_WORDS, typescript } from "./language.js"

function printed(...items: readonly Code[]): string {
  const file = createCodeFile({ path: "a.ts", language: typescript })
  file.print(...items)
  return render(file).text
}

/** The one expression of a source, without a syntax error. */
function expressionOf(source: string): ts.Expression {
  const file = ts.createSourceFile("a.ts", source, ts.ScriptTarget.ES2022)
  expect((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([])
  expect(file.statements).toHaveLength(1)
  const [statement] = file.statements
  if (statement === undefined || !ts.isVariableStatement(statement)) throw new Error("not one variable")
  return statement.declarationList.declarations[0]!.initializer!
}

const HOSTILE = [
  "*/",
  "`",
  `$${"{x}"}`,
  '"',
  "\\",
  "\\u0041",
  "\n",
  "\r\n",
  "\u2028",
  "\u2029",
  "\0",
  "\ud800",
  "\u202e",
  "\ufeff",
]
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...HOSTILE, "a", "//", "/*", "</script>", "\udc00")).map((parts) => parts.join("")),
)

describe("string", () => {
  it("is read back by TypeScript and by esbuild as what it was", () => {
    fc.assert(
      fc.property(text, (value) => {
        const source = printed(code`const a = ${string(value)}`)
        const expression = expressionOf(source)
        if (!ts.isStringLiteral(expression)) throw new Error("not a string literal")
        expect(expression.text).toBe(value)
        const { code: output } = transformSync(`${source};globalThis.seen = a`, { loader: "ts", charset: "utf8" })
        // The one place where generated text is run: to see that it says what it should.
        new Function(output)()
        expect((globalThis as { seen?: unknown }).seen).toBe(value)
      }),
      { numRuns: 400, seed: 3 },
    )
  })

  it("shows no character that reorders or hides what a reader sees", () => {
    expect(printed(string("a\u202eb\u200bc\ufeff\u0085"))).toBe('"a\\u202eb\\u200bc\\ufeff\\u0085"\n')
  })
})

describe("doc and comment", () => {
  it("hide whatever they hold from the compiler", () => {
    fc.assert(
      fc.property(text, (value) => {
        const source = printed(doc(value), comment(value), code`const a = 1`)
        expect(expressionOf(source).getText).toBeDefined()
        transformSync(source, { loader: "ts" })
      }),
      { numRuns: 400, seed: 4 },
    )
  })

  it("switches no check off", () => {
    for (const line of ["@ts-ignore", "@ts-expect-error", "@ts-nocheck"])
      for (const print of [doc, comment]) expect(printed(print(line))).not.toContain(line)
  })
})

describe("key and access", () => {
  it("name the property that they were given, and never the prototype", () => {
    const name = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "class", "a-b", "1", ""))
    fc.assert(
      fc.property(name, (value) => {
        const source = printed(
          code`globalThis.seen = ({ ${key(value)}: 1 })`,
          code`globalThis.read = globalThis.seen${access(value)}`,
        )
        const { code: output } = transformSync(source, { loader: "ts", charset: "utf8" })
        new Function(output)()
        const { seen, read } = globalThis as { seen?: object; read?: unknown }
        expect(Object.keys(seen!)).toEqual([value])
        expect(read).toBe(1)
      }),
      { numRuns: 400, seed: 5 },
    )
  })
})

describe("isIdentifier", () => {
  it("says no to every word that TypeScript refuses as a name", () => {
    for (const word of RESERVED_WORDS) {
      const source = `export const ${word} = 1`
      const diagnostics = ts.transpileModule(source, { reportDiagnostics: true }).diagnostics ?? []
      if (diagnostics.length > 0) expect(typescript.isIdentifier(word), word).toBe(false)
    }
    for (const word of ["a-b", "1a", "", "a b", "a.b"]) expect(typescript.isIdentifier(word)).toBe(false)
    for (const word of ["a", "$", "_1", "größe", "of", "type"]) expect(typescript.isIdentifier(word)).toBe(true)
  })
})

describe("specifier", () => {
  it.each([
    { given: ["src/a.ts", "src/b.ts"], want: "./b.js" },
    { given: ["src/a.ts", "src/m/b.ts"], want: "./m/b.js" },
    { given: ["src/m/a.ts", "src/b.ts"], want: "../b.js" },
    { given: ["src/m/n/a.ts", "src/o/b.ts"], want: "../../o/b.js" },
    { given: ["a.ts", "b.json"], want: "./b.json" },
  ])("leads from $given.0 to $given.1", ({ given, want }) => {
    expect(typescript.specifier(given[0]!, exported("x", given[1]!).from)).toBe(want)
  })
})
