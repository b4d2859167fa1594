import type { CallOptions } from "@fleetwire/runtime"
import { createDevice, type Device } from "@fleetwire/sensor-station/device"
import type { Answer } from "@fleetwire/sensor-station/messages"
import type { EmulatedDevice, EmulationOptions } from "./emulated-device.js"
import {
  createRoomClimate,
  type RoomClimate,
  type RoomReading,
  readRoomClimate,
  stepRoomClimate,
} from "./room-climate.js"
import { Routine } from "./routine.js"

/** A station with a thermometer, a hygrometer, a barometer, a light meter, a motion detector and a door contact. */
export interface EmulatedStation extends EmulatedDevice {
  /** The client of this life; a reboot makes another. */
  readonly station: Device
  /** How often it was restarted by command. */
  readonly reboots: number
  /** Milliseconds between readings. */
  readonly everyMs: number
  /** Something that warm stands beside the thermometer from now on; 0 takes it away. Reads at once. */
  warm(degrees: number): void
  /** The door is opened. */
  openDoor(): Promise<void>
  /** Asks the backend. Rejects with `timeout` when no answer comes within 5 s, or the time that is given. */
  ask(data: string, options?: CallOptions): Promise<Answer>
}

export interface EmulatedStationOptions extends EmulationOptions {
  readonly deviceId: string
  /** The door contact that is wired to it. Default `door-` and its own id. */
  readonly sensorId?: string
}

const EVERY_MS = 5_000
/** Degrees Celsius above which the station itself raises the alarm. */
const ALARM = 35
const NO_HEATING = { heating: 0 }

/** Makes a station; nothing is sent before `start`. */
export function createEmulatedStation(options: EmulatedStationOptions): EmulatedStation {
  return new StationEmulation(options)
}

class StationEmulation implements EmulatedStation {
  readonly id: string
  station: Device
  reboots = 0
  readonly #options: EmulatedStationOptions
  readonly #routine: Routine
  #climate: RoomClimate
  #warmth = 0
  #alarmed = false
  #moving: boolean | undefined

  constructor(options: EmulatedStationOptions) {
    this.id = options.deviceId
    this.#options = options
    this.#routine = new Routine(options.deviceId, EVERY_MS, options)
    this.#climate = createRoomClimate(options.seed ?? 1, options.deviceId)
    this.station = this.#boot()
  }

  get everyMs(): number {
    return this.#routine.everyMs
  }

  async start(): Promise<void> {
    await this.station.connect()
    this.#routine.begin(() => this.#report())
  }

  async stop(): Promise<void> {
    this.#routine.end()
    await this.station.close()
  }

  cut(): void {
    this.#routine.end()
    this.station.abort()
  }

  warm(degrees: number): void {
    this.#warmth = degrees
    if (this.#routine.running) this.#report()
  }

  openDoor(): Promise<void> {
    const sensorId = this.#options.sensorId ?? `door-${this.id}`
    return this.station.doorOpened({ sensorId }).publish({})
  }

  ask(data: string, options?: CallOptions): Promise<Answer> {
    return this.station.ask({ data }, options)
  }

  #boot(): Device {
    const { seed: _seed, scheduler: _scheduler, onTrouble: _onTrouble, sensorId: _sensorId, ...connect } = this.#options
    const station = createDevice(connect)
    station.config.handle(({ interval }) => this.#routine.every(interval * 1_000))
    // A client waits for its handlers before it closes, so the restart begins when this one has returned.
    station.reboot.handle(() => void this.#routine.scheduler.after(0, () => this.#routine.send(this.#reboot())))
    return station
  }

  async #reboot(): Promise<void> {
    this.reboots += 1
    this.#routine.pause()
    this.#routine.every(EVERY_MS)
    await this.station.close()
    this.#alarmed = false
    this.#moving = undefined
    this.station = this.#boot()
    await this.start()
  }

  #read(): RoomReading {
    this.#climate = stepRoomClimate(this.#climate, this.#routine.scheduler.now() - this.#climate.timeMs, NO_HEATING)
    const reading = readRoomClimate(this.#climate)
    return { ...reading, temperature: Math.round((reading.temperature + this.#warmth) * 100) / 100 }
  }

  #report(): void {
    const { temperature, humidity, pressure, light, occupied } = this.#read()
    const { station } = this
    const send = (sent: Promise<void>): void => this.#routine.send(sent)
    send(station.temperature.publish(temperature))
    send(station.humidity.publish(humidity))
    send(station.pressure.publish(pressure))
    send(station.light.publish(light))
    // The contract's `data` is for calibrated readings; beyond them the scalars still tell.
    if (temperature >= 20 && temperature <= 30) send(station.data.publish({ temperature, humidity, pressure }))
    if (temperature > ALARM && !this.#alarmed) send(station.alert.publish({ type: "high_temp", value: temperature }))
    this.#alarmed = temperature > ALARM
    if (occupied !== this.#moving) send(station.motion.publish({ detected: occupied }))
    this.#moving = occupied
  }
}
