import { describe, expect, it } from "vitest"
import { createRoomClimate, readRoomClimate, stepRoomClimate } from "./room-climate.js"

const HOUR_MS = 3_600_000
const calm = { heating: 0 }
const start = createRoomClimate(7, "room-101")

describe("stepRoomClimate", () => {
  it("does not care how time is cut", () => {
    let cut = start
    for (let rest = 100_000, ms = 1; rest > 0; rest -= ms, ms = Math.min(rest, ms * 3))
      cut = stepRoomClimate(cut, ms, calm)
    expect(cut).toEqual(stepRoomClimate(start, 100_000, calm))
  })

  it("keeps a room that nobody heats within what a station is calibrated for, for a day", () => {
    let room = start
    for (let hour = 0; hour < 24; hour += 1) {
      room = stepRoomClimate(room, HOUR_MS, calm)
      const { temperature, humidity, pressure } = readRoomClimate(room)
      expect(temperature).toBeGreaterThan(20)
      expect(temperature).toBeLessThan(30)
      expect(humidity).toBeGreaterThan(40)
      expect(humidity).toBeLessThan(70)
      expect(pressure).toBeGreaterThan(1000)
      expect(pressure).toBeLessThan(1020)
    }
  })

  it("is warmed by a unit that heats and cooled by one that cools", () => {
    const after = (heating: number) => stepRoomClimate(start, 60_000, { heating }).temperature
    expect(after(2) - after(0)).toBeCloseTo(2, 0)
    expect(after(-2) - after(0)).toBeCloseTo(-2, 0)
  })

  it("sees somebody come and go", () => {
    const seen = new Set<boolean>()
    let room = start
    for (let minute = 0; minute < 30; minute += 1) {
      room = stepRoomClimate(room, 60_000, calm)
      seen.add(readRoomClimate(room).occupied)
    }
    expect(seen).toEqual(new Set([true, false]))
  })

  it("lives another life in another room, and under another seed", () => {
    const later = (seed: number, name: string) => stepRoomClimate(createRoomClimate(seed, name), HOUR_MS, calm).random
    expect(later(7, "room-101")).toBe(stepRoomClimate(start, HOUR_MS, calm).random)
    expect(later(7, "room-102")).not.toBe(later(7, "room-101"))
    expect(later(8, "room-101")).not.toBe(later(7, "room-101"))
  })
})
