import { describe, expect, it } from "vitest"
import { systemClock, systemRandom } from "./system-clock.js"

describe("the machine's clock", () => {
  it("runs once after the time, not before", async () => {
    const from = systemClock.monotonic()
    await new Promise<void>((resolve) => systemClock.after(20, resolve))
    expect(systemClock.monotonic() - from).toBeGreaterThanOrEqual(19)
  })

  it("does not run what was canceled", async () => {
    let ran = false
    const cancel = systemClock.after(5, () => {
      ran = true
    })
    cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(ran).toBe(false)
  })

  it("does not run at once what is further away than a platform timer reaches", async () => {
    let ran = false
    const cancel = systemClock.after(2 ** 32, () => {
      ran = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    cancel()
    expect(ran).toBe(false)
  })

  it("knows the time of day", () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000)
  })
})

it("random bytes are as many as asked for, and not the same twice", () => {
  expect(systemRandom.bytes(12)).toHaveLength(12)
  expect(systemRandom.bytes(16)).not.toEqual(systemRandom.bytes(16))
  expect(systemRandom.next()).toBeLessThan(1)
})
