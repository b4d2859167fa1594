import type { AppFleet } from "@fleetwire/iot-car/controller"
import type { Telemetry } from "@fleetwire/iot-car/messages"
import type { FleetRow } from "./fleet-row.js"

/** What is known of each car, from its telemetry, its presence and the calls that were made. */
export interface FleetView {
  rows(): readonly FleetRow[]
  /** The last telemetry of a car. */
  telemetry(car: string): Telemetry | undefined
  /** Resolves with the first telemetry from now on that fits. */
  nextTelemetry(car: string, fits: (message: Telemetry) => boolean, deadlineMs: number): Promise<Telemetry>
  /** Notes what a car was told, and how it ended. */
  noteCommand(car: string, action: string, roundTripMs?: number): void
  /** Notes that a car was cut off: what is said of it next is its last will. */
  noteCut(car: string): void
  /** Called after each change. */
  onChange(listener: () => void): void
}

interface Known {
  lastWill: boolean
  cut: boolean
  telemetry?: Telemetry
  action?: string
  roundTripMs?: number
}

/** Watches the cars through a controller. */
export function watchFleet(fleet: AppFleet, cars: readonly string[]): FleetView {
  const known = new Map<string, Known>(cars.map((car) => [car, { lastWill: false, cut: false }]))
  const listeners = new Set<() => void>()
  const waiting = new Set<(car: string, message: Telemetry) => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  fleet.telemetry.handle(({ carId, message }) => {
    const car = known.get(carId)
    if (car === undefined) return
    car.telemetry = message
    for (const look of waiting) look(carId, message)
    changed()
  })
  fleet.presence.on("change", ({ device, state }) => {
    const car = known.get(device)
    if (car !== undefined) car.lastWill = state === "offline" && car.cut
    changed()
  })
  return {
    rows: () =>
      cars.map((car) => {
        const { telemetry, lastWill, action, roundTripMs } = known.get(car)!
        return {
          car,
          presence: fleet.presence.get(car).state,
          lastWill,
          ...(telemetry === undefined ? {} : factsOf(telemetry)),
          ...(action === undefined ? {} : { action }),
          ...(roundTripMs === undefined ? {} : { roundTripMs }),
        }
      }),
    telemetry: (car) => known.get(car)?.telemetry,
    nextTelemetry(car, fits, deadlineMs) {
      return new Promise((resolve, reject) => {
        const look = (carId: string, message: Telemetry): void => {
          if (carId !== car || !fits(message)) return
          done()
          resolve(message)
        }
        const timer = setTimeout(() => {
          done()
          reject(new Error(`no such telemetry of ${car} in ${deadlineMs} ms`))
        }, deadlineMs)
        const done = (): void => {
          clearTimeout(timer)
          waiting.delete(look)
        }
        waiting.add(look)
      })
    },
    noteCommand(car, action, roundTripMs) {
      const noted = known.get(car)
      if (noted === undefined) return
      noted.action = action
      if (roundTripMs !== undefined) noted.roundTripMs = roundTripMs
      changed()
    },
    noteCut(car) {
      const noted = known.get(car)
      if (noted !== undefined) noted.cut = true
    },
    onChange: (listener) => void listeners.add(listener),
  }
}

function factsOf({ battery, sensors, status }: Telemetry) {
  return { battery, latitude: sensors.gps.latitude, longitude: sensors.gps.longitude, motors: status.motors }
}
