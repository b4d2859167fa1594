import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "../../test/fixtures/fleet.js"
import { createMemoryStore } from "../memory-store.js"

const desired = { ...car.config.desired, outbox: { bound: 4, drop: "reject", durable: true } } as const
const channel = { ...car.config, desired }

describe.each(PROTOCOLS)("the durable outbox of a controller at MQTT %s", (protocol) => {
  it("M-7: what was accepted is published by the next process, in order and before anything newer", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const options = { store, spec: { durable: [desired] } }
    const first = fleet.controller(options)
    const set = (engine: typeof first, version: number): Promise<void> =>
      engine.config<car.CarConfig, car.CarReport>(channel, { carId: "car-001" }).set({ version })
    set(first, 1).catch(() => {})
    set(first, 2).catch(() => {})
    await fleet.clock.settle()
    // The process is gone; nothing was sent.
    const heard = fleet.hear("iot-car/car-001/config")
    const second = fleet.controller(options)
    set(second, 3).catch(() => {})
    await fleet.connect(second)
    expect(heard).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }])
    await fleet.clock.settle()
    const third = fleet.controller(options)
    await fleet.connect(third)
    expect(heard).toHaveLength(3)
  })

  it("M-7: without a durable leg the store stays empty", async () => {
    const fleet = new Fleet(protocol)
    const keys: string[] = []
    const store = { ...createMemoryStore(), set: async (key: string) => void keys.push(key) }
    const controller = fleet.controller({ store })
    controller
      .config<car.CarConfig, car.CarReport>(car.config, { carId: "car-001" })
      .set({ version: 1 })
      .catch(() => {})
    await fleet.connect(controller)
    expect(keys).toEqual([])
  })
})
