import type { TelemetryInput } from "@fleetwire/iot-car/messages"
import type { CarReading } from "./read-car.js"

/** What the instruments show, as the contract's telemetry. */
export function toTelemetry(reading: CarReading): TelemetryInput {
  return {
    battery: reading.battery,
    sensors: {
      distance_front: Math.round(reading.distanceFront),
      distance_rear: Math.round(reading.distanceRear),
      temperature: reading.temperature,
      gps: { latitude: reading.latitude, longitude: reading.longitude, altitude: reading.altitude },
    },
    status: { motors: reading.moving ? "running" : "idle", wifi_rssi: reading.rssi, uptime: reading.uptime },
  }
}

/** The scalars that have a retained topic of their own. */
export interface Scalars {
  readonly latitude: number
  readonly longitude: number
  readonly battery: number
  readonly temperature: number
}

/** Smallest change that is worth a message: about a metre, one percent, half a degree. */
const WORTH: Readonly<Record<keyof Scalars, number>> = {
  latitude: 0.00001,
  longitude: 0.00001,
  battery: 1,
  temperature: 0.5,
}

/** Scalars that differ enough from what was said last; all of them where nothing was said. */
export function changedScalars(reading: CarReading, said: Partial<Scalars>): Partial<Scalars> {
  const changed: { -readonly [K in keyof Scalars]?: number } = {}
  for (const name of Object.keys(WORTH) as (keyof Scalars)[]) {
    const before = said[name]
    if (before === undefined || Math.abs(reading[name] - before) >= WORTH[name]) changed[name] = reading[name]
  }
  return changed
}
