import { describe, expect, it } from "vitest"
import { createCarState } from "./car-state.js"
import { readCar, toDegrees } from "./read-car.js"
import { stepCar } from "./step-car.js"
import { createWorld, type World } from "./world.js"

const world: World = { ...createWorld(1), obstacles: [] }

describe("readCar", () => {
  it("shows the wall in front and nothing behind", () => {
    const car = { ...createCarState(1, "car-001", world), x: world.width - 1.15, y: 20, heading: 0 }
    const reading = readCar(car, world)
    expect(Math.abs(reading.distanceFront - 100)).toBeLessThan(2)
    expect(reading.distanceRear).toBeGreaterThan(398)
  })

  it("stays within the ranges of its instruments for a whole hour", () => {
    let car = { ...createCarState(2, "car-002", world), motion: { action: "forward", speed: 100 } as const }
    for (let second = 0; second < 3_600; second += 10) {
      car = { ...stepCar(car, 10_000, world), motion: car.motion }
      const reading = readCar(car, world)
      expect(reading.battery).toBeGreaterThanOrEqual(0)
      expect(reading.battery).toBeLessThanOrEqual(100)
      expect(Number.isInteger(reading.battery) && Number.isInteger(reading.rssi)).toBe(true)
      expect(reading.rssi).toBeGreaterThanOrEqual(-95)
      expect(reading.rssi).toBeLessThanOrEqual(-20)
      expect(reading.distanceFront).toBeGreaterThanOrEqual(0)
      expect(reading.distanceFront).toBeLessThanOrEqual(400)
    }
  })

  it("reads the same twice and something else a second later", () => {
    const car = createCarState(1, "car-001", world)
    expect(readCar(car, world)).toEqual(readCar(car, world))
    expect(readCar(stepCar(car, 1_000, world), world)).not.toEqual(readCar(car, world))
  })

  it("counts uptime in whole seconds", () => {
    expect(readCar(stepCar(createCarState(1, "car-001", world), 2_999, world), world).uptime).toBe(2)
  })
})

describe("toDegrees", () => {
  it("turns metres into degrees with at least four decimals", () => {
    expect(toDegrees(world, { x: 0, y: 0 })).toEqual({ latitude: 52.52, longitude: 13.405 })
    expect(toDegrees(world, { x: 10, y: 111.194927 })).toEqual({ latitude: 52.521, longitude: 13.405148 })
  })
})
