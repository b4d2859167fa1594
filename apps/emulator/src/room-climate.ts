import { draw, noiseOf, seedFor } from "./seeded-random.js"

/** What is true of a room at one moment. Plain data: a copy of it is a snapshot. */
export interface RoomClimate {
  /** Milliseconds since the unit was switched on. */
  readonly timeMs: number
  /** Degrees Celsius. */
  readonly temperature: number
  readonly occupied: boolean
  /** State of the random sequence. */
  readonly random: number
}

/** What acts on a room besides the weather. */
export interface RoomInfluence {
  /** Degrees Celsius per minute that a unit adds or takes. */
  readonly heating: number
}

/** What the instruments of a room show. */
export interface RoomReading {
  /** Degrees Celsius, two decimals. */
  readonly temperature: number
  /** Percent, two decimals. */
  readonly humidity: number
  /** Hectopascal, two decimals. */
  readonly pressure: number
  /** Whole lux. */
  readonly light: number
  readonly occupied: boolean
}

/** A step of the physics, in milliseconds. */
const STEP_MS = 1_000
/** Milliseconds in which a room loses about two thirds of its difference from the weather. */
const LEAK_MS = 1_800_000
/** Weather goes round in that time: a day that is over before the watcher is tired. */
const DAY_MS = 1_200_000
/** Chance that somebody comes or goes within a step. */
const COMING_AND_GOING = 1 / 60

/** A room as seed and name decide it. */
export function createRoomClimate(seed: number, name: string): RoomClimate {
  const drawn = draw(seedFor(seed, name))
  return { timeMs: 0, temperature: 22 + 3 * drawn.value, occupied: false, random: drawn.next }
}

/** The room `dtMs` later. Time is cut into whole seconds inside; what is left over waits for the next call. */
export function stepRoomClimate(room: RoomClimate, dtMs: number, influence: RoomInfluence): RoomClimate {
  let { temperature, occupied, random } = room
  const until = room.timeMs + dtMs
  const first = Math.floor(room.timeMs / STEP_MS)
  const last = Math.floor(until / STEP_MS)
  for (let step = first; step < last; step += 1) {
    temperature += ((weather(step * STEP_MS) - temperature) * STEP_MS) / LEAK_MS + influence.heating / 60
    const drawn = draw(random)
    random = drawn.next
    if (drawn.value < COMING_AND_GOING) occupied = !occupied
  }
  return { timeMs: until, temperature, occupied, random }
}

/** Reads every instrument, with noise that the room alone decides. */
export function readRoomClimate(room: RoomClimate): RoomReading {
  const sun = Math.sin((2 * Math.PI * room.timeMs) / DAY_MS)
  const noise = (channel: number): number => noiseOf(room.random, channel)
  return {
    temperature: hundredths(room.temperature + 0.05 * noise(0)),
    humidity: hundredths(55 - 10 * sun + 0.2 * noise(1)),
    pressure: hundredths(1010 + 4 * sun + 0.05 * noise(2)),
    light: Math.round(Math.max(0, 250 + 200 * sun + (room.occupied ? 300 : 0) + 2 * noise(3))),
    occupied: room.occupied,
  }
}

function weather(timeMs: number): number {
  return 24 + 3 * Math.sin((2 * Math.PI * timeMs) / DAY_MS)
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
