import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import { isNumber, jsonObject } from "../../test/fixtures/json-codec.js"
import { createMemoryStore } from "../memory-store.js"
import type { ConfigContext, ConfigVerdict, DeviceStore } from "../surface.js"

const CONFIG = "iot-car/car-001/config"
const FLEET_CONFIG = "iot-car/fleet/config"
const REPORTED = `${CONFIG}/reported`
const STORED = { qos: 1, retain: true } as const

interface Applied {
  readonly config: car.CarConfig
  readonly context: ConfigContext
}

async function device(
  fleet: Fleet,
  store: DeviceStore,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing.
  verdict: (config: car.CarConfig) => ConfigVerdict | void | Promise<ConfigVerdict | void> = () => {},
) {
  const told = listen()
  const applied: Applied[] = []
  const engine = fleet.device("car-001", {
    store,
    channels: [car.status, car.drive, car.config],
    observer: told.observer,
  })
  const reader = engine.configReader<car.CarConfig>(car.config)
  reader.handle((config, context) => {
    applied.push({ config, context })
    return verdict(config)
  })
  await fleet.connect(engine)
  return { engine, reader, applied, told }
}

describe.each(PROTOCOLS)("config at MQTT %s", (protocol) => {
  it("F-1: applies a higher version once, persists it, then reports it retained", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const { applied } = await device(fleet, store)
    const reports = fleet.hear(REPORTED)
    fleet.say(CONFIG, { version: 3, interval: 100 }, STORED)
    await fleet.clock.settle()
    fleet.say(CONFIG, { version: 3, interval: 100 }, STORED)
    await fleet.clock.settle()
    expect(applied.map(({ config }) => config)).toEqual([{ version: 3, interval: 100 }])
    expect(reports).toEqual([
      { version: 3, fleet_version: 0, outcome: "applied" },
      { version: 3, fleet_version: 0, outcome: "applied" },
    ])
    expect(fleet.broker.retained(REPORTED)?.qos).toBe(1)
    expect(await store.get("config/config")).toBeDefined()
  })

  it("F-2: fields that are objects are overlaid in their turn, and only they", async () => {
    const limits = (value: unknown): string | undefined => (typeof value === "object" ? undefined : "no object")
    const codecs = jsonObject<car.CarConfig>({ version: isNumber, "limits?": limits, "names?": limits })
    const nested = {
      ...car.config,
      desired: { ...car.config.desired, codecs },
      fleet: { ...car.config.fleet!, codecs },
      objects: { limits: { inner: {} } },
    }
    const fleet = new Fleet(protocol)
    const engine = fleet.device("car-001", { channels: [car.status, nested] })
    const applied: unknown[] = []
    engine.configReader(nested).handle((config) => void applied.push(config))
    fleet.say(FLEET_CONFIG, { version: 1, limits: { a: 1, b: 2, inner: { c: 3, d: 4 } }, names: { x: 1 } }, STORED)
    fleet.say(CONFIG, { version: 2, limits: { b: 5, inner: { d: 6 } }, names: { y: 2 } }, STORED)
    await fleet.connect(engine)
    expect(applied).toEqual([{ version: 2, limits: { a: 1, b: 5, inner: { c: 3, d: 6 } }, names: { y: 2 } }])
  })

  it("F-2: the echo of the birth is the barrier: commands reach handlers without a quiet time", async () => {
    const fleet = new Fleet(protocol)
    fleet.say(FLEET_CONFIG, { version: 1, interval: 5 }, STORED)
    const engine = fleet.device("car-001", { channels: [car.status, car.drive, car.config] })
    const order: string[] = []
    engine.configReader<car.CarConfig>(car.config).handle(({ interval }) => void order.push(`config ${interval}`))
    engine.commandServer<car.DriveRequest, object>(car.drive).handle(({ id }) => {
      order.push(`command ${id}`)
      return {}
    })
    engine.client.connect().catch(() => {})
    await fleet.clock.advance(2)
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "forward" })
    await fleet.clock.advance(2)
    expect(order).toEqual(["config 5", "command a"])
  })

  it("F-2: an older birth that comes late is no barrier", async () => {
    const fleet = new Fleet(protocol)
    const engine = fleet.device("car-001", { channels: [car.status, car.drive, car.config] })
    const order: string[] = []
    engine.commandServer<car.DriveRequest, object>(car.drive).handle(({ id }) => {
      order.push(id)
      return {}
    })
    fleet.broker.intercept(({ packet, direction }) =>
      packet.type === "publish" && direction === "out" && packet.topic === "iot-car/car-001/status"
        ? "drop"
        : undefined,
    )
    engine.client.connect().catch(() => {})
    await fleet.clock.advance(2)
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "forward" })
    await fleet.clock.advance(100)
    expect(order).toEqual([])
    await fleet.clock.advance(200)
    expect(order).toEqual(["a"])
  })

  it("F-2: starts on the last good config, then waits for both stored ones and applies once", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const first = await device(fleet, store)
    fleet.say(CONFIG, { version: 1, interval: 100 }, STORED)
    await fleet.clock.settle()
    first.engine.client.abort()
    fleet.say(CONFIG, { version: 2, interval: 200 }, STORED)
    fleet.say(FLEET_CONFIG, { version: 5, max_speed: 40 }, STORED)
    const { applied, reader } = await device(fleet, store)
    expect(applied).toEqual([
      { config: { version: 1, interval: 100 }, context: { version: 1, fleetVersion: 0, restored: true } },
      {
        config: { version: 2, interval: 200, max_speed: 40 },
        context: { version: 2, fleetVersion: 5, restored: false },
      },
    ])
    expect(reader.current).toEqual({ version: 2, interval: 200, max_speed: 40 })
  })

  it("F-2: commands reach handlers only after the config was applied", async () => {
    const fleet = new Fleet(protocol)
    const order: string[] = []
    const engine = fleet.device("car-001", { channels: [car.status, car.drive, car.config] })
    engine.commandServer<car.DriveRequest, object>(car.drive).handle(({ action }) => {
      order.push(action)
      return {}
    })
    engine.configReader<car.CarConfig>(car.config).handle(async (config) => {
      await new Promise<void>((resolve) => fleet.clock.after(100, resolve))
      order.push(`config ${config.version}`)
    })
    fleet.say(CONFIG, { version: 1 }, STORED)
    const connected = engine.client.connect()
    await fleet.clock.settle()
    await connected
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "forward" })
    await fleet.clock.settle()
    expect(order).toEqual([])
    await fleet.clock.advance(1000)
    expect(order).toEqual(["config 1", "forward"])
  })

  it("F-2: a stop does not wait for the config", async () => {
    const fleet = new Fleet(protocol)
    const order: string[] = []
    const engine = fleet.device("car-001", { channels: [car.status, car.drive, car.config] })
    engine.commandServer<car.DriveRequest, object>(car.drive).handle(({ action }) => {
      order.push(action)
      return {}
    })
    const connected = engine.client.connect()
    await fleet.clock.settle()
    await connected
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "stop" })
    await fleet.clock.settle()
    expect(order).toEqual(["stop"])
  })

  it("C-8: a stop gets in while a config takes its time", async () => {
    const fleet = new Fleet(protocol)
    const { engine } = await device(fleet, createMemoryStore(), () => new Promise(() => {}))
    const began: string[] = []
    engine.commandServer<car.DriveRequest, object>(car.drive).handle(({ action }) => {
      began.push(action)
      return {}
    })
    fleet.say(CONFIG, { version: 1 }, STORED)
    for (let n = 0; n < 100; n++)
      fleet.say("iot-car/car-001/command", { id: `id-${n}`, timestamp: 1, action: "forward" })
    fleet.say("iot-car/car-001/command", { id: "s", timestamp: 1, action: "stop" })
    for (let round = 0; round < 20; round++) await fleet.clock.settle()
    expect(began).toContain("stop")
  })

  it("F-3: malformed and below the applied version are rejected, and the last good one stays", async () => {
    const fleet = new Fleet(protocol)
    const { reader, told } = await device(fleet, createMemoryStore())
    fleet.say(CONFIG, { version: 4, interval: 100 }, STORED)
    await fleet.clock.settle()
    const reports = fleet.hear(REPORTED)
    fleet.say(CONFIG, { version: 5, interval: "soon" }, STORED)
    await fleet.clock.settle()
    fleet.say(CONFIG, { version: 3, interval: 300 }, STORED)
    await fleet.clock.settle()
    expect(reports).toEqual([
      { version: 5, fleet_version: 0, outcome: "rejected", reason: "/interval: not a number" },
      { version: 3, fleet_version: 0, outcome: "rejected", reason: "version 3 is below 4, which was applied" },
    ])
    expect(reader.current).toEqual({ version: 4, interval: 100 })
    expect(told.lines).toContain("invalid config.desired /interval:type")
  })

  it("a handler may reject, and a handler that throws rejects", async () => {
    const fleet = new Fleet(protocol)
    const { reader, told } = await device(fleet, createMemoryStore(), ({ version }) => {
      if (version === 2) throw new Error("secret")
      return version === 1 ? { outcome: "rejected", reason: "too slow" } : undefined
    })
    const reports = fleet.hear(REPORTED)
    for (const version of [1, 2, 3]) {
      fleet.say(CONFIG, { version }, STORED)
      await fleet.clock.settle()
    }
    expect(reports).toEqual([
      { version: 1, fleet_version: 0, outcome: "rejected", reason: "too slow" },
      { version: 2, fleet_version: 0, outcome: "rejected", reason: "the handler failed" },
      { version: 3, fleet_version: 0, outcome: "applied" },
    ])
    expect(reader.current).toEqual({ version: 3 })
    expect(told.lines.filter((line) => line.startsWith("error config"))).toHaveLength(1)
  })

  it("F-1: reboot_required is reported once; after the boot it is applied; no version causes two reboots", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const reports = fleet.hear(REPORTED)
    const first = await device(fleet, store, () => ({ outcome: "reboot_required" }))
    fleet.say(CONFIG, { version: 9, interval: 1 }, STORED)
    await fleet.clock.settle()
    expect(reports).toEqual([{ version: 9, fleet_version: 0, outcome: "reboot_required" }])
    first.engine.client.abort()
    const second = await device(fleet, store, () => ({ outcome: "reboot_required" }))
    await fleet.clock.advance(1_000)
    expect(second.applied).toHaveLength(1)
    expect(second.reader.current).toEqual({ version: 9, interval: 1 })
    expect(reports.map((report) => (report as car.CarReport).outcome).filter((one) => one !== "applied")).toHaveLength(
      1,
    )
    expect(reports.at(-1)).toMatchObject({ version: 9, outcome: "applied" })
  })

  it("F-1: an empty retained payload withdraws the device's override", async () => {
    const fleet = new Fleet(protocol)
    const { reader } = await device(fleet, createMemoryStore())
    const controller = fleet.controller()
    await fleet.connect(controller)
    const remote = controller.config<car.CarConfig, car.CarReport>(car.config, { carId: "car-001" })
    await controller.fleetConfig<car.CarConfig>(car.config).set({ version: 1, interval: 10, max_speed: 9 })
    await remote.apply({ version: 1, interval: 20 })
    expect(reader.current).toEqual({ version: 1, interval: 20, max_speed: 9 })
    await remote.clear()
    await fleet.clock.settle()
    expect(reader.current).toEqual({ version: 1, interval: 10, max_speed: 9 })
    expect(fleet.broker.retained(CONFIG)).toBeUndefined()
  })

  it("a report that could not be said is said after the reconnection", async () => {
    const fleet = new Fleet(protocol)
    let finish = (): void => {}
    const { engine } = await device(
      fleet,
      createMemoryStore(),
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    fleet.say(CONFIG, { version: 2 }, STORED)
    await fleet.clock.settle()
    fleet.broker.stop()
    await fleet.clock.settle()
    finish()
    await fleet.clock.settle()
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    expect(engine.client.state.kind).toBe("ready")
    expect(JSON.parse(new TextDecoder().decode(fleet.broker.retained(REPORTED)?.payload))).toMatchObject({ version: 2 })
  })

  it("a handler that is attached late gets what came before it", async () => {
    const fleet = new Fleet(protocol)
    fleet.say(CONFIG, { version: 2 }, STORED)
    const engine = fleet.device("car-001", { channels: [car.status, car.config] })
    await fleet.connect(engine)
    await fleet.clock.advance(1_000)
    const got: car.CarConfig[] = []
    engine.configReader<car.CarConfig>(car.config).handle((config) => void got.push(config))
    await fleet.clock.settle()
    expect(got).toEqual([{ version: 2 }])
  })

  it("apply times out where nobody reports", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    await fleet.connect(controller)
    const remote = controller.config<car.CarConfig, car.CarReport>(car.config, { carId: "car-001" })
    expect(await fleet.outcome(remote.apply({ version: 1 }, { timeoutMs: 500 }), 501)).toMatchObject({
      error: { code: "timeout", sent: true },
    })
    expect(await fleet.outcome(remote.apply({} as car.CarConfig))).toMatchObject({
      error: { code: "invalid_argument" },
    })
  })

  it("a bad param rejects, whatever is asked", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    await fleet.connect(controller)
    const remote = controller.config<car.CarConfig, car.CarReport>(car.config, { carId: "fleet" })
    for (const asked of [remote.set({ version: 1 }), remote.apply({ version: 1 }), remote.clear()]) {
      expect(await fleet.outcome(asked)).toMatchObject({ error: { code: "invalid_argument" } })
    }
    const horn = controller.action<{ seconds: number }>(car.horn, { carId: "fleet" })
    expect(await fleet.outcome(horn({ seconds: 1 }))).toMatchObject({ error: { code: "invalid_argument" } })
  })

  it("F-1: what cannot be persisted does not count: the handler is given what was in effect, and it is tried again", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    let full = false
    const { told, applied, reader } = await device(fleet, {
      ...store,
      set: (key, value) => (full ? Promise.reject(new Error("disk full")) : store.set(key, value)),
    })
    const reports = fleet.hear(REPORTED)
    const say = async (version: number): Promise<void> => {
      fleet.say(CONFIG, { version }, STORED)
      await fleet.clock.settle()
    }
    await say(1)
    full = true
    await say(2)
    expect(reader.current).toEqual({ version: 1 })
    full = false
    await say(2)
    expect(reports).toEqual([
      { version: 1, fleet_version: 0, outcome: "applied" },
      { version: 2, fleet_version: 0, outcome: "rejected", reason: "it cannot be kept" },
      { version: 2, fleet_version: 0, outcome: "applied" },
    ])
    expect(applied.map(({ config, context }) => [config.version, context.version])).toEqual([
      [1, 1],
      [2, 2],
      [1, 1],
      [2, 2],
    ])
    expect(told.lines.filter((line) => line.startsWith("error"))).toEqual([
      "error config [unavailable] config: the store cannot keep it",
    ])
  })

  it("F-1: a boot that would be forgotten is not asked for", async () => {
    const fleet = new Fleet(protocol)
    const full = { ...createMemoryStore(), set: () => Promise.reject(new Error("disk full")) }
    const { applied } = await device(fleet, full, () => ({ outcome: "reboot_required" }))
    const reports = fleet.hear(REPORTED)
    fleet.say(CONFIG, { version: 1 }, STORED)
    await fleet.clock.settle()
    expect(reports).toEqual([{ version: 1, fleet_version: 0, outcome: "rejected", reason: "it cannot be kept" }])
    expect(applied).toHaveLength(1)
  })

  it("F-3: a refused one of which no version can be read leaves the versions that are in effect", async () => {
    const fleet = new Fleet(protocol)
    await device(fleet, createMemoryStore())
    fleet.say(FLEET_CONFIG, { version: 1, interval: 100 }, STORED)
    fleet.say(CONFIG, { version: 3 }, STORED)
    await fleet.clock.settle()
    const reports = fleet.hear(REPORTED)
    for (const topic of [FLEET_CONFIG, CONFIG]) {
      fleet.say(topic, "rubbish", STORED)
      await fleet.clock.settle()
    }
    expect(reports).toEqual([
      expect.objectContaining({ version: 3, fleet_version: 1, outcome: "rejected" }),
      expect.objectContaining({ version: 3, fleet_version: 1, outcome: "rejected" }),
    ])
  })

  it("a store that cannot be read stops neither the device nor its commands", async () => {
    const fleet = new Fleet(protocol)
    const store = { ...createMemoryStore(), get: () => Promise.reject(new Error("no disk")) }
    const { engine, told } = await device(fleet, store)
    engine.commandServer<car.DriveRequest, object>(car.drive).handle(() => ({}))
    const replies = fleet.hear("iot-car/car-001/response")
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "forward" })
    await fleet.clock.advance(1_000)
    expect(replies).toHaveLength(1)
    expect(told.lines.some((line) => line.startsWith("error config"))).toBe(true)
  })

  it("a store that holds rubbish does not stop the device", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    await store.set("config/config", new TextEncoder().encode("{rubbish"))
    fleet.say(CONFIG, { version: 1 }, STORED)
    const { applied } = await device(fleet, store)
    expect(applied).toHaveLength(1)
  })
})
