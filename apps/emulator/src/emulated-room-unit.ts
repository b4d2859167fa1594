import { createRoom, type Room } from "@fleetwire/smart-building/device"
import type { HvacInput } from "@fleetwire/smart-building/messages"
import type { EmulatedDevice, EmulationOptions } from "./emulated-device.js"
import { createRoomClimate, type RoomClimate, readRoomClimate, stepRoomClimate } from "./room-climate.js"
import { Routine } from "./routine.js"
import { sayDiagnostics } from "./unit-diagnostics.js"

/** The unit of one room of the building: instruments, and heating and cooling. */
export interface EmulatedRoomUnit extends EmulatedDevice {
  readonly unit: Room
  readonly floor: string
  /** What the climate unit does. */
  readonly hvac: HvacInput
  /** Degrees Celsius in the room now. */
  readonly temperature: number
}

export interface EmulatedRoomUnitOptions extends EmulationOptions {
  /** Such as `room-101`; its first digit is the floor. */
  readonly room: string
  /** Milliseconds between readings. Default: the contract's 10 s. */
  readonly everyMs?: number
}

const EVERY_MS = 10_000
/** Degrees Celsius per minute. */
const POWER = 2
/** Degrees around the target within which nothing is switched. */
const CALM = 0.5

/** Makes a unit; nothing is sent before `start`. */
export function createEmulatedRoomUnit(options: EmulatedRoomUnitOptions): EmulatedRoomUnit {
  return new RoomUnitEmulation(options)
}

class RoomUnitEmulation implements EmulatedRoomUnit {
  readonly id: string
  readonly floor: string
  readonly unit: Room
  hvac: HvacInput = { mode: "off", target: 21, running: false }
  readonly #routine: Routine
  #climate: RoomClimate
  #heating = 0
  #motion: boolean | undefined

  constructor(options: EmulatedRoomUnitOptions) {
    const { seed = 1, scheduler: _scheduler, onTrouble: _onTrouble, everyMs = EVERY_MS, ...connect } = options
    this.id = options.room
    this.floor = `floor-${options.room.slice("room-".length, "room-".length + 1)}`
    this.unit = createRoom(connect)
    this.#routine = new Routine(options.room, everyMs, options)
    this.#climate = createRoomClimate(seed, options.room)
    this.unit.setHvac.handle(async ({ mode, target }) => {
      this.#live()
      await this.#switch({ ...this.hvac, mode, target: target ?? this.hvac.target })
      this.#routine.send(this.unit.log.publish({ level: "info", message: `${mode}, target ${this.hvac.target} °C` }))
      return { message: `${mode} at ${this.hvac.target} °C` }
    })
  }

  get temperature(): number {
    this.#live()
    return this.#climate.temperature
  }

  async start(): Promise<void> {
    await this.unit.connect()
    await this.unit.hvac(this.#place).publish(this.hvac)
    this.#routine.send(sayDiagnostics(this.unit.diagnostics, this.#routine.scheduler.now()))
    this.#routine.begin(() => this.#report())
  }

  async stop(): Promise<void> {
    this.#routine.end()
    await this.unit.close()
  }

  cut(): void {
    this.#routine.end()
    this.unit.abort()
  }

  get #place(): { readonly floor: string } {
    return { floor: this.floor }
  }

  /** Makes up for the time since somebody looked. */
  #live(): void {
    const dtMs = this.#routine.scheduler.now() - this.#climate.timeMs
    this.#climate = stepRoomClimate(this.#climate, dtMs, { heating: this.#heating })
  }

  #report(): void {
    this.#live()
    const reading = readRoomClimate(this.#climate)
    const { unit } = this
    const place = this.#place
    this.#routine.send(unit.temperature(place).publish({ value: reading.temperature }))
    this.#routine.send(unit.humidity(place).publish({ value: reading.humidity }))
    this.#routine.send(unit.light(place).publish({ value: reading.light }))
    if (reading.occupied !== this.#motion) {
      this.#motion = reading.occupied
      this.#routine.send(unit.motion(place).publish({ detected: reading.occupied }))
    }
    this.#routine.send(this.#switch(this.hvac))
  }

  /** Takes over what the unit is to do, and says what it does where that changed. */
  async #switch(wanted: HvacInput): Promise<void> {
    this.#heating = this.#powerFor(wanted)
    const now = { ...wanted, running: this.#heating !== 0 }
    const same = now.mode === this.hvac.mode && now.target === this.hvac.target && now.running === this.hvac.running
    this.hvac = now
    if (!same) await this.unit.hvac(this.#place).publish(now)
  }

  #powerFor({ mode, target }: HvacInput): number {
    const missing = target - this.#climate.temperature
    const calm = this.#heating === 0 ? CALM : 0
    if ((mode === "heat" || mode === "auto") && missing > calm) return POWER
    if ((mode === "cool" || mode === "auto") && missing < -calm) return -POWER
    return 0
  }
}
