import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { allExplanations } from "./explain.js"
import { run } from "./run.js"

async function explain(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await run(["explain", ...args], {
    cwd: process.cwd(),
    color: false,
    input: process.stdin,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  })
  return { code, out: out.join(""), err: err.join("") }
}

describe("fleetwire explain", () => {
  it.each([
    ["style/topic-case", "a warning of `fleetwire check`, which a channel may accept"],
    ["load/threw", "an error of loading a contract"],
    ["field/unit-changed", "250 cm is read as 250 mm"],
    ["preempted", "an error of an SDK's call"],
    ["union_tag", "an issue of a payload"],
    ["[timeout]", "mayHaveRun"],
  ])("knows %s", async (code, words) => {
    expect(await explain(code)).toMatchObject({ code: 0, err: "", out: expect.stringContaining(words) })
  })

  it("guesses what was meant", async () => {
    expect(await explain("type/kind-change")).toMatchObject({
      code: 2,
      err: expect.stringContaining("type/kind-changed"),
    })
    expect(await explain("topic-cse")).toMatchObject({ code: 2, err: expect.stringContaining("style/topic-case") })
    expect(await explain("Qöllig-anders")).toMatchObject({ code: 2, err: expect.stringContaining("lists all") })
    expect(await explain("type/enum-value-add")).toMatchObject({ code: 2, err: expect.stringContaining("?") })
  })

  it("has every code once, each with something that helps", () => {
    const codes = allExplanations().map(({ code }) => code)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
    expect(allExplanations().filter(({ meaning, help }) => meaning.length < 10 || help.length < 5)).toEqual([])
  })
})

/** A code as it stands in the sources, such as `contract/topic-overlap` in quotes. */
const CODE = /"((?:access|asyncapi|c|compose|contract|cost|diff|load|lock|portability|safety|style)\/[a-z0-9-]+)"/g

it("explains every code that stands in the sources of the product", () => {
  const packages = join(dirname(fileURLToPath(import.meta.url)), "../..")
  const known = new Set(allExplanations().map(({ code }) => code))
  const missing: string[] = []
  let seen = 0
  for (const name of ["cli", "codegen", "compare", "conformance", "contract"]) {
    const folder = join(packages, name, "src")
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue
      for (const [, code] of readFileSync(join(folder, file), "utf8").matchAll(CODE)) {
        seen++
        if (!known.has(code!)) missing.push(`${name}/${file}: ${code}`)
      }
    }
  }
  expect(missing).toEqual([])
  expect(seen).toBeGreaterThan(200)
})
