import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import type { DropPolicy, StreamDescriptor } from "../descriptor.js"
import { createMemoryStore } from "../memory-store.js"

type Alarm = StreamDescriptor<{ readonly type: string }>

const TOPIC = "iot-car/car-001/alarm"

function alarmWith(outbox: { bound: number; drop: DropPolicy }, more: object = {}): Alarm {
  return { ...car.alarm, message: { ...car.alarm.message, outbox: { durable: false, ...outbox }, ...more } }
}

function setting(protocol: (typeof PROTOCOLS)[number]) {
  const fleet = new Fleet(protocol)
  const told = listen()
  const device = fleet.device("car-001", { observer: told.observer })
  const heard = fleet.hear(TOPIC)
  const types = (): string[] => (heard as { type: string }[]).map(({ type }) => type)
  return { fleet, told, device, types }
}

describe.each(PROTOCOLS)("publishing at MQTT %s", (protocol) => {
  it("M-7: what is published without a connection is sent in order when there is one", async () => {
    const { fleet, device, types } = setting(protocol)
    const publisher = device.publisher(car.alarm)
    const published = ["a", "b", "c"].map((type) => publisher.publish({ type }))
    await fleet.connect(device)
    await Promise.all(published)
    expect(types()).toEqual(["a", "b", "c"])
  })

  it.each([
    { drop: "oldest", sent: ["2", "3"], dropped: ["0", "1"] },
    { drop: "newest", sent: ["0", "1"], dropped: ["2", "3"] },
    { drop: "reject", sent: ["0", "1"], dropped: ["2", "3"] },
    { drop: "latest-only", sent: ["3"], dropped: ["0", "1", "2"] },
  ] as const)("M-7: policy $drop rejects what it evicts with dropped", async ({ drop, sent, dropped }) => {
    const { fleet, told, device, types } = setting(protocol)
    const publisher = device.publisher(alarmWith({ bound: 2, drop }))
    const outcomes = ["0", "1", "2", "3"].map((type) =>
      publisher.publish({ type }).then(
        () => "sent",
        (error) => error.code,
      ),
    )
    await fleet.connect(device)
    const settled = await Promise.all(outcomes)
    expect(types()).toEqual(sent)
    expect(settled.flatMap((outcome, at) => (outcome === "dropped" ? [String(at)] : []))).toEqual(dropped)
    expect(told.lines.filter((line) => line === "dropped alarm.message bound 1")).toHaveLength(dropped.length)
  })

  it("M-7: what expires while it waits is rejected and counted", async () => {
    const { fleet, told, device, types } = setting(protocol)
    const publisher = device.publisher(alarmWith({ bound: 8, drop: "oldest" }, { expiryMs: 1000 }))
    const outcome = await fleet.outcome(publisher.publish({ type: "old" }), 1001)
    expect(outcome).toMatchObject({ error: { code: "expired", sent: false } })
    expect(told.lines).toContain("dropped alarm.message expired 1")
    await fleet.connect(device)
    expect(types()).toEqual([])
  })

  it("M-6: QoS 0 without a connection is dropped, counted, and no unhandled rejection", async () => {
    const { fleet, told, device } = setting(protocol)
    device.publisher(car.telemetry).publish({ battery: 1 })
    await fleet.clock.settle()
    expect(told.lines).toContain("dropped telemetry.message offline-qos0 1")
  })

  it("Z-1: what was under way when the session was lost is sent anew, in its place", async () => {
    const { fleet, device, types } = setting(protocol)
    await fleet.connect(device)
    const stop = fleet.broker.intercept(({ packet, direction }) =>
      direction === "in" && packet.type === "publish" && packet.topic === TOPIC ? "drop" : undefined,
    )
    const publisher = device.publisher(car.alarm)
    const published = [publisher.publish({ type: "a" })]
    await fleet.clock.settle()
    fleet.broker.stop({ keepState: false })
    stop()
    await fleet.clock.settle()
    published.push(publisher.publish({ type: "b" }))
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    await Promise.all(published)
    expect(types()).toEqual(["a", "b"])
  })

  it("C-10: with the session present the link repeats, and the promise waits on", async () => {
    const { fleet, device, types } = setting(protocol)
    await fleet.connect(device)
    const stop = fleet.broker.intercept(({ packet, direction }) =>
      direction === "out" && packet.type === "puback" ? "drop" : undefined,
    )
    const published = device.publisher(car.alarm).publish({ type: "a" })
    await fleet.clock.settle()
    fleet.broker.cut("iot-car.device.car-001")
    stop()
    await fleet.clock.advance(10_000)
    await published
    expect(types()).toEqual(["a", "a"])
    const sent = fleet.broker.log.flatMap(({ packet, direction }) =>
      direction === "in" && packet.type === "publish" && packet.topic === TOPIC ? [packet] : [],
    )
    expect(sent.map(({ dup }) => dup)).toEqual([false, true])
    expect(sent[1]?.id).toBe(sent[0]?.id)
  })

  it("W-2: an invalid message is refused with its issues and never leaves", async () => {
    const { fleet, device, types } = setting(protocol)
    await fleet.connect(device)
    const outcome = await fleet.outcome(device.publisher<object>(car.alarm).publish({ type: 7 }))
    expect(outcome).toMatchObject({
      error: { code: "invalid_argument", details: { issues: [{ path: "/type" }], channel: "alarm.message" } },
    })
    expect(types()).toEqual([])
  })

  it("W-5: a message above maxBytes is refused", async () => {
    const { fleet, device } = setting(protocol)
    await fleet.connect(device)
    expect(await fleet.outcome(device.publisher(car.alarm).publish({ type: "x".repeat(400) }))).toMatchObject({
      error: { code: "invalid_argument", details: { issues: [{ code: "too_large" }] } },
    })
  })

  it("a signal takes a waiting message back", async () => {
    const { fleet, device, types } = setting(protocol)
    const abort = new AbortController()
    const published = device.publisher(car.alarm).publish({ type: "a" }, { signal: abort.signal })
    abort.abort()
    expect(await fleet.outcome(published)).toMatchObject({ error: { code: "canceled", sent: false } })
    await fleet.connect(device)
    expect(types()).toEqual([])
  })

  it("after close everything is rejected with closed", async () => {
    const { fleet, told, device } = setting(protocol)
    const waiting = device.publisher(car.alarm).publish({ type: "a" })
    await device.client.close()
    expect(await fleet.outcome(waiting)).toMatchObject({ error: { code: "closed" } })
    expect(await fleet.outcome(device.publisher(car.alarm).publish({ type: "b" }))).toMatchObject({
      error: { code: "closed" },
    })
    expect(told.lines).toContain("dropped alarm.message closed 1")
  })
})

describe.each(PROTOCOLS)("a durable outbox at MQTT %s", (protocol) => {
  const durable = {
    ...car.alarm,
    message: { ...car.alarm.message, outbox: { bound: 3, drop: "oldest", durable: true } },
  }
  const channel = durable as Alarm

  it("M-7: what was accepted is sent by the next process, in order, and then forgotten", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const heard = fleet.hear(TOPIC)
    const options = { store, channels: [car.status, channel] }
    const first = fleet.device("car-001", options).publisher(channel)
    for (const type of ["a", "b", "c", "d"]) first.publish({ type })
    await fleet.clock.settle()
    // The first process is never heard of again.
    const second = fleet.device("car-001", options)
    const newer = second.publisher(channel).publish({ type: "e" })
    await fleet.connect(second)
    await newer
    expect(heard.map((message) => (message as { type: string }).type)).toEqual(["c", "d", "e"])
    const third = fleet.device("car-001", options)
    second.client.abort()
    await fleet.connect(third)
    expect(heard).toHaveLength(3)
  })

  it("M-7: what expired meanwhile is not sent", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const told = listen()
    const heard = fleet.hear(TOPIC)
    const options = { store, channels: [car.status, channel], observer: told.observer }
    fleet.device("car-001", options).publisher(channel).publish({ type: "a" }, { expiryMs: 60_000 })
    await fleet.clock.settle()
    const second = fleet.device("car-001", options)
    await fleet.clock.advance(61_000)
    await fleet.connect(second)
    expect(heard).toEqual([])
    expect(told.lines).toContain("dropped alarm.message expired 1")
  })

  it("a close leaves the unsent to the next process", async () => {
    const fleet = new Fleet(protocol)
    const store = createMemoryStore()
    const heard = fleet.hear(TOPIC)
    const options = { store, channels: [car.status, channel] }
    const first = fleet.device("car-001", options)
    const published = first.publisher(channel).publish({ type: "a" })
    await fleet.clock.settle()
    await first.client.close()
    expect(await fleet.outcome(published)).toMatchObject({ error: { code: "closed" } })
    await fleet.connect(fleet.device("car-001", options))
    expect(heard).toEqual([{ type: "a" }])
  })

  it("a store that cannot be written is told to the publisher", async () => {
    const fleet = new Fleet(protocol)
    const store = { ...createMemoryStore(), set: () => Promise.reject(new Error("disk full")) }
    const device = fleet.device("car-001", { store, channels: [car.status, channel] })
    expect(await fleet.outcome(device.publisher(channel).publish({ type: "a" }))).toMatchObject({
      error: { code: "unavailable", sent: false },
    })
  })
})

describe("formats", () => {
  it("W-1: a 3.1.1 client sends the default format only", async () => {
    const { fleet, device } = setting("3.1.1")
    const outcome = await fleet.outcome(device.publisher(car.alarm).publish({ type: "a" }, { format: "protobuf" }))
    expect(outcome).toMatchObject({ error: { code: "unsupported" } })
  })

  it("W-1: at MQTT 5 a format that the channel does not take is refused", async () => {
    const { fleet, device } = setting("5")
    const outcome = await fleet.outcome(device.publisher(car.alarm).publish({ type: "a" }, { format: "protobuf" }))
    expect(outcome).toMatchObject({ error: { code: "invalid_argument" } })
  })

  it("C-5, M-7: what waited leaves with the rest of its expiry", async () => {
    const { fleet, device } = setting("5")
    const published = device
      .publisher(alarmWith({ bound: 8, drop: "oldest" }, { expiryMs: 10_000 }))
      .publish({ type: "a" })
    await fleet.clock.advance(4_000)
    await fleet.connect(device)
    await published
    const sent = fleet.broker.log.find(({ packet }) => packet.type === "publish" && packet.topic === TOPIC)
    expect(sent?.packet).toMatchObject({ properties: { messageExpirySeconds: 6 } })
  })
})
