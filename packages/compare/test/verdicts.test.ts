import { describe, expect, it } from "vitest"
import { compareContracts, type Finding, isWorse, type Verdict } from "../src/index.js"
import { allCases } from "./cases/all-cases.js"
import type { Case } from "./cases/case.js"

/** The comparison with the version before, and with every older one that is still in the field. */
function judge({ pair: [old, next], earlier = [], options }: Case) {
  const all = [...earlier, old].map((one) => compareContracts(one, next, options))
  return {
    verdict: all.reduce<Verdict>((worst, one) => (isWorse(one.verdict, worst) ? one.verdict : worst), "safe"),
    comparisons: all.map(({ findings }) => findings),
  }
}

/** What no message shows: senders of the two versions write something else into it by themselves. */
const unseen = new Set(["field/auto-changed"])

describe("compareContracts", () => {
  it.each(allCases.map((one) => [`${one.source}: ${one.change}`, one] as const))("%s", (_, one) => {
    const { verdict, comparisons } = judge(one)
    const findings = comparisons.flat()
    const said = findings.map(({ code, verdict: of, what }) => `${of}: ${code}: ${what}`)
    expect(verdict, said.join("\n")).toBe(one.want)
    if (one.code === "none") expect(said).toEqual([])
    else
      expect(
        findings.map(({ code }) => code),
        said.join("\n"),
      ).toContain(one.code)
    for (const among of comparisons) for (const finding of among) expectProof(finding, among)
  })

  it("says why nobody can say, and claims nothing", () => {
    const unknown = allCases.filter(({ want }) => want === "unknown")
    expect(unknown.length).toBeGreaterThan(1)
    for (const one of unknown) {
      const finding = judge(one)
        .comparisons.flat()
        .find(({ verdict }) => verdict === "unknown")
      expect(finding?.breaks.join()).toContain("none was found, and it is not proven that there is none")
      expect(finding?.witnesses).toEqual([])
    }
  })
})

/** Whatever is not safe has been seen in an experiment, unless a worse finding at the same place hides it. */
function expectProof(finding: Finding, among: readonly Finding[]): void {
  const { code, verdict, what, path, witnesses } = finding
  // Of what nobody can say, there is nothing to show.
  const ofPayload = verdict !== "safe" && verdict !== "unknown" && /^(field|type)\//.test(code) && !unseen.has(code)
  const proven = ofPayload || code === "leg/too-large" || code === "leg/topic-changed" || code === "leg/params-swapped"
  const hidden = among.some(
    (other) => other.path === path && isWorse(other.verdict, verdict) && other.witnesses.length > 0,
  )
  if (proven && !hidden) expect(witnesses, `${code}: ${what}`).not.toEqual([])
  const outcomes = witnesses.map(({ outcome }) => outcome)
  // A witness of something silent was not refused; of something refused, not read.
  if (ofPayload && !hidden && verdict === "silent") expect(outcomes).toContain("misread")
  if (ofPayload && verdict !== "silent") expect(outcomes).not.toContain("misread")
}
