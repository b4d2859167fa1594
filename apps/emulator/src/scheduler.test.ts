import type { Clock } from "@fleetwire/runtime"
import { manualClock } from "@fleetwire/runtime/testing"
import { describe, expect, it } from "vitest"
import { createScheduler } from "./scheduler.js"

/** A manual clock that counts the timers that wait at once. */
function countedClock() {
  const manual = manualClock()
  let most = 0
  const clock: Clock = {
    now: manual.now,
    monotonic: manual.monotonic,
    after(ms, run) {
      const cancel = manual.after(ms, run)
      most = Math.max(most, manual.pending)
      return cancel
    },
  }
  return { clock, most: () => most, pending: () => manual.pending, turn: (ms: number) => manual.advance(ms) }
}

describe("createScheduler", () => {
  it("runs in order of time, and in order of asking where times are equal", async () => {
    const { clock, turn } = countedClock()
    const scheduler = createScheduler(clock)
    const seen: string[] = []
    scheduler.after(30, () => seen.push("30"))
    scheduler.after(10, () => seen.push("10 first"))
    scheduler.after(10, () => seen.push("10 second"))
    scheduler.after(0, () => seen.push("0"))
    await turn(100)
    expect(seen).toEqual(["0", "10 first", "10 second", "30"])
  })

  it("holds one timer of the clock for ten thousand tasks", async () => {
    const { clock, most, pending, turn } = countedClock()
    const scheduler = createScheduler(clock)
    let runs = 0
    for (let index = 0; index < 10_000; index += 1) scheduler.after((index * 7_919) % 1_000, () => (runs += 1))
    expect(most()).toBe(1)
    await turn(1_001)
    expect({ runs, size: scheduler.size, pending: pending() }).toEqual({ runs: 10_000, size: 0, pending: 0 })
  })

  it("cancels, and holds no timer when nothing waits", async () => {
    const { clock, pending, turn } = countedClock()
    const scheduler = createScheduler(clock)
    let ran = false
    const cancel = scheduler.after(10, () => (ran = true))
    cancel()
    cancel()
    expect({ size: scheduler.size, pending: pending() }).toEqual({ size: 0, pending: 0 })
    await turn(20)
    expect(ran).toBe(false)
  })

  it("goes on after a task that throws", async () => {
    const { clock, turn } = countedClock()
    const scheduler = createScheduler(clock)
    let ran = false
    scheduler.after(5, () => {
      throw new Error("a task failed")
    })
    scheduler.after(6, () => (ran = true))
    await expect(turn(5.9)).rejects.toThrow("a task failed")
    await turn(10)
    expect(ran).toBe(true)
  })

  it("takes tasks that tasks ask for", async () => {
    const { clock, turn } = countedClock()
    const scheduler = createScheduler(clock)
    const at: number[] = []
    const again = (): void => {
      at.push(scheduler.now())
      if (at.length < 3) scheduler.after(100, again)
    }
    scheduler.after(100, again)
    await turn(1_000)
    expect(at).toEqual([100, 200, 300])
  })
})
