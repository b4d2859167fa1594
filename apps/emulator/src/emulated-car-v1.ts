import { type Car, createCar, type DriveReply } from "@fleetwire/iot-car-v1/device"
import type { Command } from "@fleetwire/iot-car-v1/messages"
import { createCarState } from "./car-state.js"
import { createDrivetrain, type Drivetrain } from "./drivetrain.js"
import type { EmulatedDevice, EmulationOptions } from "./emulated-device.js"
import { changedScalars, type Scalars } from "./report.js"
import { Routine } from "./routine.js"
import { createWorld, type World } from "./world.js"

export interface EmulatedCarV1Options extends EmulationOptions {
  readonly carId: string
  /** Default: the seed's own. Cars of one fleet share one. */
  readonly world?: World
  /** Says no more than `{"distance":45,"temp":28}`, as some of them do. */
  readonly terse?: boolean
}

/** A car with the firmware that shipped first: flat messages, time since its start, and MQTT 3.1.1 only. */
export interface EmulatedCarV1 extends EmulatedDevice {
  readonly car: Car
  /** Whether its motors run. */
  readonly moving: boolean
}

const EVERY_MS = 1_000
/** Percent, where a phone names none. */
const DEFAULT_SPEED = 80

/** Makes a car of the first generation; nothing is sent before `start`. It speaks MQTT 3.1.1, whatever is asked for. */
export function createEmulatedCarV1(options: EmulatedCarV1Options): EmulatedCarV1 {
  const {
    seed = 1,
    world = createWorld(seed),
    terse = false,
    scheduler: _scheduler,
    onTrouble: _trouble,
    ...connect
  } = options
  const routine = new Routine(options.carId, EVERY_MS, options)
  const drivetrain: Drivetrain = createDrivetrain(createCarState(seed, options.carId, world), world, routine.scheduler)
  const car = createCar({ ...connect, protocol: "3.1.1" })
  let said: Partial<Scalars> = {}

  car.drive.handle(({ action, speed = DEFAULT_SPEED }: Command): DriveReply => {
    if (action === "stop") drivetrain.stop()
    else drivetrain.start({ action, speed })
    return { message: action === "stop" ? "stopped" : `${action} at ${speed} %` }
  })

  const report = (): void => {
    const reading = drivetrain.read()
    const { battery, distanceFront, temperature, rssi } = reading
    const flat = {
      battery,
      distance_front: distanceFront,
      temperature,
      current_action: drivetrain.state().motion.action,
      wifi_rssi: rssi,
    }
    routine.send(
      car.telemetry.publish(terse ? { distance: Math.round(distanceFront), temp: Math.round(temperature) } : flat),
    )
    const changed = changedScalars(reading, said)
    said = { ...said, ...changed }
    if (changed.latitude !== undefined) routine.send(car.latitude.publish(changed.latitude))
    if (changed.longitude !== undefined) routine.send(car.longitude.publish(changed.longitude))
    if (changed.battery !== undefined) routine.send(car.battery.publish(changed.battery))
    if (changed.temperature !== undefined) routine.send(car.temperature.publish(changed.temperature))
  }
  const halt = (): void => {
    routine.end()
    drivetrain.stop()
  }
  return {
    id: options.carId,
    car,
    get moving() {
      return drivetrain.state().motion.action !== "stop"
    },
    async start() {
      await car.connect()
      routine.send(car.log.publish({ level: "info", message: "ready" }))
      routine.send(car.diagnostics.publish({ free_heap: 180_000, wifi_rssi: drivetrain.read().rssi }))
      routine.begin(report)
    },
    async stop() {
      halt()
      await car.close()
    },
    cut() {
      halt()
      car.abort()
    },
  }
}
