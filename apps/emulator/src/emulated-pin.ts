import { createPin, type Pin } from "@fleetwire/gpio/device"
import type { EmulatedDevice, EmulationOptions } from "./emulated-device.js"

/** A pin of a board: it is low at first, and does what it is told. */
export interface EmulatedPin extends EmulatedDevice {
  readonly pin: Pin
  /** Whether it is high. */
  readonly high: boolean
}

/** Makes a pin; nothing is sent before `start`. */
export function createEmulatedPin(options: EmulationOptions & { readonly pin: string }): EmulatedPin {
  const { seed: _seed, scheduler: _scheduler, onTrouble: _onTrouble, ...connect } = options
  const pin = createPin(connect)
  let high = false
  const say = (): Promise<void> => pin.state_.publish(high ? "1" : "0")
  pin.command.handle(async (word) => {
    high = word === "toggle" ? !high : word === "on"
    await say()
  })
  return {
    id: options.pin,
    pin,
    get high() {
      return high
    },
    async start() {
      await pin.connect()
      await say()
    },
    stop: () => pin.close(),
    cut: () => pin.abort(),
  }
}
