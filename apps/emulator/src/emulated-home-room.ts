import { createRoom, type Room } from "@fleetwire/home/device"
import type { EmulatedDevice, EmulationOptions } from "./emulated-device.js"
import { createRoomClimate, type RoomClimate, readRoomClimate, stepRoomClimate } from "./room-climate.js"
import { Routine } from "./routine.js"
import { sayDiagnostics } from "./unit-diagnostics.js"

/** A room of a home: a thermometer and a light. */
export interface EmulatedHomeRoom extends EmulatedDevice {
  readonly room: Room
  /** What its light does. */
  readonly light: { readonly on: boolean; readonly brightness: number }
}

const EVERY_MS = 30_000
const NO_HEATING = { heating: 0 }

/** Makes a room of a home; nothing is sent before `start`. */
export function createEmulatedHomeRoom(options: EmulationOptions & { readonly room: string }): EmulatedHomeRoom {
  const { seed = 1, scheduler: _scheduler, onTrouble: _onTrouble, ...connect } = options
  const room = createRoom(connect)
  const routine = new Routine(options.room, EVERY_MS, options)
  let climate: RoomClimate = createRoomClimate(seed, options.room)
  let light = { on: false, brightness: 100 }
  const { scheduler } = routine

  room.setLight.handle(async ({ on, brightness }) => {
    light = { on, brightness }
    await room.light.publish(light)
    routine.send(room.log.publish({ level: "info", message: on ? `light at ${brightness} %` : "light off" }))
    return { message: on ? `on at ${brightness} %` : "off" }
  })
  const report = (): void => {
    climate = stepRoomClimate(climate, scheduler.now() - climate.timeMs, NO_HEATING)
    routine.send(room.temperature.publish({ value: readRoomClimate(climate).temperature, unit: "celsius" }))
  }
  return {
    id: options.room,
    room,
    get light() {
      return light
    },
    async start() {
      await room.connect()
      await room.light.publish(light)
      routine.send(sayDiagnostics(room.diagnostics, scheduler.now()))
      routine.begin(report)
    },
    async stop() {
      routine.end()
      await room.close()
    },
    cut() {
      routine.end()
      room.abort()
    },
  }
}
