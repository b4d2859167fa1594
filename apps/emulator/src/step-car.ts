import { type Action, CAR_RADIUS, type CarState, STANDSTILL } from "./car-state.js"
import { draw, noiseOf } from "./seeded-random.js"
import { isFree, type World } from "./world.js"

/** Milliseconds of one step of physics. Time is always cut here, so how a caller cuts it makes no difference. */
export const STEP_MS = 20

/** Metres per second at 100 %. */
const FULL_SPEED = 1.2
/** Metres per second squared, speeding up and braking. */
const ACCELERATION = 2.4
/** Radians per second at 100 %. */
const FULL_TURN = Math.PI / 2
/** Percent of the battery per second: electronics, and motors under full load. */
const IDLE_DRAIN = 0.01
const MOTOR_DRAIN = 0.12
/** Seconds in which the board takes on 63 % of a new temperature. */
const THERMAL_SECONDS = 45
/** Degrees above ambient under full load. */
const HEATING = 14
/** Milliseconds between two draws of noise. */
const NOISE_MS = 1_000

/**
 * The car `dtMs` milliseconds later. Pure: same state, time and world, same bits. Time counts in whole steps of
 * `STEP_MS`; what is left over is not lost, because `timeMs` says how far the car is into its next step.
 */
export function stepCar(state: CarState, dtMs: number, world: World): CarState {
  const until = state.timeMs + Math.max(0, dtMs)
  let car = state
  let boundary = Math.floor(state.timeMs / STEP_MS) * STEP_MS + STEP_MS
  while (boundary <= until) {
    car = stepOnce(car, boundary, world)
    boundary += STEP_MS
  }
  return car.timeMs === until ? car : { ...car, timeMs: until }
}

function stepOnce(car: CarState, timeMs: number, world: World): CarState {
  const seconds = STEP_MS / 1_000
  const motion = car.battery > 0 ? car.motion : STANDSTILL
  const share = motion.speed / 100
  const speed = approach(car.speed, DRIVE[motion.action] * share * FULL_SPEED, ACCELERATION * seconds)
  const heading = wrap(car.heading + TURN[motion.action] * share * FULL_TURN * seconds)
  const way = speed * seconds
  const goal = { x: car.x + Math.cos(heading) * way, y: car.y + Math.sin(heading) * way }
  const moves = way !== 0 && isFree(world, goal, CAR_RADIUS)
  const load = motion.action === "stop" ? 0 : share
  const target = world.ambient + HEATING * load
  const moved: CarState = {
    ...car,
    timeMs,
    motion,
    heading,
    speed: moves ? speed : 0,
    x: moves ? goal.x : car.x,
    y: moves ? goal.y : car.y,
    odometer: moves ? car.odometer + Math.abs(way) : car.odometer,
    battery: Math.max(0, car.battery - (IDLE_DRAIN + MOTOR_DRAIN * load) * seconds),
    temperature: car.temperature + (target - car.temperature) * (seconds / THERMAL_SECONDS),
  }
  return timeMs % NOISE_MS === 0 ? fade(moved) : moved
}

/** Fading of the radio wanders: it keeps 80 % of itself and gains something new. */
function fade(car: CarState): CarState {
  const { next } = draw(car.random)
  return { ...car, random: next, fading: 0.8 * car.fading + 1.5 * noiseOf(next, 0) }
}

const DRIVE: Readonly<Record<Action, number>> = { forward: 1, backward: -1, left: 0, right: 0, stop: 0 }
const TURN: Readonly<Record<Action, number>> = { forward: 0, backward: 0, left: 1, right: -1, stop: 0 }

function approach(from: number, to: number, most: number): number {
  return from < to ? Math.min(to, from + most) : Math.max(to, from - most)
}

function wrap(angle: number): number {
  const turn = 2 * Math.PI
  return angle < 0 ? angle + turn : angle >= turn ? angle - turn : angle
}
