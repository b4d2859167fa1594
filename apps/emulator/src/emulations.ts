import { createEmulatedCar } from "./emulated-car.js"
import { createEmulatedCarV1 } from "./emulated-car-v1.js"
import type { EmulatedDevice, EmulationOptions } from "./emulated-device.js"
import { createEmulatedHomeRoom } from "./emulated-home-room.js"
import { createEmulatedPin } from "./emulated-pin.js"
import { createEmulatedRoomUnit } from "./emulated-room-unit.js"
import { createEmulatedStation } from "./emulated-station.js"
import { createWorld } from "./world.js"

/** How the devices of one contract are emulated. */
export interface Emulation {
  /** Name of the contract. */
  readonly contract: string
  /** Identity of a device, where none is given. */
  readonly example: string
  /** Makes the devices of one process; what they share is made once. */
  maker(seed: number): (id: string, options: EmulationOptions) => EmulatedDevice
}

/** Every contract whose devices can be emulated. */
export const emulations: readonly Emulation[] = [
  {
    contract: "iot-car",
    example: "car-001",
    maker(seed) {
      const world = createWorld(seed)
      return (carId, options) => createEmulatedCar({ ...options, carId, seed, world })
    },
  },
  {
    contract: "iot-car-v1",
    example: "car-001",
    maker(seed) {
      const world = createWorld(seed)
      return (carId, options) => createEmulatedCarV1({ ...options, carId, seed, world })
    },
  },
  {
    contract: "sensor-station",
    example: "station-1",
    maker: (seed) => (deviceId, options) => createEmulatedStation({ ...options, deviceId, seed }),
  },
  {
    contract: "smart-building",
    example: "room-101",
    maker: (seed) => (room, options) => createEmulatedRoomUnit({ ...options, room, seed }),
  },
  {
    contract: "home",
    example: "living-room",
    maker: (seed) => (room, options) => createEmulatedHomeRoom({ ...options, room, seed }),
  },
  {
    contract: "gpio",
    example: "17",
    maker: (seed) => (pin, options) => createEmulatedPin({ ...options, pin, seed }),
  },
]
