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
    expect(await explain("type/enum-value-add")).toMatchObject({ code: 2, err: expect.stringContaining("?") })
  })

  it("has every code once, each with something that helps", () => {
    const codes = allExplanations().map(({ code }) => code)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
    expect(allExplanations().filter(({ meaning, help }) => meaning.length < 10 || help.length < 5)).toEqual([])
  })
})
