import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import type { CallOptions, RemoteCommand } from "../surface.js"
import type { PublishPacket } from "../testing/packet.js"

type Drive = RemoteCommand<{ action: string; id?: string }, car.DriveReply>

const COMMAND = "iot-car/car-001/command"
const RESPONSE = "iot-car/car-001/response"
const CONTROLLER = "iot-car.backend.one"

function requests(fleet: Fleet): PublishPacket[] {
  return fleet.broker.log.flatMap(({ packet, direction, clientId }) =>
    clientId === CONTROLLER && direction === "in" && packet.type === "publish" && packet.topic === COMMAND
      ? [packet]
      : [],
  )
}

function idOf(packet: PublishPacket | undefined): string {
  return JSON.parse(new TextDecoder().decode(packet?.payload)).id
}

/** A controller and a device that is written by hand: it subscribes and says what the test says. */
async function setting(protocol: (typeof PROTOCOLS)[number], channel: typeof car.drive = car.drive) {
  const fleet = new Fleet(protocol)
  const told = listen()
  const controller = fleet.controller({ observer: told.observer })
  const device = fleet.broker.transport.open(
    {
      url: "mqtt://memory",
      protocol,
      clientId: "by-hand",
      session: { kind: "clean" },
      keepAliveSeconds: 30,
      reconnect: { enabled: true, spreadMs: 100, baseMs: 100, capMs: 100, stableMs: 1 },
      clock: fleet.clock,
      random: { next: () => 0.5, bytes: (length) => new Uint8Array(length) },
    },
    {
      onConnected: () => void device.subscribe([{ filter: "iot-car/+/command", qos: 1 }]),
      onDisconnected() {},
      onMessage: (message) => message.acknowledge(),
    },
  )
  await fleet.connect(controller)
  const call: Drive = controller.caller(channel, { carId: "car-001" })
  const answer = (id: string, more: object = {}): void =>
    fleet.say(RESPONSE, { command_id: id, status: "success", ...more })
  return { fleet, told, controller, call, answer, device }
}

describe.each(PROTOCOLS)("calling a command at MQTT %s", (protocol) => {
  it("C-1: holds the reply subscription before its first request", async () => {
    const { fleet, call } = await setting(protocol)
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    const order = fleet.broker.log
      .filter(({ clientId }) => clientId === CONTROLLER)
      .map(({ packet, direction }) => `${direction} ${packet.type}`)
    expect(order.indexOf("out suback")).toBeGreaterThan(0)
    expect(order.indexOf("in publish")).toBeGreaterThan(order.indexOf("out suback"))
    await fleet.outcome(pending, 5000)
  })

  it("C-2: ids have 96 random bits, and a reply finds its call", async () => {
    const { fleet, call, answer } = await setting(protocol)
    const one = call({ action: "forward" })
    const two = call({ action: "backward" })
    await fleet.clock.settle()
    const [first, second] = requests(fleet).map(idOf)
    expect(first).toMatch(/^[0-9a-f]{24}$/)
    expect(second).not.toBe(first)
    answer(second ?? "", { message: "two" })
    answer(first ?? "", { message: "one" })
    expect(await one).toMatchObject({ message: "one" })
    expect(await two).toMatchObject({ message: "two" })
  })

  it("C-3: the same idempotency key leaves with the same bytes, later too", async () => {
    const { fleet, call } = await setting(protocol)
    const options: CallOptions = { idempotencyKey: "order-7", timeoutMs: 1000 }
    await fleet.outcome(call({ action: "forward" }, options), 2000)
    await fleet.outcome(call({ action: "forward" }, options), 2000)
    const [first, second] = requests(fleet)
    expect(idOf(first)).toBe("order-7")
    expect(second?.payload).toEqual(first?.payload)
  })

  it("C-8: retries busy with the same id inside the deadline", async () => {
    const { fleet, call, answer } = await setting(protocol)
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    const id = idOf(requests(fleet)[0])
    answer(id, { status: "error", message: "[busy retry_after_ms=250] queue full" })
    await fleet.clock.advance(240)
    expect(requests(fleet)).toHaveLength(1)
    await fleet.clock.advance(120)
    expect(requests(fleet)).toHaveLength(2)
    expect(requests(fleet)[1]?.payload).toEqual(requests(fleet)[0]?.payload)
    answer(id)
    expect(await pending).toMatchObject({ status: "success" })
  })

  it("C-8: gives busy back where the caller wants no retry, or no time is left", async () => {
    const { fleet, call, answer } = await setting(protocol)
    for (const options of [{ retryBusy: false }, { timeoutMs: 200 }]) {
      const pending = call({ action: "forward" }, options)
      await fleet.clock.settle()
      answer(idOf(requests(fleet).at(-1)), { status: "error", message: "[busy retry_after_ms=250] queue full" })
      expect(await fleet.outcome(pending)).toMatchObject({
        error: { code: "busy", origin: "remote", sent: true, details: { retryAfterMs: 250 } },
      })
    }
  })

  it.each([
    { given: "[invalid_payload] /speed: not a number", want: { code: "invalid_payload", mayHaveRun: false } },
    { given: "[conflict] used", want: { code: "conflict", mayHaveRun: true } },
    { given: "[preempted] stop", want: { code: "preempted", mayHaveRun: true } },
    { given: "[interrupted] restarted", want: { code: "interrupted", mayHaveRun: true } },
    { given: "[timeout] too slow", want: { code: "timeout", mayHaveRun: true } },
    { given: "[made_up] words", want: { code: "command_failed", mayHaveRun: true } },
    { given: "the wheels are off", want: { code: "command_failed", message: "[command_failed] the wheels are off" } },
    { given: undefined, want: { code: "command_failed" } },
  ])("C-9: a failed reply $given rejects", async ({ given, want }) => {
    const { fleet, call, answer } = await setting(protocol)
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    answer(idOf(requests(fleet)[0]), { status: "error", ...(given === undefined ? {} : { message: given }) })
    expect(await fleet.outcome(pending)).toMatchObject({ error: { origin: "remote", sent: true, ...want } })
  })

  it("C-9: no reply is a timeout that may have run, and a late reply is counted", async () => {
    const { fleet, told, call, answer, controller } = await setting(protocol)
    const outcome = await fleet.outcome(call({ action: "forward" }), 5001)
    expect(outcome).toMatchObject({ error: { code: "timeout", sent: true, mayHaveRun: true } })
    const id = idOf(requests(fleet)[0])
    answer(id)
    await fleet.clock.settle()
    expect(told.lines).toContain(`late drive ${id}`)
    expect(controller.client.counters.late).toBe(1)
  })

  it("C-10: with the session lost, a command that is not idempotent fails and nothing of it leaves afterwards", async () => {
    const { fleet, call } = await setting(protocol)
    const pending = call({ action: "forward" }, { timeoutMs: 60_000 })
    await fleet.clock.settle()
    fleet.broker.cut(CONTROLLER)
    expect(await fleet.outcome(pending, 10_000)).toMatchObject({
      error: { code: "unavailable", sent: true, mayHaveRun: true },
    })
    expect(requests(fleet)).toHaveLength(1)
  })

  it("C-10: with the session lost, an idempotent command leaves again with the same id, after SUBACK", async () => {
    const { fleet, call, answer } = await setting(protocol, car.driveWith({ idempotent: true }))
    const pending = call({ action: "forward" }, { timeoutMs: 60_000 })
    await fleet.clock.settle()
    fleet.broker.cut(CONTROLLER)
    await fleet.clock.advance(10_000)
    expect(requests(fleet)).toHaveLength(2)
    expect(requests(fleet)[1]).toMatchObject({ dup: false, payload: requests(fleet)[0]?.payload })
    answer(idOf(requests(fleet)[0]))
    expect(await pending).toMatchObject({ status: "success" })
  })

  it("C-10: a lost PUBACK closes the connection", async () => {
    const { fleet, call } = await setting(protocol)
    fleet.broker.intercept(({ packet, direction, clientId }) =>
      clientId === CONTROLLER && direction === "out" && packet.type === "puback" ? "drop" : undefined,
    )
    const pending = call({ action: "forward" }, { timeoutMs: 60_000 })
    expect(await fleet.outcome(pending, 25_000)).toMatchObject({ error: { code: "unavailable", mayHaveRun: true } })
  })

  it("C-11: a complete presence view that says offline fails the call at once", async () => {
    const { fleet, call, controller } = await setting(protocol)
    fleet.say("iot-car/car-001/status", { device_id: "car-001", status: "offline" }, { retain: true, qos: 1 })
    const view = controller.presence(car.status)
    // Not complete yet: the call is sent.
    await fleet.outcome(call({ action: "forward" }, { timeoutMs: 10 }), 20)
    expect(requests(fleet)).toHaveLength(1)
    await fleet.clock.advance(300)
    await view.ready
    expect(await fleet.outcome(call({ action: "forward" }))).toMatchObject({
      error: { code: "unavailable", sent: false, mayHaveRun: false },
    })
    await fleet.outcome(call({ action: "forward" }, { queueOffline: true, timeoutMs: 10 }), 20)
    expect(requests(fleet)).toHaveLength(2)
  })

  it("C-11: a device that goes offline after it was busy fails the call, which was sent and may have run", async () => {
    const { fleet, call, controller, answer } = await setting(protocol)
    const view = controller.presence(car.status)
    await fleet.clock.advance(300)
    await view.ready
    const pending = call({ action: "forward" }, { timeoutMs: 5_000 })
    await fleet.clock.settle()
    answer(idOf(requests(fleet)[0]), { status: "error", message: "[busy retry_after_ms=250] queue full" })
    fleet.say("iot-car/car-001/status", { device_id: "car-001", status: "offline" }, { retain: true, qos: 1 })
    expect(await fleet.outcome(pending, 1_000)).toMatchObject({
      error: { code: "unavailable", sent: true, mayHaveRun: true },
    })
    expect(requests(fleet)).toHaveLength(1)
  })

  it("C-11: unknown is sent", async () => {
    const { fleet, call, controller } = await setting(protocol)
    controller.presence(car.status)
    await fleet.clock.advance(300)
    await fleet.outcome(call({ action: "forward" }, { timeoutMs: 10 }), 20)
    expect(requests(fleet)).toHaveLength(1)
  })

  it("C-12: an AbortSignal cancels at once, before and after sending", async () => {
    const { fleet, call } = await setting(protocol)
    const early = new AbortController()
    early.abort()
    expect(await fleet.outcome(call({ action: "forward" }, { signal: early.signal }))).toMatchObject({
      error: { code: "canceled", sent: false, mayHaveRun: false },
    })
    const later = new AbortController()
    const pending = call({ action: "forward" }, { signal: later.signal })
    await fleet.clock.settle()
    later.abort()
    expect(await fleet.outcome(pending)).toMatchObject({ error: { code: "canceled", sent: true, mayHaveRun: true } })
    expect(requests(fleet)).toHaveLength(1)
  })

  it("C-13: foreign ids and replies on another car's topic are ignored", async () => {
    const { fleet, told, call, answer } = await setting(protocol)
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    const id = idOf(requests(fleet)[0])
    for (let n = 0; n < 100; n++) answer(`foreign-${n}`)
    fleet.say("iot-car/car-002/response", { command_id: id, status: "success", message: "not me" })
    await fleet.clock.settle()
    expect(told.lines.filter((line) => line.startsWith("late") || line.startsWith("invalid"))).toEqual([])
    answer(id, { message: "me" })
    expect(await pending).toMatchObject({ message: "me" })
  })

  it("refuses a bad param before anything is sent", async () => {
    const { controller, fleet } = await setting(protocol)
    const before = fleet.broker.log.length
    for (const carId of ["fleet", "car-1", "car-001/x", "+", ""]) {
      const call: Drive = controller.caller(car.drive, { carId })
      expect(await fleet.outcome(call({ action: "forward" })), carId).toMatchObject({
        error: { code: "invalid_argument", sent: false },
      })
    }
    expect(fleet.broker.log).toHaveLength(before)
  })

  it("refuses an invalid request with its issues", async () => {
    const { call, fleet } = await setting(protocol)
    expect(await fleet.outcome(call({ action: "fly" }))).toMatchObject({
      error: { code: "invalid_argument", sent: false, details: { issues: [{ path: "/action" }] } },
    })
  })

  it("broker absent: a call is unavailable when its time is up", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    fleet.broker.stop()
    const connected = controller.client.connect()
    const call: Drive = controller.caller(car.drive, { carId: "car-001" })
    expect(await fleet.outcome(call({ action: "forward" }), 5_001)).toMatchObject({
      error: { code: "unavailable", sent: false, mayHaveRun: false },
    })
    expect(await fleet.outcome(connected, 30_000)).toMatchObject({ error: { code: "unavailable" } })
    expect(controller.client.state.kind).toBe("failed")
  })

  it("broker gone in mid-call: a typed outcome when the time is up, and the next call works", async () => {
    const { fleet, told, call } = await setting(protocol)
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    fleet.broker.stop()
    expect(await fleet.outcome(pending, 5_001)).toMatchObject({
      error: { code: expect.stringMatching(/^(timeout|unavailable)$/), sent: true, mayHaveRun: true },
    })
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    expect(told.lines.at(-1)).toBe("state ready")
    const again = call({ action: "forward" })
    await fleet.clock.settle()
    const id = idOf(requests(fleet).at(-1))
    fleet.say(RESPONSE, { command_id: id, status: "success" })
    expect(await again).toMatchObject({ status: "success" })
  })

  it("S-5: closing gives every call its outcome", async () => {
    const { fleet, call, controller } = await setting(protocol)
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    const closed = controller.client.close({ deadlineMs: 1000 })
    await fleet.clock.advance(1100)
    await closed
    expect(await fleet.outcome(pending)).toMatchObject({ error: { code: "closed", sent: true, mayHaveRun: true } })
    expect(await fleet.outcome(call({ action: "forward" }))).toMatchObject({ error: { code: "closed" } })
  })

  it("M-5: a handler that awaits a call while its window is full gets its reply", async () => {
    const fleet = new Fleet(protocol)
    const channel = car.driveWith({ remember: { count: 2000, bytes: 1_000_000, retentionMs: 1000 } })
    const device = fleet.device("car-001", { channels: [channel] })
    const controller = fleet.controller()
    device.commandServer<car.DriveRequest, Partial<car.DriveReply>>(channel).handle(() => ({ message: "moved" }))
    await fleet.connect(device, controller)
    const call: Drive = controller.caller(channel, { carId: "car-001" })
    const got: string[] = []
    controller.stream(car.alarm).handle(async () => {
      got.push((await call({ action: "forward" })).message ?? "")
    })
    await fleet.clock.settle()
    // More than the window of either version, all unacknowledged behind the first handler.
    for (let n = 0; n < 1100; n++) fleet.say("iot-car/car-001/alarm", { type: "heat" })
    for (let round = 0; round < 300 && got.length < 1100; round++) await fleet.clock.settle()
    expect(got).toHaveLength(1100)
    expect(fleet.broker.clients).toContain(`${CONTROLLER}.calls`)
    const closed = controller.client.close()
    await fleet.clock.advance(100)
    await closed
    expect(fleet.broker.clients).toEqual(["iot-car.device.car-001"])
  })

  it("M-5: a device that serves commands makes its calls on a second connection, from within a handler too", async () => {
    const fleet = new Fleet(protocol)
    const drive = car.driveWith({
      concurrency: 40,
      queueBound: 40,
      remember: { count: 200, bytes: 100_000, retentionMs: 1000 },
    })
    const ask: typeof drive = {
      ...drive,
      name: "ask",
      from: "device",
      request: { ...drive.request, id: "ask.request", template: "iot-car/{carId}/ask" },
      reply: { ...drive.reply, id: "ask.reply", template: "iot-car/{carId}/ask/reply" },
    }
    const device = fleet.device("car-001", { channels: [drive, ask] })
    const controller = fleet.controller()
    controller.commandServer<car.DriveRequest, Partial<car.DriveReply>>(ask).handle(() => ({ message: "heard" }))
    const call: Drive = device.caller(ask, {})
    const got: string[] = []
    device.commandServer<car.DriveRequest, Partial<car.DriveReply>>(drive).handle(async () => {
      got.push((await call({ action: "forward" })).message ?? "")
      return {}
    })
    await fleet.connect(device, controller)
    // More than the window of 3.1.1, all unacknowledged until the handlers have their answers.
    const request = { timestamp: 1, action: "forward" }
    for (let n = 0; n < 40; n++) fleet.say(COMMAND, { ...request, id: `r-${n}` })
    await fleet.clock.advance(1_000)
    expect(got).toEqual(Array.from({ length: 40 }, () => "heard"))
    expect(fleet.broker.clients).toContain("iot-car.device.car-001.calls")
    const asked = fleet.broker.log.filter(
      ({ packet, direction }) =>
        direction === "in" && packet.type === "publish" && packet.topic === "iot-car/car-001/ask",
    )
    expect(new Set(asked.map(({ clientId }) => clientId))).toEqual(new Set(["iot-car.device.car-001.calls"]))
  })
})

describe("calling a command at MQTT 5", () => {
  it("C-2: sends Correlation Data, Response Topic, Message Expiry and the format", async () => {
    const { fleet, call } = await setting("5")
    await fleet.outcome(call({ action: "forward" }, { traceparent: "00-ab-cd-01" }), 5001)
    expect(requests(fleet)[0]?.properties).toEqual({
      contentType: "application/json;v=2",
      payloadIsUtf8: true,
      messageExpirySeconds: 30,
      responseTopic: RESPONSE,
      correlationData: new TextEncoder().encode(idOf(requests(fleet)[0])),
      userProperties: [["traceparent", "00-ab-cd-01"]],
    })
  })

  it("C-9: a request that nobody is subscribed to is unavailable at once, and did not run", async () => {
    const { fleet, call, device } = await setting("5")
    await device.unsubscribe(["iot-car/+/command"])
    expect(await fleet.outcome(call({ action: "forward" }))).toMatchObject({
      error: { code: "unavailable", sent: true, mayHaveRun: false, details: { reasonCode: 0x10 } },
    })
  })

  it("a request that the broker refuses is unauthorized, and did not run", async () => {
    const fleet = new Fleet("5", { allow: ({ action, topic }) => !(action === "publish" && topic === COMMAND) })
    const controller = fleet.controller()
    await fleet.connect(controller)
    const call: Drive = controller.caller(car.drive, { carId: "car-001" })
    expect(await fleet.outcome(call({ action: "forward" }))).toMatchObject({
      error: { code: "unauthorized", sent: true, mayHaveRun: false },
    })
  })

  it("a refused reply subscription is unauthorized, and nothing is sent", async () => {
    const fleet = new Fleet("5", { allow: ({ action, topic }) => !(action === "subscribe" && topic === RESPONSE) })
    const controller = fleet.controller()
    await fleet.connect(controller)
    const call: Drive = controller.caller(car.drive, { carId: "car-001" })
    expect(await fleet.outcome(call({ action: "forward" }))).toMatchObject({
      error: { code: "unauthorized", sent: false },
    })
    expect(requests(fleet)).toEqual([])
  })

  it("a reply that does not fit the contract is invalid_payload for its caller", async () => {
    const { fleet, told, call } = await setting("5")
    const pending = call({ action: "forward" })
    await fleet.clock.settle()
    fleet.broker.publish({
      topic: RESPONSE,
      payload: new TextEncoder().encode('{"status":"purple"}'),
      qos: 1,
      properties: { correlationData: new TextEncoder().encode(idOf(requests(fleet)[0])) },
    })
    expect(await fleet.outcome(pending)).toMatchObject({
      error: { code: "invalid_payload", origin: "remote", mayHaveRun: true },
    })
    expect(told.lines).toContain("invalid drive.reply /command_id:required")
  })

  it("C-12: the device is told where the command declares it", async () => {
    const { fleet, call } = await setting("5", car.driveWith({ cancel: true }))
    const abort = new AbortController()
    const pending = call({ action: "forward" }, { signal: abort.signal })
    await fleet.clock.settle()
    abort.abort()
    await fleet.outcome(pending)
    expect(requests(fleet)[1]?.properties?.userProperties).toEqual([["fleetwire-cancel", idOf(requests(fleet)[0])]])
  })
})
