import { describe, expect, it } from "vitest"
import { keepAliveFor } from "./keep-alive.js"

/** The latest moment at which Mosquitto 2.0 ends a connection that fell silent, in seconds. */
function latest(keepAlive: number): number {
  return Math.floor(keepAlive * 1.5) + 1 + 6
}

describe("keepAliveFor", () => {
  for (const promised of [5, 6, 7, 8, 10, 20, 30, 60, 65_535]) {
    it(`keeps a promise of ${promised} s on a broker that looks every six`, () => {
      expect(latest(keepAliveFor(promised))).toBeLessThanOrEqual(1.5 * promised + 1)
    })
  }

  it("asks for the shortest where no promise can be kept", () => {
    expect([1, 2, 3, 4].map(keepAliveFor)).toEqual([1, 1, 1, 1])
  })
})
