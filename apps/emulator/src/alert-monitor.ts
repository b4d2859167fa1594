import type { ControllerOptions } from "@fleetwire/runtime"
import { createFleet, type MonitorFleet } from "@fleetwire/sensor-station/controller"

/** The party that warns of heat: it reads every station's temperature and keeps one retained alert for each that is hot. */
export interface AlertMonitor {
  readonly fleet: MonitorFleet
  /** Stations whose alert stands now. */
  readonly hot: ReadonlySet<string>
  /** Resolves when it reads. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Degrees Celsius above which the monitor warns. */
const LIMIT = 27
/** Degrees below the limit at which it takes the warning back, so that noise does not flicker. */
const CALM = 0.5

/** Makes an alert monitor; nothing is read before `start`. */
export function createAlertMonitor(
  options: ControllerOptions,
  onTrouble: (error: unknown) => void = () => {},
): AlertMonitor {
  const fleet = createFleet({ ...options, role: "monitor" })
  const hot = new Set<string>()
  const settled = new Set<string>()
  const reading = fleet.temperature.handle(async (delivery) => {
    if (delivery.kind !== "value") return
    const { deviceId, message: value } = delivery
    const { highTemp } = fleet.device(deviceId)
    try {
      if (value > LIMIT) {
        hot.add(deviceId)
        await highTemp.publish({ type: "high_temp", value })
      } else if (value < LIMIT - CALM && (hot.has(deviceId) || !settled.has(deviceId))) {
        hot.delete(deviceId)
        // What an earlier life of this monitor left standing is taken back, too.
        await highTemp.clear()
      }
      settled.add(deviceId)
    } catch (error) {
      onTrouble(error)
    }
  })
  return {
    fleet,
    hot,
    async start() {
      await fleet.connect()
      await reading.ready
    },
    stop: () => fleet.close(),
  }
}
