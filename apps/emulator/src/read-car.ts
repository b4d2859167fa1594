import { CAR_RADIUS, type CarState } from "./car-state.js"
import { noiseOf } from "./seeded-random.js"
import { type Point, rangeTo, type World } from "./world.js"

/** What the instruments of a car show. */
export interface CarReading {
  /** Whole percent. */
  readonly battery: number
  /** Centimetres from the front bumper, 0 to 400, one decimal. */
  readonly distanceFront: number
  /** Centimetres from the rear bumper, 0 to 400, one decimal. */
  readonly distanceRear: number
  /** Degrees Celsius, one decimal. */
  readonly temperature: number
  /** Degrees north, six decimals (about 0.1 m). */
  readonly latitude: number
  /** Degrees east, six decimals. */
  readonly longitude: number
  /** Metres above sea level, one decimal. */
  readonly altitude: number
  /** dBm, negative. */
  readonly rssi: number
  /** Seconds since power-on. */
  readonly uptime: number
  readonly moving: boolean
}

/** Metres that the ultrasonic sensors reach. */
const REACH = 4
/** Metres of one degree of latitude, on a sphere of 6 371 km. */
const METRES_PER_DEGREE = 111_194.927

/** Reads every instrument, with noise that the state alone decides. */
export function readCar(car: CarState, world: World): CarReading {
  const position = toDegrees(world, car)
  return {
    battery: Math.round(car.battery),
    distanceFront: measure(car, world, 1),
    distanceRear: measure(car, world, -1),
    temperature: round(car.temperature + 0.1 * noiseOf(car.random, 3), 1),
    ...position,
    altitude: round(world.origin.altitude + 0.2 * noiseOf(car.random, 4), 1),
    rssi: signal(car, world),
    uptime: Math.floor(car.timeMs / 1_000),
    moving: car.motion.action !== "stop",
  }
}

/** Local metres as degrees: a plane tangent to the Earth at the world's origin, good for some kilometres. */
export function toDegrees(world: World, point: Point): { readonly latitude: number; readonly longitude: number } {
  const { latitude, longitude } = world.origin
  const shrink = Math.cos((latitude * Math.PI) / 180)
  return {
    latitude: round(latitude + point.y / METRES_PER_DEGREE, 6),
    longitude: round(longitude + point.x / (METRES_PER_DEGREE * shrink), 6),
  }
}

function measure(car: CarState, world: World, sign: 1 | -1): number {
  const direction = { x: sign * Math.cos(car.heading), y: sign * Math.sin(car.heading) }
  const metres = rangeTo(world, car, direction, REACH + CAR_RADIUS) - CAR_RADIUS
  const noisy = metres * 100 + 0.4 * noiseOf(car.random, sign === 1 ? 1 : 2)
  return round(Math.min(REACH * 100, Math.max(0, noisy)), 1)
}

/** −30 dBm at one metre, falling by 20 dB for each tenfold distance, plus fading. */
function signal(car: CarState, world: World): number {
  const metres = Math.max(1, Math.sqrt((car.x - world.accessPoint.x) ** 2 + (car.y - world.accessPoint.y) ** 2))
  return Math.round(Math.min(-20, Math.max(-95, -30 - 20 * Math.log10(metres) + car.fading)))
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
