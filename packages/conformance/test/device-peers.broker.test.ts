import { provideMosquitto } from "@fleetwire/broker-lab"
import { beforeAll, describe, expect, it } from "vitest"
import { loadScenarios, type Scenario, type ScenarioResult, scenarioFolder, verify } from "../src/index.js"
import { defects } from "./peers/defects.js"
import { fixtureProfile, fullContract, plainContract } from "./peers/fixture-contract.js"
import { peerDevice } from "./peers/peer-device.js"

let scenarios: readonly Scenario[] = []
beforeAll(async () => {
  await provideMosquitto()
  scenarios = (await loadScenarios(scenarioFolder())).filter(({ side }) => side === "device")
})

function judge(
  contract: "plain" | "full",
  defect: string | undefined,
  options: {
    readonly clauses?: readonly string[]
    readonly ids?: readonly string[]
    readonly mqtt?: "3.1.1" | "5"
    readonly concurrency: number
  },
): Promise<readonly ScenarioResult[]> {
  const ir = contract === "plain" ? plainContract() : fullContract()
  const { clauses, ids, mqtt, concurrency } = options
  return verify({
    ir,
    side: "device",
    scenarios: ids === undefined ? scenarios : scenarios.filter(({ id }) => ids.includes(id)),
    profile: fixtureProfile,
    features: ["lines", "store", "prefix", "refusals"],
    start: peerDevice(ir, defect),
    concurrency,
    ...(clauses === undefined ? {} : { clauses }),
    ...(mqtt === undefined ? {} : { mqtt: [mqtt] }),
  })
}

const failures = (results: readonly ScenarioResult[]): string[] =>
  results.flatMap(({ scenario, mqtt, verdict }) =>
    verdict.kind === "fail" ? [`${scenario.id} at MQTT ${mqtt}: ${verdict.why}\n${verdict.packets.join("\n")}`] : [],
  )

describe("a device by hand that keeps the protocol", () => {
  it("passes every scenario of a device, at 3.1.1 and at 5", async () => {
    const plain = await judge("plain", undefined, { concurrency: 12 })
    // The car's contract has not all that scenarios are about; the rest is played on one that has.
    const rest = scenarios.filter(
      (scenario) => !plain.some((each) => each.scenario === scenario && each.verdict.kind === "pass"),
    )
    const full = await judge("full", undefined, { ids: rest.map(({ id }) => id), concurrency: 12 })
    expect(failures([...plain, ...full])).toEqual([])
    // Nothing is shown by scenarios that never run.
    const shown = new Set(
      [...plain, ...full].filter(({ verdict }) => verdict.kind === "pass").map(({ scenario }) => scenario.id),
    )
    expect(scenarios.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
    expect([...plain, ...full].filter(({ verdict }) => verdict.kind === "not-observable")).toEqual([])
  }, 180_000)
})

describe("a device that is wrong in one way fails the scenario of that clause", () => {
  it.concurrent.each(defects.filter((defect) => defect.side === "device"))(
    "$name at $mqtt: $does",
    // Many are played at once on few processors: what came too late to be seen is played once more.
    { retry: 1, timeout: 120_000 },
    async ({ name, contract, clauses, mqtt, caughtBy }) => {
      const results = await judge(contract, name, { ids: caughtBy, mqtt, concurrency: 6 })
      const failed = results.filter(({ verdict }) => verdict.kind === "fail").map(({ scenario }) => scenario)
      expect(failed.map(({ id }) => id).sort()).toEqual([...caughtBy].sort())
      const caught = new Set(failed.flatMap((scenario) => scenario.clauses))
      expect(clauses.filter((clause) => !caught.has(clause))).toEqual([])
    },
  )
})
