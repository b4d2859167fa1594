import { describe, expect, it } from "vitest"
import { makePlan } from "./make-plan.js"

const PLANS = Array.from({ length: 400 }, (_, index) => makePlan(index + 1))

describe("plans", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(makePlan(7)).toEqual(makePlan(7))
    expect(new Set(PLANS.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(PLANS.length)
  })

  it("hold everything that can go wrong", () => {
    const faults = new Set(PLANS.flatMap(({ faults: all }) => all.map(({ kind }) => kind)))
    expect([...faults].sort()).toEqual([
      "black-hole",
      "broker-kill",
      "broker-pause",
      "broker-restart",
      "cut",
      "half-open",
      "packet",
      "refuse",
      "shape",
    ])
    const points = new Set(
      PLANS.flatMap(({ actors }) => actors.flatMap(({ deaths }) => deaths.map(({ cause }) => cause))).map((cause) =>
        cause.kind === "point" ? cause.point : cause.kind,
      ),
    )
    expect(points.size).toBe(11)
  })

  it("kill a device in at least 400 of 1000 seeds, at both protocol versions", () => {
    const killed = PLANS.filter(({ actors }) =>
      actors.some(({ kind, deaths }) => kind === "device" && deaths.length > 0),
    )
    expect(killed.length / PLANS.length).toBeGreaterThan(0.4)
    for (const protocol of ["3.1.1", "5"]) {
      expect(killed.filter((plan) => plan.protocol === protocol).length).toBeGreaterThan(50)
    }
  })

  it("lose, or delay past others, no packet of a stream: no TCP does that", () => {
    for (const { faults } of PLANS) {
      for (const fault of faults) {
        if (fault.kind !== "packet" || fault.commandsOnly) continue
        const { action, cmd } = fault
        if (cmd !== "publish" && cmd !== "pubrec" && cmd !== "pubrel") continue
        expect(action.kind === "drop" || (action.kind === "delay" && !action.blocking)).toBe(false)
      }
    }
  })
})
