import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { type Car, connectCar } from "@fleetwire/iot-car/device"
import { memoryBroker } from "@fleetwire/runtime/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Bridge, startBridge } from "./bridge.js"
import { openSqliteStore } from "./sqlite-store.js"
import type { Store } from "./store.js"

let directory = ""
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fleetwire-bridge-"))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(directory, { recursive: true, force: true })
})

async function openStore(maxBytes?: number): Promise<Store> {
  const store = await openSqliteStore({
    file: join(directory, "fleet.db"),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
  closing.push(() => store.close())
  return store
}

function reachOf(broker: ReturnType<typeof memoryBroker>, protocol: "3.1.1" | "5" = "5") {
  return { url: "mqtt://memory", transport: broker.transport, protocol, reconnect: { spreadMs: 0 } } as const
}

async function carOn(reach: ReturnType<typeof reachOf>, carId = "car-001"): Promise<Car> {
  const car = await connectCar({ ...reach, carId })
  closing.push(() => car.close())
  return car
}

async function bridgeOn(
  reach: ReturnType<typeof reachOf>,
  store: Store,
  onTrouble?: (error: unknown) => void,
): Promise<Bridge> {
  const bridge = await startBridge({ ...reach, store, ...(onTrouble === undefined ? {} : { onTrouble }) })
  closing.push(() => bridge.close({ deadlineMs: 200 }))
  return bridge
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 300) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function payloads(store: Store, channel: string): Promise<readonly unknown[]> {
  return (await store.history({ channel, limit: 10_000 })).map((row) => JSON.parse(row.payload))
}

describe("startBridge", () => {
  it("stores every kind of message, with presence and the latest of each topic", async () => {
    const reach = reachOf(memoryBroker())
    const store = await openStore()
    await bridgeOn(reach, store)
    const car = await carOn(reach)
    car.drive.handle(({ action }) => ({ message: `did ${action}` }))
    car.config.handle(() => undefined)
    const backend = await connectFleet({ ...reach, role: "backend", instance: "other", session: { kind: "clean" } })
    closing.push(() => backend.close())

    await car.latitude.publish(52.520012)
    await car.battery.publish(88)
    await car.log.publish({ level: "info", message: "ready" })
    await backend.car("car-001").drive({ action: "left" }, { idempotencyKey: "cmd-1" })
    await backend.car("car-001").config.apply({ version: 2, max_speed: 50 })
    await backend.config.set({ version: 1, max_speed: 90 })
    await until(async () => (await payloads(store, "config.reported")).length >= 2, "both configs are reported")
    await car.close()
    await until(async () => (await store.presence())[0]?.state === "offline", "the goodbye is stored")

    expect(await payloads(store, "latitude")).toEqual([52.520012])
    expect(await payloads(store, "battery")).toEqual([88])
    expect(await payloads(store, "log")).toMatchObject([{ device_id: "car-001", level: "info", message: "ready" }])
    expect(await payloads(store, "drive.request")).toMatchObject([{ id: "cmd-1", action: "left" }])
    expect(await payloads(store, "drive.reply")).toMatchObject([
      { command_id: "cmd-1", status: "success", message: "did left" },
    ])
    expect(await payloads(store, "config.desired")).toMatchObject([{ version: 2 }])
    expect(await payloads(store, "config.fleet")).toMatchObject([{ version: 1 }])
    expect(await payloads(store, "status")).toMatchObject([{ status: "online" }, { status: "offline" }])
    expect((await store.latest("car-001")).map((row) => row.leg)).toEqual([
      "battery.message",
      "config.desired",
      "config.reported",
      "drive.reply",
      "drive.request",
      "latitude.message",
      "log.message",
      "status.message",
    ])
  })

  for (const protocol of ["5", "3.1.1"] as const) {
    it(`acknowledges nothing that is not committed: a full disk loses no message, at MQTT ${protocol}`, async () => {
      const reach = reachOf(memoryBroker(), protocol)
      const small = await openStore(100_000)
      const troubles: unknown[] = []
      const bridge = await bridgeOn(reach, small, (error) => troubles.push(error))
      const car = await carOn(reach)
      const texts = Array.from({ length: 600 }, (_, n) => `${n} ${"x".repeat(150)}`)
      const publishing = Promise.all(texts.map((message) => car.log.publish({ level: "info", message })))
      await until(() => troubles.length > 0, "a commit fails")
      expect(String(troubles[0])).toMatch(/full/)
      const health = await fetch(`${bridge.httpUrl}/health`)
      expect(health.status).toBe(503)
      expect(await health.json()).toMatchObject({ ok: false, trouble: expect.stringContaining("full") })
      await publishing
      expect((await bridge.close({ deadlineMs: 100 })).unfinished).toBeGreaterThan(0)
      await small.close()

      const large = await openStore()
      await bridgeOn(reach, large)
      await until(async () => (await payloads(large, "log")).length >= texts.length, "the rest is stored")
      const stored = (await payloads(large, "log")) as { message: string }[]
      expect(stored.map(({ message }) => message)).toEqual(texts)
    })

    it(`loses nothing and stores nothing twice when it is stopped in the midst of messages, at MQTT ${protocol}`, async () => {
      const reach = reachOf(memoryBroker(), protocol)
      const store = await openStore()
      const car = await carOn(reach)
      let bridge = await bridgeOn(reach, store)
      const texts = Array.from({ length: 400 }, (_, n) => `text ${n}`)
      const publishing = (async () => {
        for (const message of texts) await car.log.publish({ level: "info", message })
      })()
      for (let round = 0; round < 6; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 15))
        await bridge.close()
        bridge = await bridgeOn(reach, store)
      }
      await publishing
      await until(async () => (await payloads(store, "log")).length >= texts.length, "everything is stored")
      const stored = (await payloads(store, "log")) as { message: string }[]
      expect(stored.map(({ message }) => message)).toEqual(texts)
    })
  }

  it("rejects when there is no broker, and leaves nothing open", async () => {
    const broker = memoryBroker()
    broker.stop()
    const store = await openStore()
    await expect(startBridge({ ...reachOf(broker), store, connectTimeoutMs: 100 })).rejects.toThrow("[unavailable]")
  })
})
