import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { fixtureProfile, plainContract } from "../test/peers/fixture-contract.js"
import type { Verdict } from "./run-scenario.js"
import type { Scenario } from "./scenario.js"
import { formatJunit, formatScoreCard, scoreCard } from "./score-card.js"
import type { ScenarioResult } from "./verify.js"
import { verify } from "./verify.js"

const scenario = (id: string, clauses: readonly string[]): Scenario => ({
  id,
  title: `about ${id}`,
  clauses,
  side: "device",
  steps: [],
})
const result = (id: string, clauses: readonly string[], verdict: Verdict): ScenarioResult => ({
  scenario: scenario(id, clauses),
  mqtt: "5",
  verdict,
  ms: 12,
})
const fail: Verdict = {
  kind: "fail",
  why: 'it said "<no>"',
  step: 3,
  packets: ["#1 → publish & more"],
  lines: ["\u0001"],
}

describe("the score card", () => {
  const rows = [
    { given: [{ kind: "pass" }, fail], want: "fail" },
    { given: [{ kind: "pass" }, { kind: "not-observable", why: "w" }], want: "pass" },
    {
      given: [
        { kind: "not-applicable", why: "w" },
        { kind: "not-observable", why: "w" },
      ],
      want: "not-observable",
    },
    { given: [{ kind: "not-applicable", why: "w" }], want: "not-applicable" },
  ] as const
  for (const { given, want } of rows)
    it(`says ${want} of a clause with ${given.map(({ kind }) => kind).join(" and ")}`, () => {
      const card = scoreCard(
        "car",
        "device",
        given.map((verdict, index) => result(`s${index}`, ["C-3"], verdict)),
      )
      expect(card.clauses.map((each) => each.result)).toEqual([want])
    })

  it("shows the packets of a failure, and the sums", () => {
    const text = formatScoreCard(
      scoreCard("car", "device", [result("a", ["C-3"], fail), result("b", ["C-10"], { kind: "pass" })]),
    )
    expect(text).toContain("#1 → publish & more")
    expect(text).toContain("1 pass, 1 fail, 0 not applicable, 0 not observable")
  })

  it("is XML that no text of a subject can break", () => {
    const xml = formatJunit(scoreCard("car", "device", [result("a", ["C-3"], fail)]))
    expect(xml).toContain('message="step 3: it said &quot;&lt;no&gt;&quot;"')
    expect(xml).toContain("publish &amp; more")
    expect(xml).toContain('tests="1" failures="1" skipped="0"')
  })
})

describe("capabilities", () => {
  it("Z-3: what the client library lacks is not applicable", async () => {
    const needy = parse(
      "{ id: held, title: held, clauses: [M-2], side: device, needs: { capabilities: [manualAck] }, steps: [] }",
    ) as Scenario
    const start = (): never => {
      throw new Error("it must not be started")
    }
    const results = await verify({
      ir: plainContract(),
      side: "device",
      scenarios: [needy],
      profile: fixtureProfile,
      capabilities: ["publishQos"],
      start,
    })
    expect(results.map(({ verdict }) => verdict)).toEqual([
      { kind: "not-applicable", why: "the client library lacks manualAck" },
      { kind: "not-applicable", why: "the client library lacks manualAck" },
    ])
  })
})
