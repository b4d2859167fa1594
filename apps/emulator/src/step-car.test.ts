import { describe, expect, it } from "vitest"
import { type Action, CAR_RADIUS, type CarState, createCarState } from "./car-state.js"
import { STEP_MS, stepCar } from "./step-car.js"
import { createWorld, isFree, type World } from "./world.js"

const open: World = { ...createWorld(1, { width: 200, height: 200 }), obstacles: [] }
const centre: CarState = { ...createCarState(1, "car-001", open), x: 100, y: 100, heading: 0 }

function told(car: CarState, action: Action, speed = 100): CarState {
  return { ...car, motion: { action, speed } }
}

describe("stepCar", () => {
  const moves: readonly { given: Action; want: { dx: number; dy: number; turn: number } }[] = [
    { given: "forward", want: { dx: 1, dy: 0, turn: 0 } },
    { given: "backward", want: { dx: -1, dy: 0, turn: 0 } },
    { given: "left", want: { dx: 0, dy: 0, turn: 1 } },
    { given: "right", want: { dx: 0, dy: 0, turn: -1 } },
    { given: "stop", want: { dx: 0, dy: 0, turn: 0 } },
  ]
  for (const { given, want } of moves) {
    it(`drives ${given} as told`, () => {
      const car = stepCar(told(centre, given), 500, open)
      expect(Math.sign(Math.round((car.x - centre.x) * 1e6))).toBe(want.dx)
      expect(Math.sign(Math.round((car.y - centre.y) * 1e6))).toBe(want.dy)
      const turned = car.heading > Math.PI ? car.heading - 2 * Math.PI : car.heading
      expect(Math.sign(Math.round(turned * 1e6))).toBe(want.turn)
    })
  }

  it("reaches 1.2 m/s at full speed and half of it at 50 %", () => {
    expect(stepCar(told(centre, "forward"), 2_000, open).speed).toBeCloseTo(1.2, 9)
    expect(stepCar(told(centre, "forward", 50), 2_000, open).speed).toBeCloseTo(0.6, 9)
  })

  it("gives the same bits however time is cut", () => {
    const whole = stepCar(told(centre, "forward"), 7_003, open)
    let pieces = told(centre, "forward")
    for (const ms of [1, 18, 3, 978, 2_000, 20, 3_983]) pieces = stepCar(pieces, ms, open)
    expect(pieces).toEqual(whole)
  })

  it("counts time below one step without moving", () => {
    const car = stepCar(told(centre, "forward"), STEP_MS - 1, open)
    expect(car).toEqual({ ...told(centre, "forward"), timeMs: STEP_MS - 1 })
  })

  it("ignores time that runs backward", () => {
    expect(stepCar(centre, -50, open)).toBe(centre)
  })

  it("drains the battery faster under load, and stands when it is empty", () => {
    const idle = stepCar(centre, 10_000, open)
    const driven = stepCar(told(centre, "forward"), 10_000, open)
    expect(centre.battery - idle.battery).toBeCloseTo(0.1, 6)
    expect(driven.battery).toBeLessThan(idle.battery)
    const empty = stepCar({ ...told(centre, "forward"), battery: 0 }, 1_000, open)
    expect({ battery: empty.battery, x: empty.x, action: empty.motion.action }).toEqual({
      battery: 0,
      x: 100,
      action: "stop",
    })
  })

  it("warms under load and cools at rest", () => {
    const warm = stepCar(told(centre, "left"), 30_000, open)
    expect(warm.temperature).toBeGreaterThan(25)
    expect(stepCar(told(warm, "stop"), 60_000, open).temperature).toBeLessThan(warm.temperature)
  })

  it("never enters a wall or an obstacle", () => {
    const world = createWorld(7)
    let car = createCarState(7, "car-009", world)
    const course: readonly Action[] = ["forward", "left", "backward", "right"]
    for (let second = 0; second < 300; second += 1) {
      car = stepCar(told(car, course[second % 4]!, 40 + (second % 60)), 1_000, world)
      expect(isFree(world, car, CAR_RADIUS)).toBe(true)
    }
    expect(car.odometer).toBeGreaterThan(20)
  })

  it("repeats a whole drive bit for bit, and another seed does not", () => {
    const drive = (seed: number): CarState => {
      const world = createWorld(seed)
      let car = createCarState(seed, "car-001", world)
      for (let second = 0; second < 60; second += 1)
        car = stepCar(told(car, second % 7 === 0 ? "left" : "forward"), 1_000, world)
      return car
    }
    expect(drive(3)).toEqual(drive(3))
    expect(drive(3)).not.toEqual(drive(4))
  })
})
