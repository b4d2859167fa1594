import { type Car, type CarOptions, createCar, type DriveReply } from "@fleetwire/iot-car/device"
import type { Command, Config, LogInput } from "@fleetwire/iot-car/messages"
import type { Clock, CommandContext, ConfigContext, ConfigVerdict } from "@fleetwire/runtime"
import { type CarSettings, FIRMWARE, isInsideFence, settingsOf } from "./car-settings.js"
import { type CarState, createCarState } from "./car-state.js"
import { createDrivetrain, type Drivetrain } from "./drivetrain.js"
import type { EmulatedDevice } from "./emulated-device.js"
import type { CarReading } from "./read-car.js"
import { changedScalars, type Scalars, toTelemetry } from "./report.js"
import { createScheduler, type Scheduler } from "./scheduler.js"
import { draw, seedFor } from "./seeded-random.js"
import { systemClock } from "./system-clock.js"
import { createWorld, type World } from "./world.js"

export interface EmulatedCarOptions extends CarOptions {
  /** Equal seeds drive equal ways. Default 1. */
  readonly seed?: number
  /** Default: the seed's own. Cars of one fleet share one. */
  readonly world?: World
  /** Default: one of its own. Cars of one process share one. */
  readonly scheduler?: Scheduler
  /** Told of each command that begins. */
  readonly onCommand?: (context: CommandContext) => void
  /** Told of each configuration that is applied. */
  readonly onConfig?: (config: Config, context: ConfigContext) => void
  /** Told of what went wrong in the background. */
  readonly onTrouble?: (error: unknown) => void
}

/** A car that drives, measures, and speaks through the generated device SDK. */
export interface EmulatedCar extends EmulatedDevice {
  readonly carId: string
  readonly car: Car
  /** Where it is and what it does, now. */
  state(): CarState
  reading(): CarReading
  readonly settings: CarSettings
}

const DIAGNOSTICS_MS = 60_000
const DEFAULT_SPEED = 80

/** Makes a car; nothing is sent before `start`. */
export function createEmulatedCar(options: EmulatedCarOptions): EmulatedCar {
  return new CarEmulation(options)
}

class CarEmulation implements EmulatedCar {
  readonly id: string
  readonly carId: string
  readonly car: Car
  settings: CarSettings = FIRMWARE
  readonly #seed: number
  readonly #world: World
  readonly #scheduler: Scheduler
  readonly #ownsScheduler: boolean
  readonly #drivetrain: Drivetrain
  readonly #trouble: (error: unknown) => void
  readonly #speaksJsonOnly: boolean
  #said: Partial<Scalars> = {}
  #cancelTick = (): void => {}
  #nextDiagnosticsMs = 0
  #wasInside = true
  #running = false

  constructor(options: EmulatedCarOptions) {
    const { seed = 1, world, scheduler, onTrouble, onCommand, onConfig, ...connect } = options
    const clock: Clock = options.clock ?? systemClock
    this.id = options.carId
    this.carId = options.carId
    this.#seed = seed
    this.#world = world ?? createWorld(seed)
    this.#ownsScheduler = scheduler === undefined
    this.#scheduler = scheduler ?? createScheduler(clock)
    this.#drivetrain = createDrivetrain(createCarState(seed, options.carId, this.#world), this.#world, this.#scheduler)
    this.#trouble = onTrouble ?? (() => {})
    this.#speaksJsonOnly = options.protocol === "3.1.1"
    this.car = createCar(connect)
    this.car.drive.handle((command, context) => {
      onCommand?.(context)
      return this.#drive(command, context)
    })
    this.car.config.handle((config, context) => {
      const verdict = this.#apply(settingsOf(config))
      if (verdict.outcome === "applied") onConfig?.(config, context)
      return verdict
    })
  }

  state(): CarState {
    return this.#drivetrain.state()
  }

  reading(): CarReading {
    return this.#drivetrain.read()
  }

  async start(): Promise<void> {
    await this.car.connect()
    this.#running = true
    this.#log("info", "ready")
    // Cars that start together do not report together.
    const phase = draw(seedFor(this.#seed, `${this.carId} phase`)).value
    this.#cancelTick = this.#scheduler.after(phase * Math.min(1_000, this.settings.telemetryIntervalMs), () =>
      this.#tick(),
    )
  }

  async stop(): Promise<void> {
    this.#halt()
    await this.car.close()
  }

  cut(): void {
    this.#halt()
    this.car.abort()
  }

  #halt(): void {
    this.#running = false
    this.#cancelTick()
    this.#drivetrain.stop()
    if (this.#ownsScheduler) this.#scheduler.close()
  }

  async #drive(command: Command, { signal, safeAction }: CommandContext): Promise<DriveReply> {
    const { action, parameters } = command
    if (action === "stop") {
      this.#drivetrain.stop()
      if (safeAction) this.#log("warning", "stopped for safety")
      return { status: "success", message: "stopped" }
    }
    if (this.reading().battery === 0) return { status: "error", message: "the battery is empty" }
    const motion = { action, speed: parameters?.speed ?? DEFAULT_SPEED }
    const duration = parameters?.duration
    if (duration === undefined) {
      this.#drivetrain.start(motion)
      return { status: "success", message: `${action} until the next command` }
    }
    const { executionMs } = await this.#drivetrain.drive(motion, duration, signal)
    return { status: "success", message: `${action} done`, execution_time_ms: executionMs }
  }

  #apply(settings: CarSettings): ConfigVerdict {
    if (this.#speaksJsonOnly && settings.reporting !== "json") {
      return { outcome: "rejected", reason: `reporting ${settings.reporting} needs MQTT 5` }
    }
    const sooner = settings.telemetryIntervalMs !== this.settings.telemetryIntervalMs
    this.settings = settings
    this.#drivetrain.limitSpeed(settings.maxSpeed)
    if (sooner && this.#running) this.#tickAfter(settings.telemetryIntervalMs)
    this.#log("info", `config applied: every ${settings.telemetryIntervalMs} ms, at most ${settings.maxSpeed} %`)
    return { outcome: "applied" }
  }

  #tickAfter(ms: number): void {
    this.#cancelTick()
    this.#cancelTick = this.#scheduler.after(ms, () => this.#tick())
  }

  #tick(): void {
    if (!this.#running) return
    this.#tickAfter(this.settings.telemetryIntervalMs)
    const reading = this.reading()
    const { reporting } = this.settings
    this.#send(this.car.telemetry.publish(toTelemetry(reading), reporting === "json" ? {} : { format: reporting }))
    this.#sayScalars(reading)
    this.#watchFence(reading)
    if (reading.uptime * 1_000 >= this.#nextDiagnosticsMs) this.#sayDiagnostics(reading)
  }

  #sayScalars(reading: CarReading): void {
    const changed = changedScalars(reading, this.#said)
    this.#said = { ...this.#said, ...changed }
    const { latitude, longitude, battery, temperature } = changed
    if (latitude !== undefined) this.#send(this.car.latitude.publish(latitude))
    if (longitude !== undefined) this.#send(this.car.longitude.publish(longitude))
    if (battery !== undefined) this.#send(this.car.battery.publish(battery))
    if (temperature !== undefined) this.#send(this.car.temperature.publish(temperature))
  }

  #watchFence(reading: CarReading): void {
    const inside = isInsideFence(this.settings, reading, this.#world)
    if (!inside && this.#wasInside) {
      this.#drivetrain.stop()
      this.#log("warning", "stopped: left the geofence")
    }
    this.#wasInside = inside
  }

  #sayDiagnostics(reading: CarReading): void {
    this.#nextDiagnosticsMs = reading.uptime * 1_000 + DIAGNOSTICS_MS
    const free = 180_000 - (reading.uptime % 4_096)
    this.#send(
      this.car.diagnostics.publish({
        firmware: "2.0.0-emulated",
        uptime: reading.uptime,
        free_heap: free,
        wifi_rssi: reading.rssi,
        reset_reason: "power",
      }),
    )
  }

  #log(level: LogInput["level"], message: string): void {
    this.#send(this.car.log.publish({ level, message }))
  }

  /** Nothing that is said in the background may become an unhandled rejection. */
  #send(sent: Promise<void>): void {
    sent.catch(this.#trouble)
  }
}
