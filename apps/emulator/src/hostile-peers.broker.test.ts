import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { connectCar } from "@fleetwire/iot-car/device"
import { mqttTransport } from "@fleetwire/mqtt"
import { type Link, type LinkOptions, systemClock, systemRandom } from "@fleetwire/runtime"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"

/*
 * What strangers do to a car and its callers by way of a real broker: nothing crashes, nothing leaks, nothing is blocked. After
 * each attack the car is asked to drive, and answers.
 */

const COMMAND = "iot-car/car-001/command"
const RESPONSE = "iot-car/car-001/response"
const STATUS = "iot-car/car-001/status"
const CONFIG = "iot-car/car-001/config"

let broker: Mosquitto
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  broker = await startMosquitto({ settings: { max_queued_messages: 0 } })
})
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})
afterAll(() => broker.stop())

describe.each(["3.1.1", "5"] as const)("hostile peers on Mosquitto at MQTT %s", (protocol) => {
  async function stranger(more: Partial<LinkOptions> = {}): Promise<Link> {
    let connected = (): void => {}
    const ready = new Promise<void>((resolve) => {
      connected = resolve
    })
    const link = mqttTransport().open(
      {
        url: broker.url,
        protocol,
        clientId: `stranger-${Math.random().toString(36).slice(2)}`,
        session: { kind: "clean" },
        keepAliveSeconds: 30,
        reconnect: { enabled: false, spreadMs: 0, baseMs: 1, capMs: 1, stableMs: 0 },
        clock: systemClock,
        random: systemRandom,
        ...more,
      },
      { onConnected: connected, onDisconnected: () => {}, onMessage: (message) => message.acknowledge() },
    )
    closing.push(() => link.close())
    await ready
    return link
  }

  async function setting(before?: () => Promise<void>) {
    await wipe()
    await before?.()
    const began: string[] = []
    const told: string[] = []
    const reach = { url: broker.url, protocol, reconnect: { spreadMs: 0 } } as const
    const car = await connectCar({
      ...reach,
      carId: "car-001",
      session: { kind: "clean" },
      observer: {
        onInvalid: ({ channel, issues }) => told.push(`${channel} ${issues[0]?.code}`),
        onError: (error) => told.push(error.message),
      },
    })
    closing.push(() => car.close())
    car.drive.handle(({ action, id }) => {
      began.push(`${action} ${id}`)
      return { message: action }
    })
    const fleet = await connectFleet({ ...reach, role: "app" })
    closing.push(() => fleet.close())
    const drive = (options = {}) => fleet.car("car-001").drive({ action: "forward" }, options)
    return { car, fleet, drive, began, told }
  }

  /** Nothing stored is left from the test before. */
  async function wipe(): Promise<void> {
    const link = await stranger()
    for (const topic of [COMMAND, RESPONSE, STATUS, CONFIG, "iot-car/fleet/config", "iot-car/fleet/broadcast"]) {
      await link.publish({ topic, payload: new Uint8Array(0), qos: 1, retain: true })
    }
  }

  const say = (link: Link, topic: string, value: unknown, retain = false) =>
    link.publish({ topic, payload: octets(value), qos: 1, retain })

  it("C-13: 5 000 replies with foreign ids, and the right one before its request, resolve nothing", async () => {
    const { drive, fleet } = await setting()
    await drive()
    const link = await stranger()
    const reply = { timestamp: 1, status: "success", message: "a lie", execution_time_ms: 1 }
    const heard = fleet.counters.in
    const said = Array.from({ length: 5_000 }, (_, n) => say(link, RESPONSE, { ...reply, command_id: `foreign-${n}` }))
    said.push(say(link, RESPONSE, { ...reply, command_id: "mine-to-come" }))
    await Promise.all(said)
    // The broker's acknowledgement says nothing of who has it: a reply that comes after the request is a reply.
    await until(() => fleet.counters.in - heard >= said.length)
    expect((await drive({ idempotencyKey: "mine-to-come" })).message).toBe("forward")
    expect(fleet.counters.late).toBe(0)
  })

  it("C-3: 10 000 duplicates run once, each is acknowledged, and memory is as before", async () => {
    const { car, drive, began } = await setting()
    const link = await stranger()
    const request = { id: "twice", timestamp: 1, action: "forward", priority: "normal" }
    await say(link, COMMAND, request)
    await until(() => began.length === 1)
    const before = heapAfterCollection()
    await Promise.all(Array.from({ length: 10_000 }, () => say(link, COMMAND, request)))
    await until(() => car.counters.duplicate === 10_000)
    expect((await drive()).message).toBe("forward")
    expect(began.filter((line) => line === "forward twice")).toHaveLength(1)
    expect(heapAfterCollection() - before).toBeLessThan(8_000_000)
  }, 60_000)

  it("P-4: wills that lie, and rubbish as a will, change who is online for a moment at most", async () => {
    const { fleet, drive } = await setting()
    await fleet.presence.ready
    const seen: string[] = []
    fleet.presence.on("change", ({ state }) => seen.push(state))
    const lie = { device_id: "car-001", status: "offline", timestamp: 1 }
    for (const payload of [lie, { ...lie, device_id: "car-002" }, "offline", null, { status: 7 }]) {
      const link = await stranger({
        will: () => ({ topic: STATUS, payload: octets(payload), qos: 1, retain: true }),
      })
      link.abort()
    }
    await until(() => seen.at(-1) === "online")
    expect(seen.filter((state) => state === "offline").length).toBeLessThanOrEqual(1)
    expect((await drive()).message).toBe("forward")
  })

  it("C-14, F-3: rubbish that was stored before the car came is refused, and the car serves", async () => {
    const { began, told, drive } = await setting(async () => {
      const link = await stranger()
      await say(link, COMMAND, { id: "old", timestamp: 1, action: "forward", priority: "normal" }, true)
      for (const topic of [STATUS, CONFIG, RESPONSE, "iot-car/fleet/config"]) {
        await link.publish({ topic, payload: Uint8Array.from([0xff, 0xfe, 0, 1]), qos: 1, retain: true })
      }
    })
    expect((await drive()).message).toBe("forward")
    expect(began.some((line) => line.endsWith("old"))).toBe(false)
    expect(told).toContain("drive.request retained")
    expect(told.filter((line) => line.startsWith("config."))).toHaveLength(2)
  })

  it("T-6, W-5: topics at the limit and payloads of 8 MB reach no handler and stop nothing", async () => {
    const { car, fleet, told, drive, began } = await setting()
    await fleet.presence.ready
    const link = await stranger()
    const longest = `iot-car/${"x".repeat(65_535 - "iot-car//status".length)}/status`
    const before = fleet.counters.unroutable
    await link.publish({ topic: longest, payload: octets({ status: "online" }), qos: 1, retain: false })
    await until(() => fleet.counters.unroutable > before)
    const huge = new Uint8Array(8_000_000).fill(0x5b)
    for (const topic of [COMMAND, CONFIG, STATUS]) await link.publish({ topic, payload: huge, qos: 1, retain: false })
    await until(() => told.filter((line) => line.endsWith("too_large")).length >= 3)
    expect((await drive()).message).toBe("forward")
    // C-7: what cannot be read stops the car.
    expect(began.filter((line) => line.startsWith("stop"))).toHaveLength(1)
    expect(car.counters.queueDepth).toBe(0)
  }, 60_000)

  if (protocol === "5") {
    it("S-4: user properties of 60 KB, a hundred of them and one that is long, are carried and passed over", async () => {
      const { car, drive, began } = await setting()
      const link = await stranger()
      const request = (id: string) => octets({ id, timestamp: 1, action: "forward", priority: "normal" })
      const many = Array.from({ length: 100 }, (_, n) => [`name-${n}`, "v".repeat(600)] as const)
      const long = [["traceparent", "t".repeat(60_000)]] as const
      const common = { topic: COMMAND, qos: 1, retain: false } as const
      for (let n = 0; n < 50; n++) {
        await link.publish({ ...common, payload: request(`m-${n}`), properties: { userProperties: many } })
        await link.publish({ ...common, payload: request(`l-${n}`), properties: { userProperties: long } })
      }
      await until(() => began.length >= 100)
      expect((await drive()).message).toBe("forward")
      expect(car.counters.invalid).toBe(0)
    })
  }
})

describe.each(["3.1.1", "5"] as const)("a stop on Mosquitto at MQTT %s", (protocol) => {
  it("C-8: is run at once by a car that is flooded, busy and slow, twenty times over", async () => {
    const reach = { url: broker.url, protocol, reconnect: { spreadMs: 0 } } as const
    const car = await connectCar({ ...reach, carId: "car-009", session: { kind: "clean" } })
    closing.push(() => car.close())
    let runs = 0
    car.drive.handle(async ({ action }) => {
      runs++
      if (action !== "stop") await new Promise((resolve) => setTimeout(resolve, 30_000))
      return { message: action }
    })
    const fleet = await connectFleet({ ...reach, role: "app" })
    const flooders = await Promise.all([1, 2, 3].map(() => connectFleet({ ...reach, role: "app" })))
    closing.push(() => fleet.close({ deadlineMs: 0 }), ...flooders.map((one) => () => one.close({ deadlineMs: 0 })))
    let flooding = true
    const flood = flooders.map(async (one) => {
      while (flooding) {
        for (let n = 0; n < 4; n++)
          one
            .car("car-009")
            .drive({ action: "forward" }, { retryBusy: false })
            .catch(() => {})
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
    await until(() => runs > 0)
    // How long it takes is the benchmark's: a stop that is refused or late rejects here.
    for (let n = 0; n < 20; n++) {
      expect((await fleet.car("car-009").drive({ action: "stop" })).message).toBe("stop")
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    flooding = false
    await Promise.all(flood)
  }, 60_000)
})

function octets(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value))
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 3_000) throw new Error("it did not happen in 30 s")
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function heapAfterCollection(): number {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
