import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import { createDevice } from "../device.js"
import type { ConnectPacket } from "../testing/packet.js"

const DEVICE = "iot-car.device.car-001"

function packets(fleet: Fleet, clientId: string): string[] {
  return fleet.broker.log
    .filter((record) => record.clientId === clientId)
    .map(({ packet, direction }) => {
      const topic = packet.type === "publish" ? ` ${packet.topic}` : ""
      return `${direction} ${packet.type}${topic}`
    })
}

function connects(fleet: Fleet, clientId: string): ConnectPacket[] {
  return fleet.broker.log.flatMap(({ packet }) =>
    packet.type === "connect" && packet.clientId === clientId ? [packet] : [],
  )
}

describe.each(PROTOCOLS)("a connection at MQTT %s", (protocol) => {
  it("P-2: subscribes, then says online, then releases the outbox, then is ready", async () => {
    const fleet = new Fleet(protocol)
    const told = listen()
    const device = fleet.device("car-001", { observer: told.observer })
    const published = device.publisher(car.alarm).publish({ type: "heat" })
    await fleet.connect(device)
    await published
    const order = packets(fleet, DEVICE)
    const at = (what: string): number => order.indexOf(what)
    expect(at("in subscribe")).toBeLessThan(at("out suback"))
    expect(at("out suback")).toBeLessThan(at("in publish iot-car/car-001/status"))
    expect(at("in publish iot-car/car-001/status")).toBeLessThan(at("out puback"))
    expect(at("out puback")).toBeLessThan(at("in publish iot-car/car-001/alarm"))
    expect(told.lines.slice(0, 3)).toEqual(["state connecting", "state establishing", "state ready"])
  })

  it("broker absent: connect gives up in time, and may be called again", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device("car-001", { connectTimeoutMs: 5000 })
    fleet.broker.stop()
    expect(await fleet.outcome(device.client.connect(), 5001)).toMatchObject({
      error: {
        code: "unavailable",
        message: "[unavailable] no connection within 5000 ms to mqtt://memory: connection refused",
        details: { url: "mqtt://memory", reason: "network" },
      },
    })
    fleet.broker.start()
    await fleet.connect(device)
    expect(device.client.state.kind).toBe("ready")
  })

  it("wrong credentials: unauthorized at once, without trying on", async () => {
    const fleet = new Fleet(protocol, { allow: ({ action, password }) => action !== "connect" || password === "right" })
    const device = fleet.device("car-001", { username: "car", password: "wrong" })
    const outcome = await fleet.outcome(device.client.connect(), 100)
    expect(outcome).toMatchObject({ error: { code: "unauthorized" } })
    expect(JSON.stringify(outcome) + String((outcome as { error: Error }).error)).not.toContain("wrong")
    await fleet.clock.advance(120_000)
    expect(connects(fleet, DEVICE)).toHaveLength(1)
    const right = fleet.device("car-002", { username: "car", password: "right" })
    await fleet.connect(right)
    expect(right.client.state.kind).toBe("ready")
  })

  it("S-1: two clients of one id end in no war", async () => {
    const fleet = new Fleet(protocol)
    const told = listen()
    const first = fleet.device("car-001", { observer: told.observer, reconnect: { spreadMs: 200, capMs: 400 } })
    const second = fleet.device("car-001", { reconnect: { spreadMs: 200, capMs: 400 } })
    await fleet.connect(first)
    await fleet.connect(second)
    await fleet.clock.advance(30_000)
    if (protocol === "5") {
      expect(first.client.state).toMatchObject({ kind: "failed", error: { code: "unavailable" } })
      expect(second.client.state.kind).toBe("ready")
      expect(connects(fleet, DEVICE)).toHaveLength(2)
    } else expect(told.lines.some((line) => line.includes("suspected_takeover"))).toBe(true)
  })

  it("S-1: three short connections in a row are reported, whatever the version says of them, and once", async () => {
    const fleet = new Fleet(protocol)
    const told = listen()
    const device = fleet.device("car-001", { observer: told.observer, reconnect: { spreadMs: 200, capMs: 400 } })
    await fleet.connect(device)
    const suspicions = (): number => told.lines.filter((line) => line.includes("suspected_takeover")).length
    for (let n = 1; n <= 4; n++) {
      expect(suspicions()).toBe(n > 3 ? 1 : 0)
      fleet.broker.cut(DEVICE)
      await fleet.clock.advance(1_000)
    }
    expect(suspicions()).toBe(1)
    expect(device.client.state.kind).toBe("ready")
  })

  it("S-3: subscriptions are restored before it is ready again", async () => {
    const fleet = new Fleet(protocol)
    const told = listen()
    const controller = fleet.controller({ observer: told.observer })
    controller.stream(car.alarm).handle(() => {})
    await fleet.connect(controller)
    const before = fleet.broker.log.length
    fleet.broker.stop({ keepState: false })
    await fleet.clock.advance(100)
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    const since = fleet.broker.log.slice(before).map(({ packet }) => packet.type)
    expect(since).toContain("suback")
    expect(told.lines.at(-1)).toBe("state ready")
    expect(fleet.broker.subscriptions("iot-car.backend.one")).toEqual(["iot-car/+/alarm"])
  })

  it("S-2: the first attempt after a loss lies within the spread", async () => {
    const fleet = new Fleet(protocol)
    const devices = Array.from({ length: 40 }, (_, n) => fleet.device(`car-${String(n + 100)}`))
    await fleet.connect(...devices)
    const before = fleet.broker.log.length
    fleet.broker.stop()
    fleet.broker.start()
    const counts: number[] = []
    for (let half = 0; half < 5; half++) {
      const from = fleet.broker.log.length
      await fleet.clock.advance(500)
      counts.push(fleet.broker.log.slice(from).filter(({ packet }) => packet.type === "connect").length)
    }
    expect(fleet.broker.log.slice(before).filter(({ packet }) => packet.type === "connect")).toHaveLength(40)
    expect(counts[4]).toBe(0)
    expect(Math.max(...counts)).toBeLessThan(20)
  })

  it("T-4: a deployment's prefix is in front of every topic, and of nothing else", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device("car-001", { topicPrefix: "acme/staging" })
    const controller = fleet.controller({ topicPrefix: "acme/staging" })
    const stranger = fleet.controller({ instance: "stranger" })
    const got: unknown[] = []
    const strange: unknown[] = []
    controller.stream(car.alarm).handle((delivery) => void got.push(delivery.carId))
    stranger.stream(car.alarm).handle((delivery) => void strange.push(delivery))
    device.commandServer<car.DriveRequest, Partial<car.DriveReply>>(car.drive).handle(() => ({}))
    await fleet.connect(device, controller, stranger)
    await device.publisher(car.alarm).publish({ type: "heat" })
    const reply = await controller.caller<{ action: string }, car.DriveReply>(car.drive, { carId: "car-001" })({
      action: "forward",
    })
    expect(reply.status).toBe("success")
    expect(got).toEqual(["car-001"])
    expect(strange).toEqual([])
    expect(fleet.broker.retained("acme/staging/iot-car/car-001/status")).toBeDefined()
  })

  it("T-2, T-5: refuses an identity that the contract does not allow, before anything is sent", () => {
    const fleet = new Fleet(protocol)
    for (const identity of ["", "fleet", "admin", "car-1", "car/001", "car+001", "car#", "car-0011"]) {
      expect(() => fleet.device(identity), identity).toThrow("[invalid_argument]")
    }
    expect(fleet.broker.log).toEqual([])
  })

  it("T-6: a topic that fits no template is counted and shown", async () => {
    const fleet = new Fleet(protocol)
    const told = listen()
    const controller = fleet.controller({ observer: told.observer })
    const got: unknown[] = []
    controller.stream(car.alarm).handle((delivery) => void got.push(delivery))
    await fleet.connect(controller)
    // The filter is `iot-car/+/alarm`: these match it and no template.
    fleet.say("iot-car/fleet/alarm", { type: "heat" })
    fleet.say("iot-car/car-1/alarm", { type: "heat" })
    await fleet.clock.settle()
    expect(got).toEqual([])
    expect(told.lines).toContain("unroutable iot-car/fleet/alarm")
    expect(controller.client.counters.unroutable).toBe(2)
  })

  it("S-5: closing waits for what is under way, ends subscriptions, and can be repeated", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    await fleet.connect(controller)
    const events = controller.stream(car.alarm)()
    const loop = (async () => {
      for await (const _ of events);
      return "over"
    })()
    const published = controller.config(car.config, { carId: "car-001" }).set({ version: 1 })
    const closed = Promise.all([controller.client.close(), controller.client.close()])
    await fleet.clock.advance(10)
    await Promise.all([closed, published])
    expect(await loop).toBe("over")
    expect(fleet.broker.clients).toEqual([])
    await expect(controller.client.connect()).rejects.toMatchObject({ code: "closed" })
  })

  it("S-5: what is not acknowledged within the deadline does not hold the close", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    await fleet.connect(device)
    fleet.broker.intercept(({ packet, direction }) =>
      direction === "in" && packet.type === "publish" ? "drop" : undefined,
    )
    const published = device.publisher(car.alarm).publish({ type: "heat" })
    const closed = device.client.close({ deadlineMs: 1000 })
    expect(await fleet.outcome(closed, 1500)).toEqual({ value: undefined })
    expect(await fleet.outcome(published)).toMatchObject({ error: { code: "closed", sent: true } })
  })

  it("Z-1: a session that the broker lost is found out and counted", async () => {
    const fleet = new Fleet(protocol)
    const told = listen()
    const device = fleet.device("car-001", { observer: told.observer })
    await fleet.connect(device)
    fleet.broker.stop({ keepState: false })
    await fleet.clock.advance(10)
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    expect(device.client.state.kind).toBe("ready")
    expect(device.client.counters.dropped["session-lost"]).toBe(1)
    expect(fleet.broker.subscriptions(DEVICE)).toContain("iot-car/car-001/command")
    expect(new TextDecoder().decode(fleet.broker.retained("iot-car/car-001/status")?.payload)).toContain("online")
  })

  it("an observer that throws stops nothing", async () => {
    const fleet = new Fleet(protocol)
    const boom = (): never => {
      throw new Error("boom")
    }
    const observer = { onState: boom, onInvalid: boom, onUnroutable: boom, onError: boom, onDropped: boom }
    const controller = fleet.controller({ observer })
    const got: unknown[] = []
    controller.stream(car.alarm).handle((delivery) => void got.push(delivery.message))
    await fleet.connect(controller)
    fleet.say("iot-car/car-001/alarm", { type: 1 })
    fleet.say("iot-car/fleet/alarm", { type: "x" })
    fleet.say("iot-car/car-001/alarm", { type: "heat" })
    await fleet.clock.settle()
    expect(got).toEqual([{ type: "heat" }])
  })
})

describe("a connection at MQTT 5", () => {
  it("M-4: Receive Maximum is the sum of the on-handled bounds and 16", async () => {
    const fleet = new Fleet("5")
    await fleet.connect(fleet.device())
    // drive.request, horn.request, config.desired, config.fleet, broadcast.request: 8 each.
    expect(connects(fleet, DEVICE)[0]?.receiveMaximum).toBe(5 * 8 + 16)
  })

  it("a device whose subscription is refused is unauthorized", async () => {
    const fleet = new Fleet("5", {
      allow: ({ action, topic }) => !(action === "subscribe" && topic === "iot-car/car-001/command"),
    })
    const device = fleet.device()
    expect(await fleet.outcome(device.client.connect(), 300)).toMatchObject({ error: { code: "unauthorized" } })
    expect(device.client.state.kind).toBe("failed")
  })

  it("a controller whose subscription is refused goes on, and the subscription says so", async () => {
    const fleet = new Fleet("5", {
      allow: ({ action, topic }) => !(action === "subscribe" && topic?.endsWith("alarm")),
    })
    const controller = fleet.controller()
    const refused = controller.stream(car.alarm).handle(() => {})
    const granted = controller.stream(car.gear).handle(() => {})
    await fleet.connect(controller)
    await expect(refused.ready).rejects.toMatchObject({ code: "unauthorized", details: { reasonCode: 0x87 } })
    await granted.ready
  })

  it("S-6: what the server does not allow is refused with the limit named", async () => {
    const fleet = new Fleet("5", { limits: { maximumQos: 0 } })
    const controller = fleet.controller()
    await fleet.connect(controller)
    const set = controller.config(car.config, { carId: "car-001" }).set({ version: 1 })
    expect(await fleet.outcome(set)).toMatchObject({ error: { code: "unsupported", details: { limit: "maximumQos" } } })
  })
})

describe("what needs no connection", () => {
  it("refuses a prefix that is none", () => {
    const fleet = new Fleet("5")
    for (const topicPrefix of ["a//b", "/a", "a/", "a/+", "#"]) {
      expect(() => fleet.controller({ topicPrefix }), topicPrefix).toThrow("[invalid_argument]")
    }
  })

  it("refuses to start without a transport", () => {
    expect(() => createDevice({ contract: car.contract, channels: [] }, "car-001", { url: "mqtt://x" })).toThrow(
      "[invalid_argument] options.transport is needed",
    )
  })

  it("refuses a persistent controller without a name of its own", () => {
    const fleet = new Fleet("5")
    const role = { session: { kind: "persistent", expirySeconds: 60 } } as const
    expect(() => fleet.controller({ role, instance: undefined as never })).toThrow("options.instance")
  })
})
