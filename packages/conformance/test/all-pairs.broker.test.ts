import { provideMosquitto } from "@fleetwire/broker-lab"
import { expect, it } from "vitest"
import { loadScenarios, scenarioFolder, verify } from "../src/index.js"
import { type Defect, defects } from "./peers/defects.js"
import { fixtureProfile, fullContract, plainContract } from "./peers/fixture-contract.js"
import { peerController } from "./peers/peer-controller.js"
import { peerDevice } from "./peers/peer-device.js"

/** Every `STEP`-th defect in an ordinary run; those that FLEETWIRE_ALL_PAIRS names, or all of them where it is 1. */
const STEP = 60
const asked = process.env.FLEETWIRE_ALL_PAIRS ?? ""
const all = asked === "1"
const chosen = defects.filter(({ name }, index) =>
  asked === "" ? index % STEP === 5 : all || asked.split(",").includes(name),
)

/** What is wrong about how a defect was judged: a clause of its own that held, or a scenario that it should pass. */
async function misjudged({ name, side, contract, mqtt, clauses, also = [] }: Defect): Promise<readonly string[]> {
  const ir = contract === "plain" ? plainContract() : fullContract()
  const results = await verify({
    ir,
    side,
    scenarios: await loadScenarios(scenarioFolder()),
    mqtt: [mqtt],
    profile: fixtureProfile,
    features: ["lines", "store", "prefix"],
    start: side === "device" ? peerDevice(ir, name) : peerController(ir, name),
    concurrency: 12,
  })
  const failed = results.flatMap(({ scenario, verdict }) => (verdict.kind === "fail" ? [{ scenario, verdict }] : []))
  const broken = new Set(failed.flatMap(({ scenario }) => scenario.clauses))
  const innocent = failed.filter(
    ({ scenario }) => !also.includes(scenario.id) && !scenario.clauses.some((clause) => clauses.includes(clause)),
  )
  return [
    ...clauses.filter((clause) => !broken.has(clause)).map((clause) => `passes ${clause}`),
    ...innocent.map(({ scenario, verdict }) => `fails ${scenario.id} (${scenario.clauses.join(", ")}): ${verdict.why}`),
  ]
}

it(
  `a wrong peer fails its own clauses and no others (${chosen.length} of ${defects.length} defects)`,
  async () => {
    await provideMosquitto()
    const wrong: string[] = []
    const waiting = [...chosen]
    const work = async (): Promise<void> => {
      for (let defect = waiting.shift(); defect !== undefined; defect = waiting.shift()) {
        wrong.push(...(await misjudged(defect)).map((what) => `${defect.side} ${defect.name} ${what}`))
      }
    }
    await Promise.all(Array.from({ length: 3 }, work))
    expect(wrong).toEqual([])
  },
  all ? 3_600_000 : 180_000,
)
