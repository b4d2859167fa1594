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
  if (until === state.timeMs) return state
  // One copy for all steps: a fleet of thousands takes fifty steps a second for each car.
  const car: Moving = { ...state }
  let boundary = Math.floor(state.timeMs / STEP_MS) * STEP_MS + STEP_MS
  while (boundary <= until) {
    stepOnce(car, boundary, world)
    boundary += STEP_MS
  }
  car.timeMs = until
  return car
}

type Moving = { -readonly [K in keyof CarState]: CarState[K] }

function stepOnce(car: Moving, timeMs: number, world: World): void {
  const seconds = STEP_MS / 1_000
  if (car.battery <= 0) car.motion = STANDSTILL
  const { action } = car.motion
  const share = car.motion.speed / 100
  car.heading = wrap(car.heading + TURN[action] * share * FULL_TURN * seconds)
  car.speed = approach(car.speed, DRIVE[action] * share * FULL_SPEED, ACCELERATION * seconds)
  if (car.speed !== 0) advance(car, car.speed * seconds, world)
  const load = action === "stop" ? 0 : share
  car.battery = Math.max(0, car.battery - (IDLE_DRAIN + MOTOR_DRAIN * load) * seconds)
  car.temperature += (world.ambient + HEATING * load - car.temperature) * (seconds / THERMAL_SECONDS)
  if (timeMs % NOISE_MS === 0) fade(car)
}

/** Moves it along its heading, unless something is in the way: then it stands. */
function advance(car: Moving, metres: number, world: World): void {
  const goal = { x: car.x + Math.cos(car.heading) * metres, y: car.y + Math.sin(car.heading) * metres }
  if (!isFree(world, goal, CAR_RADIUS)) {
    car.speed = 0
    return
  }
  car.x = goal.x
  car.y = goal.y
  car.odometer += Math.abs(metres)
}

/** Fading of the radio wanders: it keeps 80 % of itself and gains something new. */
function fade(car: Moving): void {
  car.random = draw(car.random).next
  car.fading = 0.8 * car.fading + 1.5 * noiseOf(car.random, 0)
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
