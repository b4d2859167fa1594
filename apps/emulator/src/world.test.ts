import { describe, expect, it } from "vitest"
import { createWorld, isFree, rangeTo, type World } from "./world.js"

const empty: World = { ...createWorld(1, { width: 10, height: 10 }), obstacles: [] }
const box: World = { ...empty, obstacles: [{ kind: "box", x: 6, y: 4, width: 1, height: 2 }] }
const post: World = { ...empty, obstacles: [{ kind: "post", x: 5, y: 8, radius: 0.5 }] }
const east = { x: 1, y: 0 }
const north = { x: 0, y: 1 }

describe("rangeTo", () => {
  const rows = [
    { given: { world: empty, from: { x: 5, y: 5 }, direction: east }, want: 5 },
    { given: { world: empty, from: { x: 5, y: 5 }, direction: { x: -1, y: 0 } }, want: 5 },
    { given: { world: empty, from: { x: 5, y: 9 }, direction: north }, want: 1 },
    { given: { world: box, from: { x: 5, y: 5 }, direction: east }, want: 1 },
    { given: { world: box, from: { x: 8, y: 5 }, direction: { x: -1, y: 0 } }, want: 1 },
    { given: { world: box, from: { x: 8, y: 5 }, direction: east }, want: 2 },
    { given: { world: box, from: { x: 5, y: 3.5 }, direction: east }, want: 5 },
    { given: { world: post, from: { x: 5, y: 5 }, direction: north }, want: 2.5 },
    { given: { world: post, from: { x: 5.6, y: 5 }, direction: north }, want: 5 },
    { given: { world: post, from: { x: 5, y: 9 }, direction: north }, want: 1 },
  ]
  for (const { given, want } of rows) {
    it(`measures ${want} m from (${given.from.x}, ${given.from.y})`, () => {
      expect(rangeTo(given.world, given.from, given.direction, 100)).toBeCloseTo(want, 9)
    })
  }
  it("never reports more than the limit", () => {
    expect(rangeTo(empty, { x: 1, y: 5 }, east, 4)).toBe(4)
  })
})

describe("isFree", () => {
  const rows = [
    { given: { world: box, x: 5, y: 5 }, want: true },
    { given: { world: box, x: 5.95, y: 5 }, want: false },
    { given: { world: box, x: 6.5, y: 5 }, want: false },
    { given: { world: post, x: 5, y: 7.45 }, want: false },
    { given: { world: post, x: 5, y: 7.3 }, want: true },
    { given: { world: empty, x: 0.05, y: 5 }, want: false },
    { given: { world: empty, x: 5, y: 9.95 }, want: false },
  ]
  for (const { given, want } of rows) {
    it(`says ${want} at (${given.x}, ${given.y})`, () => {
      expect(isFree(given.world, given, 0.1)).toBe(want)
    })
  }
})

describe("createWorld", () => {
  it("builds the same world for the same seed and another for another", () => {
    expect(createWorld(5)).toEqual(createWorld(5))
    expect(createWorld(5)).not.toEqual(createWorld(6))
  })
})
