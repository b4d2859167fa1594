import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { emitTypescript, type RenderedFile } from "../src/index.js"
import { cars } from "./fixture/cars.js"
import { compile, type Resolution } from "./fixture/compile.js"
import { hostile } from "./fixture/hostile.js"

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "calls.compile")
const RESOLUTIONS: readonly Resolution[] = ["nodenext", "bundler"]
const TIMEOUT = 120_000

const sdk = emitTypescript(cars, { packageName: "@acme/cars" })

function calls(name: string, change: (text: string) => string = (text) => text): RenderedFile {
  return { path: `${name}.ts`, text: change(readFileSync(join(FOLDER, `${name}.ts`), "utf8")) }
}

describe.each(RESOLUTIONS)("generated TypeScript under %s", (resolution) => {
  it("compiles as strictly as the compiler can, with every right call", { timeout: TIMEOUT }, () => {
    expect(compile([...sdk, calls("right-calls"), calls("round-trip")], resolution)).toEqual([])
  })

  it("compiles whatever names and documentation hold", { timeout: TIMEOUT }, () => {
    expect(compile(emitTypescript(hostile, { packageName: "@acme/hostile" }), resolution)).toEqual([])
  })
})

describe("wrong calls", () => {
  const EXPECTED = /\/\/ @ts-expect-error TS(\d+) /

  it("do not compile", { timeout: TIMEOUT }, () => {
    expect(compile([...sdk, calls("wrong-calls")], "nodenext")).toEqual([])
  })

  it("do not compile for the reason that is meant", { timeout: TIMEOUT }, () => {
    const file = calls("wrong-calls", (text) => text.replaceAll("@ts-expect-error", "expected"))
    const expected = readFileSync(join(FOLDER, "wrong-calls.ts"), "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const code = EXPECTED.exec(line)?.[1]
        return code === undefined ? [] : [{ line: index + 2, code: Number(code) }]
      })
    const found = compile([...sdk, file], "nodenext").filter((finding) => finding.path === file.path)
    expect(expected.length).toBeGreaterThan(25)
    expect(found.map(({ line, code }) => ({ line, code }))).toEqual(expected)
  })
})
