import { manualClock } from "@fleetwire/runtime/testing"
import { describe, expect, it } from "vitest"
import { createCarState } from "./car-state.js"
import { createDrivetrain } from "./drivetrain.js"
import { createScheduler } from "./scheduler.js"
import { createWorld, type World } from "./world.js"

const world: World = { ...createWorld(1, { width: 200, height: 200 }), obstacles: [] }
const never = new AbortController().signal

function rig() {
  const clock = manualClock()
  const scheduler = createScheduler(clock)
  const initial = { ...createCarState(1, "car-001", world), x: 100, y: 100, heading: 0 }
  return { car: createDrivetrain(initial, world, scheduler), turn: (ms: number) => clock.advance(ms), scheduler }
}

describe("createDrivetrain", () => {
  it("drives for the duration, then stands", async () => {
    const { car, turn } = rig()
    const done = car.drive({ action: "forward", speed: 100 }, 1_000, never)
    await turn(500)
    expect(car.state().motion.action).toBe("forward")
    await turn(600)
    expect(await done).toEqual({ executionMs: 1_000 })
    expect(car.state().motion.action).toBe("stop")
    expect(car.state().x).toBeGreaterThan(100.5)
  })

  it("stops the motors when the drive is aborted, and rejects with the reason", async () => {
    const { car, turn, scheduler } = rig()
    const abort = new AbortController()
    const done = car.drive({ action: "forward", speed: 100 }, 10_000, abort.signal)
    await turn(500)
    abort.abort(new Error("[preempted] stop"))
    await expect(done).rejects.toThrow("[preempted] stop")
    expect({ action: car.state().motion.action, waiting: scheduler.size }).toEqual({ action: "stop", waiting: 0 })
  })

  it("leaves the motors to a later drive when the earlier one ends", async () => {
    const { car, turn } = rig()
    const abort = new AbortController()
    const first = car.drive({ action: "forward", speed: 100 }, 1_000, abort.signal)
    await turn(200)
    const second = car.drive({ action: "left", speed: 50 }, 2_000, never)
    abort.abort(new Error("taken over"))
    await expect(first).rejects.toThrow("taken over")
    expect(car.state().motion).toEqual({ action: "left", speed: 50 })
    await turn(2_000)
    expect(await second).toEqual({ executionMs: 2_000 })
  })

  it("does not begin a drive that was aborted before", async () => {
    const { car } = rig()
    await expect(
      car.drive({ action: "forward", speed: 100 }, 1_000, AbortSignal.abort(new Error("too late"))),
    ).rejects.toThrow("too late")
    expect(car.state().motion.action).toBe("stop")
  })

  it("keeps to the speed limit, in mid-drive too", async () => {
    const { car, turn } = rig()
    void car.drive({ action: "forward", speed: 100 }, 10_000, never)
    await turn(1_000)
    car.limitSpeed(30)
    expect(car.state().motion).toEqual({ action: "forward", speed: 30 })
    await turn(1_000)
    expect(car.state().speed).toBeCloseTo(0.36, 9)
  })

  it("makes up for time that nobody looked", async () => {
    const watched = rig()
    const alone = rig()
    for (const { car } of [watched, alone]) void car.drive({ action: "forward", speed: 80 }, 2_000, never)
    for (let index = 0; index < 50; index += 1) {
      await watched.turn(100)
      watched.car.state()
    }
    await alone.turn(5_000)
    expect(alone.car.state()).toEqual(watched.car.state())
  })
})
