import { provideMosquitto } from "@fleetwire/broker-lab"
import { expect, it } from "vitest"
import { loadScenarios, scenarioFolder, verify } from "../src/index.js"
import { type Defect, defects } from "./peers/defects.js"
import { fixtureProfile, fullContract, plainContract } from "./peers/fixture-contract.js"
import { peerController } from "./peers/peer-controller.js"
import { peerDevice } from "./peers/peer-device.js"

/** Every `STEP`-th defect in an ordinary run, all of them where FLEETWIRE_ALL_PAIRS says so. */
const STEP = 60
const all = process.env.FLEETWIRE_ALL_PAIRS === "1"
const chosen = defects.filter((_, index) => all || index % STEP === 5)

async function failedClauses({ name, side, contract, mqtt }: Defect): Promise<readonly string[]> {
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
  const failed = results.filter(({ verdict }) => verdict.kind === "fail")
  return [...new Set(failed.flatMap(({ scenario }) => scenario.clauses))].sort()
}

it(
  `a wrong peer fails its own clauses and no others (${chosen.length} of ${defects.length} defects)`,
  async () => {
    await provideMosquitto()
    const wrong: string[] = []
    const waiting = [...chosen]
    const work = async (): Promise<void> => {
      for (let defect = waiting.shift(); defect !== undefined; defect = waiting.shift()) {
        const failed = await failedClauses(defect)
        const want = [...defect.clauses].sort()
        if (failed.join() === want.join()) continue
        wrong.push(`${defect.side} ${defect.name}: failed ${failed.join(", ") || "none"}, not ${want.join(", ")}`)
      }
    }
    await Promise.all(Array.from({ length: 3 }, work))
    expect(wrong).toEqual([])
  },
  all ? 3_600_000 : 180_000,
)
