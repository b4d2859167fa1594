import type { Config } from "@fleetwire/iot-car/messages"
import type { World } from "./world.js"

/** What a car goes by, once fleet and car config are laid over the firmware's defaults. */
export interface CarSettings {
  readonly telemetryIntervalMs: number
  /** Percent. */
  readonly maxSpeed: number
  readonly reporting: "json" | "compact" | "protobuf"
  readonly geofence?: { readonly latitude: number; readonly longitude: number; readonly radius_m: number }
}

/** The firmware's own. */
export const FIRMWARE: CarSettings = { telemetryIntervalMs: 1_000, maxSpeed: 100, reporting: "json" }

/** Lays a config over the firmware's settings; a field that is absent is the firmware's. */
export function settingsOf(config: Config): CarSettings {
  return {
    telemetryIntervalMs: config.telemetry_interval_ms ?? FIRMWARE.telemetryIntervalMs,
    maxSpeed: config.max_speed ?? FIRMWARE.maxSpeed,
    reporting: config.reporting ?? FIRMWARE.reporting,
    ...(config.geofence === undefined ? {} : { geofence: config.geofence }),
  }
}

/** True where the car is within its fence, or has none. Plane geometry, good for some kilometres. */
export function isInsideFence(
  settings: CarSettings,
  at: { readonly latitude: number; readonly longitude: number },
  world: World,
): boolean {
  const { geofence } = settings
  if (geofence === undefined) return true
  const metres = 111_194.927
  const north = (at.latitude - geofence.latitude) * metres
  const east = (at.longitude - geofence.longitude) * metres * Math.cos((world.origin.latitude * Math.PI) / 180)
  return north * north + east * east <= geofence.radius_m ** 2
}
