import { describe, expect, it } from "vitest"
import { LEVELS } from "./numbered-contract.js"
import { MISHAPS, runExperiment } from "./run-experiment.js"

describe.each(["3.1.1", "5"] as const)("the QoS experiment, fast, at MQTT %s", (protocol) => {
  it("loses at QoS 0 what was said into the dark, and nothing at QoS 1 and 2 of what the broker saved", async () => {
    const fast = { protocol, messages: 60, perSecond: 60, downMs: 200 }
    const outcomes = await Promise.all(MISHAPS.map((mishap) => runExperiment({ ...fast, mishap })))
    const [forgetful, written, saved] = outcomes
    // A fifth of a second in the dark is about a dozen messages.
    expect(forgetful![0].lost).toBeGreaterThan(3)
    expect(forgetful![0].accepted).toBeLessThan(60)
    expect(forgetful![0].distinct).toBeGreaterThan(20)
    for (const level of [1, 2] as const) {
      // What a killed broker had acknowledged and not saved yet is gone: no client can keep it.
      expect(written![level].accepted - written![level].distinct).toBeLessThanOrEqual(5)
      expect(saved![level]).toMatchObject({ accepted: 60, distinct: 60, lost: 0 })
    }
    // A broker that forgot what it had taken at QoS 2 takes it again.
    expect(saved![2].repeated).toBe(0)
    expect(outcomes.map((outcome) => LEVELS.map((level) => outcome[level].overtaken))).toEqual(
      outcomes.map(() => [0, 0, 0]),
    )
  })
})
