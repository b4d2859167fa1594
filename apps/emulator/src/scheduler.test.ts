import type { Clock } from "@fleetwire/runtime"
import { describe, expect, it } from "vitest"
import { createScheduler } from "./scheduler.js"

/** A clock that the test turns; counts the timers it is asked for. */
function turnedClock() {
  let time = 5_000.25
  const timers = new Set<{ due: number; run: () => void }>()
  let most = 0
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    after(ms, run) {
      const timer = { due: time + ms, run }
      timers.add(timer)
      most = Math.max(most, timers.size)
      return () => timers.delete(timer)
    },
  }
  return {
    clock,
    most: () => most,
    pending: () => timers.size,
    turn(ms: number) {
      const until = time + ms
      for (;;) {
        const next = [...timers].filter((timer) => timer.due <= until).sort((a, b) => a.due - b.due)[0]
        if (next === undefined) break
        timers.delete(next)
        time = Math.max(time, next.due)
        next.run()
      }
      time = until
    },
  }
}

describe("createScheduler", () => {
  it("runs in order of time, and in order of asking where times are equal", () => {
    const { clock, turn } = turnedClock()
    const scheduler = createScheduler(clock)
    const seen: string[] = []
    scheduler.after(30, () => seen.push("30"))
    scheduler.after(10, () => seen.push("10 first"))
    scheduler.after(10, () => seen.push("10 second"))
    scheduler.after(0, () => seen.push("0"))
    turn(100)
    expect(seen).toEqual(["0", "10 first", "10 second", "30"])
  })

  it("holds one timer of the clock for ten thousand tasks", () => {
    const { clock, most, pending, turn } = turnedClock()
    const scheduler = createScheduler(clock)
    let runs = 0
    for (let index = 0; index < 10_000; index += 1) scheduler.after((index * 7_919) % 1_000, () => (runs += 1))
    expect(most()).toBe(1)
    turn(1_001)
    expect({ runs, size: scheduler.size, pending: pending() }).toEqual({ runs: 10_000, size: 0, pending: 0 })
  })

  it("cancels, and holds no timer when nothing waits", () => {
    const { clock, pending, turn } = turnedClock()
    const scheduler = createScheduler(clock)
    let ran = false
    const cancel = scheduler.after(10, () => (ran = true))
    cancel()
    cancel()
    expect({ size: scheduler.size, pending: pending() }).toEqual({ size: 0, pending: 0 })
    turn(20)
    expect(ran).toBe(false)
  })

  it("goes on after a task that throws", () => {
    const { clock, turn } = turnedClock()
    const scheduler = createScheduler(clock)
    let ran = false
    scheduler.after(5, () => {
      throw new Error("a task failed")
    })
    scheduler.after(6, () => (ran = true))
    expect(() => turn(5.9)).toThrow("a task failed")
    turn(10)
    expect(ran).toBe(true)
  })

  it("takes tasks that tasks ask for", () => {
    const { clock, turn } = turnedClock()
    const scheduler = createScheduler(clock)
    const at: number[] = []
    const again = (): void => {
      at.push(scheduler.now())
      if (at.length < 3) scheduler.after(100, again)
    }
    scheduler.after(100, again)
    turn(1_000)
    expect(at).toEqual([100, 200, 300])
  })
})
