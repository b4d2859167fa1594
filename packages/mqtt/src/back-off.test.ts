import { seededRandom } from "@fleetwire/runtime/testing"
import { expect, it } from "vitest"
import { fixedRandom } from "../test/open-link.js"
import { createBackOff } from "./back-off.js"

const POLICY = { enabled: true, spreadMs: 30_000, baseMs: 1000, capMs: 60_000, stableMs: 10_000 }
const almostOne = fixedRandom(1 - Number.EPSILON)

it("waits longer after each failed attempt, up to the cap", () => {
  const backOff = createBackOff(POLICY, almostOne)
  const waits = Array.from({ length: 9 }, () => Math.round(backOff.afterFailure()))
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

it("draws uniformly from zero on", () => {
  expect(createBackOff(POLICY, fixedRandom(0)).afterLoss(60_000)).toBe(0)
  expect(createBackOff(POLICY, fixedRandom(0.5)).afterLoss(60_000)).toBe(15_000)
})

it("spreads the first attempt after a stable connection, and the later ones wider, up to the cap", () => {
  const backOff = createBackOff(POLICY, almostOne)
  for (let i = 0; i < 9; i += 1) backOff.afterFailure()
  expect(Math.round(backOff.afterLoss(10_000))).toBe(30_000)
  const waits = Array.from({ length: 6 }, () => Math.round(backOff.afterFailure()))
  expect(waits).toEqual([45_000, 45_000, 45_000, 45_000, 45_000, 60_000])
})

it.each([1, 2, 5, 10, 20, 60])(
  "S-2: no second sees more than twice the even share after %i s without a broker, and all are back in time",
  (down) => {
    const clients = 2_000
    const policy = { enabled: true, spreadMs: 20_000, baseMs: 500, capMs: 30_000, stableMs: 10_000 }
    const random = seededRandom(1)
    const comes = Array.from({ length: clients }, () => {
      const backOff = createBackOff(policy, random)
      let at = backOff.afterLoss(60_000)
      while (at < down * 1000) at += backOff.afterFailure()
      return at
    })
    const perSecond = new Map<number, number>()
    for (const at of comes) perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1)
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual((2 * clients) / 20)
    expect(Math.max(...comes)).toBeLessThanOrEqual(down * 1000 + policy.spreadMs + policy.capMs)
  },
)

it("begins anew only after a stable connection, and never below the spread", () => {
  const backOff = createBackOff(POLICY, almostOne)
  expect(Math.round(backOff.afterLoss(9999))).toBe(30_000)
  for (let i = 0; i < 9; i += 1) backOff.afterFailure()
  expect(Math.round(backOff.afterLoss(9999))).toBe(60_000)
  expect(Math.round(backOff.afterLoss(10_000))).toBe(30_000)
})

it("stays at the cap once another client was suspected", () => {
  const backOff = createBackOff(POLICY, almostOne)
  expect(backOff.atCap()).toBe(60_000)
  expect(Math.round(backOff.afterFailure())).toBe(60_000)
})
