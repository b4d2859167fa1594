import { draw, seedFor } from "./seeded-random.js"
import { isFree, type Point, type World } from "./world.js"

/** What a car can be told to do. */
export type Action = "forward" | "backward" | "left" | "right" | "stop"

/** What the motors do until told otherwise. */
export interface Motion {
  readonly action: Action
  /** Percent of full speed, 0 to 100. */
  readonly speed: number
}

/** Motors off. */
export const STANDSTILL: Motion = { action: "stop", speed: 0 }

/** Everything that is true of a car at one moment. Plain data: a copy of it is a snapshot. */
export interface CarState {
  /** Milliseconds since power-on. */
  readonly timeMs: number
  /** Metres east of the world's origin. */
  readonly x: number
  /** Metres north of it. */
  readonly y: number
  /** Radians, counterclockwise from east, in [0, 2π). */
  readonly heading: number
  /** Metres per second along the heading; negative backward. */
  readonly speed: number
  readonly motion: Motion
  /** State of charge in percent. */
  readonly battery: number
  /** Degrees Celsius of the board. */
  readonly temperature: number
  /** Slow fading of the radio, in dB. */
  readonly fading: number
  /** Metres driven since power-on. */
  readonly odometer: number
  /** State of the random sequence. */
  readonly random: number
}

/** Metres from a car's centre to its bumper. */
export const CAR_RADIUS = 0.15

/** A full, standing car at a free place of the world that seed and id decide. */
export function createCarState(seed: number, carId: string, world: World): CarState {
  let random = seedFor(seed, carId)
  const uniform = (): number => {
    const drawn = draw(random)
    random = drawn.next
    return drawn.value
  }
  const place = freePlace(world, uniform)
  const heading = uniform() * 2 * Math.PI
  const battery = 90 + uniform() * 10
  return {
    timeMs: 0,
    ...place,
    heading,
    speed: 0,
    motion: STANDSTILL,
    battery,
    temperature: world.ambient,
    fading: 0,
    odometer: 0,
    random,
  }
}

function freePlace(world: World, uniform: () => number): Point {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const place = { x: uniform() * world.width, y: uniform() * world.height }
    if (isFree(world, place, 4 * CAR_RADIUS)) return place
  }
  throw new RangeError(`no free place for a car in a world of ${world.width} m × ${world.height} m`)
}
