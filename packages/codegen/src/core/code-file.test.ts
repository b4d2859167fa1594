import { describe, expect, it } from "vitest"
import { typescript } from "../typescript/language.js"
import { block, type Code, code, comment, doc, ident, indent, join, key, nothing, numbered, string } from "./code.js"
import { createCodeFile, render } from "./code-file.js"
import { exported, symbol } from "./symbol.js"

function text(...items: Code[]): string {
  const file = createCodeFile({ path: "src/a.ts", language: typescript })
  file.print(...items)
  return render(file).text
}

describe("code", () => {
  it("prints a template without its own margin and first line break", () => {
    expect(
      text(code`
        const a = 1
          const b = \`\${a}\` + "\n"
      `),
    ).toBe(["const a = 1", "  const b = `$" + '{a}` + "\\n"', ""].join("\n"))
  })

  it("indents what is interpolated like the line that it stands on", () => {
    const body = code`
      one()
      two()
    `
    expect(text(block(code`function f()`, [block(code`if (x)`, body), body]))).toBe(
      "function f() {\n  if (x) {\n    one()\n    two()\n  }\n  one()\n  two()\n}\n",
    )
    expect(text(indent([body, body]))).toBe("  one()\n  two()\n  one()\n  two()\n")
  })

  it("drops a line that holds only an empty interpolation, and keeps a blank one", () => {
    expect(
      text(
        block(
          code`f()`,
          code`
      ${nothing}
      a()
      ${[]}

      b()
    `,
        ),
      ),
    ).toBe("f() {\n  a()\n\n  b()\n}\n")
    expect(text(block(code`f()`, nothing))).toBe("f() {}\n")
  })

  it("joins and prints numbers as literals", () => {
    expect(text(code`[${join([1, -0, 2n], code`, `)}]`)).toBe("[1, -0, 2n]\n")
    expect(() => code`${Number.NaN}`).toThrow(RangeError)
  })

  it("prints lists in the midst of a line, what stands around them too", () => {
    expect(text(code`f(${[code`${1},`, [code`a,`, 2]]}, ${numbered("v", 1)}) // ${[3]}${nothing}`)).toBe(
      "f(1,\na,\n2, v1) // 3\n",
    )
  })

  it("refuses a raw string, for the compiler and at run time", () => {
    // @ts-expect-error a string is not printable
    expect(() => code`${"x"}`).toThrow(TypeError)
  })

  it("refuses a name that is no identifier", () => {
    for (const name of ["a-b", "class", "", "1a", "await"]) expect(() => text(ident(name))).toThrow("not an identifier")
  })

  it("prints a comment that cannot be closed from inside", () => {
    expect(text(doc("a */ b"), comment("one\ntwo"))).toBe("/** a *\\/ b */\n// one\n// two\n")
    expect(text(block(code`interface A`, [doc("one\n\ntwo"), code`${key("a-b")}: ${string('"')}`]))).toBe(
      'interface A {\n  /**\n   * one\n   *\n   * two\n   */\n  "a-b": "\\""\n}\n',
    )
  })
})

describe("imports", () => {
  it("imports a printed symbol once, sorted, types apart from values", () => {
    const file = createCodeFile({ path: "src/messages/a.ts", language: typescript, header: comment("made") })
    const error = symbol("SdkError", "@x/runtime")
    const issue = symbol("Issue", "@x/runtime", { type: true })
    const other = exported("Other", "src/other.ts", { type: true })
    file.print(code`export type A = ${other} | ${issue} | ${issue}`)
    file.print(code`throw new ${error}()`)
    expect(render(file).text).toBe(
      [
        "// made",
        "",
        'import type { Other } from "../other.js"',
        'import { type Issue, SdkError } from "@x/runtime"',
        "",
        "export type A = Other | Issue | Issue",
        "throw new SdkError()",
        "",
      ].join("\n"),
    )
  })

  it("gives way to names of the file itself and of earlier imports", () => {
    const file = createCodeFile({ path: "src/a.ts", language: typescript })
    const own = exported("Issue", file, { type: true })
    file.print(
      code`export interface ${own} { a: ${symbol("Issue", "@x/a", { type: true })}; b: ${symbol("Issue", "@x/b", { type: true })} }`,
    )
    expect(render(file).text).toBe(
      'import type { Issue as Issue2 } from "@x/a"\nimport type { Issue as Issue3 } from "@x/b"\n\nexport interface Issue { a: Issue2; b: Issue3 }\n',
    )
  })

  it("gives way to names that a file numbers", () => {
    const file = createCodeFile({ path: "src/a.ts", language: typescript })
    file.print(code`const ${numbered("v", 1)} = ${symbol("v1", "@x/a")} + ${symbol("u1", "@x/a")}`)
    expect(render(file).text).toBe('import { u1, v1 as v1_2 } from "@x/a"\n\nconst v1 = v1_2 + u1\n')
  })

  it("imports as a value what is printed once as a value", () => {
    const file = createCodeFile({ path: "src/a.ts", language: typescript })
    file.print(code`${exported("A", "src/b.ts", { type: true })}`, code`${exported("A", "src/b.ts")}`)
    expect(render(file).text).toBe('import { A } from "./b.js"\n\nA\nA\n')
  })
})
