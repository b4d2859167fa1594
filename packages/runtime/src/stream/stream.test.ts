import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import type { StreamDescriptor } from "../descriptor.js"
import { createMemoryStore } from "../memory-store.js"
import { SdkError } from "../sdk-error.js"
import type { HandleOptions, StateDelivery } from "../surface.js"
import { readDeadLetters } from "./dead-letter-store.js"

const CONTROLLER = "iot-car.backend.one"
type Alarm = { readonly carId: string; readonly message: { readonly type: string } }

function acks(fleet: Fleet): number {
  return fleet.broker.log.filter(
    ({ packet, direction, clientId }) => clientId === CONTROLLER && direction === "in" && packet.type === "puback",
  ).length
}

async function setting(protocol: (typeof PROTOCOLS)[number], options: Parameters<Fleet["controller"]>[0] = {}) {
  const fleet = new Fleet(protocol)
  const told = listen()
  const controller = fleet.controller({ observer: told.observer, ...options })
  await fleet.connect(controller)
  const alarm = (type: unknown, carId = "car-001"): void => fleet.say(`iot-car/${carId}/alarm`, { type })
  const watch = async (
    handler: (delivery: Alarm) => void | Promise<void>,
    options: HandleOptions & { filter?: { carId?: string | readonly string[] } } = {},
    channel: StreamDescriptor<{ readonly type: string }> = car.alarm,
  ) => {
    const subscription = controller.stream<{ type: string }, { carId: string }>(channel).handle(handler, options)
    await fleet.clock.settle()
    await subscription.ready
    return subscription
  }
  return { fleet, told, controller, alarm, watch }
}

/** A handler that holds each message until it is let go. */
function holding() {
  const began: string[] = []
  const release: (() => void)[] = []
  const handler = ({ carId, message }: Alarm): Promise<void> => {
    began.push(`${carId} ${message.type}`)
    return new Promise((resolve) => release.push(resolve))
  }
  return { began, release, handler }
}

describe.each(PROTOCOLS)("a stream at MQTT %s", (protocol) => {
  it("M-2: on-handled acknowledges when the handler is done", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const work = holding()
    await watch(work.handler)
    alarm("a")
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(0)
    work.release[0]?.()
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(1)
  })

  it("M-2: on-receipt acknowledges at once", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const work = holding()
    await watch(work.handler, { acknowledge: "on-receipt" })
    alarm("a")
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(1)
  })

  it("M-2: past its deadline a message is settled and reported, and the stream goes on", async () => {
    const { fleet, told, alarm, watch } = await setting(protocol)
    const work = holding()
    await watch(work.handler, { deadlineMs: 500 })
    alarm("a")
    alarm("b")
    await fleet.clock.advance(501)
    expect(acks(fleet)).toBe(1)
    expect(told.lines).toContain("error alarm.message [timeout] alarm.message: the handler took too long")
    expect(work.began).toEqual(["car-001 a", "car-001 b"])
  })

  it("M-3: a handler that throws is reported, the message settled, and the stream goes on", async () => {
    const { fleet, told, alarm, watch } = await setting(protocol)
    const got: string[] = []
    await watch(({ message }) => {
      got.push(message.type)
      if (message.type === "sync") throw new Error("sync")
      if (message.type === "async") return Promise.reject(new Error("async"))
    })
    for (const type of ["sync", "async", "fine"]) alarm(type)
    await fleet.clock.settle()
    expect(got).toEqual(["sync", "async", "fine"])
    expect(acks(fleet)).toBe(3)
    expect(told.lines.filter((line) => line.startsWith("error"))).toHaveLength(2)
  })

  it("M-3: retries in place as declared, then settles", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const got: string[] = []
    await watch(
      ({ message }) => {
        got.push(message.type)
        if (message.type === "bad") throw new Error("no")
      },
      { onFailure: { retry: { times: 2, delayMs: 100 } } },
    )
    alarm("bad")
    alarm("good")
    await fleet.clock.advance(150)
    expect(got).toEqual(["bad", "bad"])
    expect(acks(fleet)).toBe(0)
    await fleet.clock.advance(100)
    expect(got).toEqual(["bad", "bad", "bad", "good"])
    expect(acks(fleet)).toBe(2)
  })

  it("M-3: a dead letter goes to the channel that the contract declares, and then the message is acknowledged", async () => {
    const { fleet, alarm, watch } = await setting(protocol, { spec: { deadLetters: [car.failed] } })
    const letters = fleet.hear("iot-car/fleet/failed") as car.DeadLetter[]
    const bad = (): void => {
      throw new SdkError("command_failed", "no siren")
    }
    await watch(bad, {}, { ...car.alarm, deadLetter: "failed" })
    alarm("heat")
    await fleet.clock.settle()
    const letter = { channel: "alarm.message", topic: "iot-car/car-001/alarm", code: "command_failed" }
    expect(letters).toEqual([{ ...letter, reason: "no siren", payload: '{"type":"heat"}' }])
    expect(acks(fleet)).toBe(1)
    // Without a connection it waits for one, and so does the acknowledgement.
    fleet.broker.intercept(({ packet, direction }) =>
      direction === "out" && packet.type === "puback" ? "drop" : undefined,
    )
    alarm("cold")
    await fleet.clock.settle()
    expect(letters).toHaveLength(2)
    expect(acks(fleet)).toBe(1)
  })

  it("M-3: a dead letter goes to the store, and is read from it; the oldest give way", async () => {
    const store = createMemoryStore()
    const { fleet, told, alarm, watch } = await setting(protocol, { store })
    const bad = (): Promise<void> => Promise.reject(new SdkError("timeout", "nobody home"))
    await watch(bad, { onFailure: { deadLetter: "store" } })
    alarm("heat")
    alarm("cold")
    await fleet.clock.settle()
    const kept = async () => {
      const found: string[] = []
      for await (const { topic, payload, code, reason, channel } of readDeadLetters(store)) {
        found.push(`${channel} ${topic} ${code} ${reason} ${new TextDecoder().decode(payload)}`)
      }
      return found
    }
    const head = "alarm.message iot-car/car-001/alarm timeout nobody home"
    expect(await kept()).toEqual([`${head} {"type":"heat"}`, `${head} {"type":"cold"}`])
    expect(acks(fleet)).toBe(2)
    for await (const letter of readDeadLetters(store)) {
      await letter.remove()
      break
    }
    expect(await kept()).toEqual([`${head} {"type":"cold"}`])
    for (let n = 0; n < 1_000; n++) {
      alarm(`n${n}`)
      await fleet.clock.settle()
    }
    const all = await kept()
    expect(all).toHaveLength(1_000)
    expect(all.at(-1)).toBe(`${head} {"type":"n999"}`)
    expect(told.lines).toContain("dropped alarm.message bound 1")
  })

  it("M-3: handled means handled, whatever the contract declares, and what it does not declare is refused", async () => {
    const { fleet, controller, alarm, watch } = await setting(protocol, { spec: { deadLetters: [car.failed] } })
    const letters = fleet.hear("iot-car/fleet/failed")
    const bad = (): void => {
      throw new Error("no")
    }
    await watch(bad, { onFailure: "handled" }, { ...car.alarm, deadLetter: "failed" })
    alarm("heat")
    await fleet.clock.settle()
    expect([letters, acks(fleet)]).toEqual([[], 1])
    const onFailure = { deadLetter: "channel" } as const
    expect(() => controller.stream(car.alarm).handle(bad, { onFailure })).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    )
  })

  it("M-3: a dead letter is kept before the message is acknowledged", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const kept: string[] = []
    let keep = (): void => {}
    await watch(
      () => {
        throw new Error("no")
      },
      {
        onFailure: {
          retry: { times: 1, delayMs: 10 },
          deadLetter: (delivery, error) => {
            kept.push(`${(delivery as Alarm).message.type} ${error.code}`)
            return new Promise((resolve) => {
              keep = resolve
            })
          },
        },
      },
    )
    alarm("bad")
    await fleet.clock.advance(20)
    expect(kept).toEqual(["bad command_failed"])
    expect(acks(fleet)).toBe(0)
    keep()
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(1)
  })

  it("M-4: at QoS 0 the queue is bounded and the loss counted", async () => {
    const { fleet, told, controller } = await setting(protocol)
    const release: (() => void)[] = []
    const got: number[] = []
    controller.stream<car.Telemetry, { carId: string }>(car.telemetry).handle(({ message }) => {
      got.push(message.battery)
      return new Promise((resolve) => release.push(resolve))
    })
    await fleet.clock.settle()
    for (let battery = 0; battery < 20; battery++) {
      fleet.say("iot-car/car-001/telemetry", { device_id: "car-001", timestamp: 1, battery }, { qos: 0 })
    }
    await fleet.clock.settle()
    expect(controller.client.counters.queueDepth).toBe(8)
    for (let turn = 0; turn < 9; turn++) {
      release[turn]?.()
      await fleet.clock.settle()
    }
    expect(got).toEqual([0, 12, 13, 14, 15, 16, 17, 18, 19])
    expect(told.lines.filter((line) => line === "dropped telemetry.message bound 1")).toHaveLength(11)
    expect(controller.client.counters.dropped.bound).toBe(11)
  })

  it.each([
    { drop: "newest", want: [0, 1, 2, 3] },
    { drop: "oldest", want: [0, 7, 8, 9] },
    { drop: "latest-only", want: [0, 9] },
  ] as const)("M-4: drop policy $drop", async ({ drop, want }) => {
    const { fleet, controller } = await setting(protocol)
    const channel = { ...car.telemetry, message: { ...car.telemetry.message, queue: { bound: 3, drop } } }
    const got: number[] = []
    const release: (() => void)[] = []
    controller.stream<car.Telemetry, { carId: string }>(channel).handle(({ message }) => {
      got.push(message.battery)
      return new Promise((resolve) => release.push(resolve))
    })
    await fleet.clock.settle()
    for (let battery = 0; battery < 10; battery++) {
      fleet.say("iot-car/car-001/telemetry", { device_id: "car-001", timestamp: 1, battery }, { qos: 0 })
    }
    for (let turn = 0; turn < 10; turn++) {
      await fleet.clock.settle()
      release[turn]?.()
    }
    await fleet.clock.settle()
    expect(got).toEqual(want)
  })

  it("M-8: with concurrency, one at a time and in order for each device", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const work = holding()
    await watch(work.handler, { concurrency: 3 })
    alarm("1", "car-001")
    alarm("2", "car-001")
    alarm("1", "car-002")
    alarm("3", "car-001")
    alarm("1", "car-003")
    await fleet.clock.settle()
    expect(work.began).toEqual(["car-001 1", "car-002 1", "car-003 1"])
    work.release[0]?.()
    await fleet.clock.settle()
    expect(work.began[3]).toBe("car-001 2")
    work.release[1]?.()
    await fleet.clock.settle()
    expect(work.began).toHaveLength(4)
    work.release[3]?.()
    await fleet.clock.settle()
    expect(work.began[4]).toBe("car-001 3")
  })

  it("M-8: a redelivery of what still waits is not handled twice, and its acknowledgement counts", async () => {
    const role = { session: { kind: "persistent", expirySeconds: 60 } } as const
    const { fleet, alarm, watch } = await setting(protocol, { role })
    const work = holding()
    await watch(work.handler, { deadlineMs: 60_000 })
    for (const type of ["a", "b", "c"]) alarm(type)
    await fleet.clock.settle()
    fleet.broker.cut(CONTROLLER)
    await fleet.clock.advance(5_000)
    for (let turn = 0; turn < 3; turn++) {
      work.release[turn]?.()
      await fleet.clock.settle()
    }
    expect(work.began).toEqual(["car-001 a", "car-001 b", "car-001 c"])
    expect(acks(fleet)).toBe(3)
  })

  it("M-9: one message reaches each handler once, however many filters overlap", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const got: string[] = []
    await watch(({ message }) => void got.push(`all ${message.type}`))
    await watch(({ message }) => void got.push(`one ${message.type}`), { filter: { carId: "car-001" } })
    await watch(({ message }) => void got.push(`two ${message.type}`), { filter: { carId: ["car-001", "car-002"] } })
    alarm("x")
    await fleet.clock.settle()
    expect(got).toEqual(["all x", "one x", "two x"])
    alarm("y", "car-003")
    await fleet.clock.settle()
    expect(got[3]).toBe("all y")
    expect(got).toHaveLength(4)
  })

  it("M-9: a message with several on-handled handlers is acknowledged once, by the last", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const slow = holding()
    await watch(() => {})
    await watch(slow.handler)
    alarm("x")
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(0)
    slow.release[0]?.()
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(1)
  })

  it("W-6: an invalid message is acknowledged, counted and shown, and the stream goes on", async () => {
    const { fleet, told, alarm, watch, controller } = await setting(protocol)
    const got: string[] = []
    await watch(({ message }) => void got.push(message.type))
    alarm(5)
    fleet.broker.publish({ topic: "iot-car/car-001/alarm", payload: new Uint8Array([0xc3, 0x28]), qos: 1 })
    alarm("good")
    await fleet.clock.settle()
    expect(got).toEqual(["good"])
    expect(acks(fleet)).toBe(3)
    expect(told.lines).toContain("invalid alarm.message /type:type")
    expect(controller.client.counters.invalid).toBe(2)
  })

  it("W-5: a payload above maxBytes is refused unparsed", async () => {
    const { fleet, told, alarm, watch } = await setting(protocol)
    const got: string[] = []
    let decoded = 0
    const json = car.alarm.message.codecs.json!
    const decode = (bytes: Uint8Array) => {
      decoded++
      return json.decode(bytes)
    }
    const counting = { ...json, decode }
    await watch(
      ({ message }) => void got.push(message.type),
      {},
      { ...car.alarm, message: { ...car.alarm.message, codecs: { json: counting } } },
    )
    alarm("x".repeat(400))
    await fleet.clock.settle()
    expect(told.lines).toContain("invalid alarm.message :too_large")
    expect(got).toEqual([])
    expect(decoded).toBe(0)
  })

  it("a message of a kept session that comes before its handler waits for it", async () => {
    const role = { session: { kind: "persistent", expirySeconds: 60 } } as const
    const { fleet, alarm, watch, controller } = await setting(protocol, { role })
    await watch(() => {})
    const closed = controller.client.close()
    await fleet.clock.advance(10)
    await closed
    for (const type of ["a", "b"]) alarm(type)
    const next = fleet.controller({ role })
    await fleet.connect(next)
    const got: string[] = []
    next.stream<{ type: string }, { carId: string }>(car.alarm).handle(({ message }) => void got.push(message.type))
    await fleet.clock.settle()
    expect(got).toEqual(["a", "b"])
    expect(next.client.counters.unroutable).toBe(0)
  })

  it("a loop reads in order, acknowledges as it goes round, and ends with the subscription", async () => {
    const { fleet, alarm, controller } = await setting(protocol)
    const events = controller.stream<{ type: string }, { carId: string }>(car.alarm)()
    await fleet.clock.settle()
    for (const type of ["a", "b", "c"]) alarm(type)
    const got: string[] = []
    for await (const { message } of events) {
      got.push(message.type)
      expect(acks(fleet)).toBe(got.length - 1)
      await fleet.clock.settle()
      if (message.type === "c") break
    }
    expect(got).toEqual(["a", "b", "c"])
    await fleet.clock.settle()
    expect(acks(fleet)).toBe(3)
    expect(fleet.broker.subscriptions(CONTROLLER)).toEqual([])
  })

  it("who observes a request or a report of others withholds nothing", async () => {
    const { fleet, controller } = await setting(protocol)
    const got: unknown[] = []
    controller.observe<car.DriveRequest, { carId: string }>(car.drive.request).handle(({ carId, message }) => {
      got.push([carId, message.action])
      return new Promise(() => {})
    })
    await fleet.clock.settle()
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "forward" })
    await fleet.clock.settle()
    expect(got).toEqual([["car-001", "forward"]])
    expect(acks(fleet)).toBe(1)
  })

  it("a loop ends with the client's final error", async () => {
    const { fleet, controller } = await setting(protocol)
    const events = controller.stream(car.alarm)()
    const loop = (async () => {
      for await (const _ of events);
    })()
    await fleet.clock.settle()
    controller.client.abort()
    expect(await fleet.outcome(loop)).toMatchObject({ error: { code: "unavailable" } })
  })

  it("a signal ends a subscription", async () => {
    const { fleet, alarm, watch } = await setting(protocol)
    const abort = new AbortController()
    const got: string[] = []
    await watch(({ message }) => void got.push(message.type), { signal: abort.signal })
    abort.abort()
    await fleet.clock.settle()
    alarm("late")
    await fleet.clock.settle()
    expect(got).toEqual([])
    expect(fleet.broker.subscriptions(CONTROLLER)).toEqual([])
  })

  it("refuses a filter value that no topic can have", async () => {
    const { controller } = await setting(protocol)
    expect(() => controller.stream(car.alarm)({ carId: "fleet" })).toThrow("[invalid_argument]")
    expect(() => controller.stream(car.alarm)({ carId: [] })).toThrow("[invalid_argument]")
  })

  it("M-1: a state with expiry reaches the watcher as expired by its own clock", async () => {
    const { fleet, controller } = await setting(protocol)
    const channel = { ...car.gear, message: { ...car.gear.message, expiryMs: 5_000 } }
    const got: string[] = []
    controller.stateStream<{ gear: number }, { carId: string }>(channel).handle((delivery) => {
      const state = delivery as StateDelivery<{ gear: number }, { carId: string }>
      got.push(`${state.carId} ${state.kind}`)
    })
    await fleet.clock.settle()
    fleet.say("iot-car/car-001/gear", { gear: 1 })
    await fleet.clock.advance(3_000)
    fleet.say("iot-car/car-001/gear", { gear: 2 })
    await fleet.clock.advance(4_999)
    expect(got).toEqual(["car-001 value", "car-001 value"])
    await fleet.clock.advance(2)
    expect(got[2]).toBe("car-001 expired")
  })

  it.each([
    { what: "with the session", keepState: false },
    { what: "and kept the session, as one that comes back from an older snapshot", keepState: true },
  ])("Z-1: a state is said again where the broker lost it $what", async ({ keepState }) => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    await fleet.connect(device)
    await device.statePublisher(car.gear).publish({ gear: 4 })
    fleet.broker.publish({ topic: "iot-car/car-001/gear", payload: new Uint8Array(), qos: 1, retain: true })
    fleet.broker.stop({ keepState })
    await fleet.clock.advance(10)
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    expect(new TextDecoder().decode(fleet.broker.retained("iot-car/car-001/gear")?.payload)).toBe('{"gear":4}')
  })
})

describe("a stream at MQTT 5", () => {
  it.each([
    { given: undefined, want: "delivered" },
    { given: "application/json;v=2", want: "delivered" },
    { given: "Application/JSON; charset=utf-8; v=2", want: "delivered" },
    { given: "application/json", want: "delivered" },
    { given: "application/json;v=1", want: "version" },
    { given: "application/x-protobuf;v=2", want: "content_type" },
    { given: "text/plain", want: "content_type" },
    { given: "image/png", want: "content_type" },
  ])("W-1, W-7: Content Type $given is $want", async ({ given, want }) => {
    const { fleet, told, watch } = await setting("5")
    const got: string[] = []
    await watch(({ message }) => void got.push(message.type))
    fleet.broker.publish({
      topic: "iot-car/car-001/alarm",
      payload: new TextEncoder().encode('{"type":"heat"}'),
      qos: 1,
      ...(given === undefined ? {} : { properties: { contentType: given } }),
    })
    await fleet.clock.settle()
    if (want === "delivered") expect(got).toEqual(["heat"])
    else expect(told.lines).toContain(`invalid alarm.message :${want}`)
  })

  it("S-4: shows the trace context", async () => {
    const { fleet, controller } = await setting("5")
    const device = fleet.device()
    await fleet.connect(device)
    const seen: unknown[] = []
    controller.stream(car.alarm).handle(({ meta }) => void seen.push(meta.traceparent))
    await fleet.clock.settle()
    await device.publisher(car.alarm).publish({ type: "heat" }, { traceparent: "00-ab-cd-01" })
    await fleet.clock.settle()
    expect(seen).toEqual(["00-ab-cd-01"])
  })
})
