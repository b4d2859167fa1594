import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import type { BroadcastOutcome } from "../surface.js"

const BROADCAST = "iot-car/fleet/broadcast"

async function gather(iterable: AsyncIterable<BroadcastOutcome<car.DriveReply>>): Promise<string[]> {
  const lines: string[] = []
  for await (const outcome of iterable) {
    lines.push(
      outcome.kind === "failure" ? `${outcome.device} ${outcome.error.code}` : `${outcome.device} ${outcome.kind}`,
    )
  }
  return lines.sort()
}

describe.each(PROTOCOLS)("broadcast at MQTT %s", (protocol) => {
  it("B-1: obeys the duplicate table with the broadcast's id, and B-3: is not retained", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    let runs = 0
    device.commandServer<car.DriveRequest, object>(car.drive).handle((_, { broadcast }) => {
      if (broadcast) runs++
      return {}
    })
    const replies = fleet.hear("iot-car/car-001/response")
    await fleet.connect(device)
    for (let n = 0; n < 3; n++) {
      fleet.say(BROADCAST, { id: "b", timestamp: 1, action: "forward" })
      await fleet.clock.settle()
    }
    expect(runs).toBe(1)
    expect(replies).toHaveLength(3)
    expect(fleet.broker.retained(BROADCAST)).toBeUndefined()
  })

  it("B-1: a broadcast stop pre-empts what a command started", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const order: string[] = []
    device.commandServer<car.DriveRequest, object>(car.drive).handle(({ action }, { signal }) => {
      order.push(action)
      if (action === "stop") return {}
      signal.addEventListener("abort", () => void order.push("aborted"))
      return new Promise(() => {})
    })
    await fleet.connect(device)
    fleet.say("iot-car/car-001/command", { id: "a", timestamp: 1, action: "forward" })
    await fleet.clock.settle()
    fleet.say(BROADCAST, { id: "b", timestamp: 1, action: "stop" })
    await fleet.clock.settle()
    expect(order).toEqual(["forward", "aborted", "stop"])
  })

  it("B-1, C-14: a stored broadcast is never run", async () => {
    const fleet = new Fleet(protocol)
    fleet.say(BROADCAST, { id: "b", timestamp: 1, action: "forward" }, { qos: 1, retain: true })
    const told = listen()
    const device = fleet.device("car-001", { observer: told.observer })
    let runs = 0
    device.commandServer<car.DriveRequest, object>(car.drive).handle(() => {
      runs++
      return {}
    })
    await fleet.connect(device)
    expect(runs).toBe(0)
    expect(told.lines).toContain("invalid broadcast.request :retained")
  })

  it("B-2: replies none answers nobody", async () => {
    const fleet = new Fleet(protocol)
    const channel = { ...car.broadcast, replies: "none" as const }
    const device = fleet.device("car-001", { channels: [car.status, car.drive, channel] })
    let runs = 0
    device.commandServer<car.DriveRequest, object>(car.drive).handle(() => {
      runs++
      return {}
    })
    const controller = fleet.controller()
    await fleet.connect(device, controller)
    const replies = fleet.hear("iot-car/car-001/response")
    await controller.broadcast<{ action: string }>(channel)({ action: "forward" })
    await fleet.clock.settle()
    expect(runs).toBe(1)
    expect(replies).toEqual([])
  })

  it("B-2: replies, failures and silence, by device, until the deadline", async () => {
    const fleet = new Fleet(protocol)
    const cars = ["car-001", "car-002", "car-003"].map((id) => fleet.device(id))
    cars[0]!.commandServer<car.DriveRequest, object>(car.drive).handle(() => ({}))
    cars[1]!.commandServer<car.DriveRequest, object>(car.drive).handle(() => {
      throw new Error("no")
    })
    cars[2]!.commandServer<car.DriveRequest, object>(car.drive).handle(() => new Promise(() => {}))
    const controller = fleet.controller()
    controller.presence(car.status)
    await fleet.connect(...cars, controller)
    const call = controller.broadcastCall<{ action: string }, car.DriveReply>(car.broadcast)
    const gathered = gather(call({ action: "forward" }, { timeoutMs: 1_000 }))
    await fleet.clock.advance(1_100)
    expect(await gathered).toEqual(["car-001 reply", "car-002 command_failed", "car-003 silent"])
    expect(fleet.broker.subscriptions("iot-car.backend.one")).toEqual(["iot-car/+/status"])
  })

  it("a broadcast that does not fit the contract is refused", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    await fleet.connect(controller)
    expect(await fleet.outcome(controller.broadcast<object>(car.broadcast)({ action: "fly" }))).toMatchObject({
      error: { code: "invalid_argument" },
    })
    const call = controller.broadcastCall<object, car.DriveReply>(car.broadcast)
    expect(await fleet.outcome(gather(call({ action: "fly" })), 10)).toMatchObject({
      error: { code: "invalid_argument" },
    })
  })
})

describe.each(PROTOCOLS)("actions at MQTT %s", (protocol) => {
  it("C-15: run at least once, in order, one after the other, and are acknowledged when done", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const order: number[] = []
    const release: (() => void)[] = []
    device.actionServer<{ seconds: number }>(car.horn).handle(({ seconds }) => {
      order.push(seconds)
      return new Promise((resolve) => release.push(resolve))
    })
    await fleet.connect(device)
    fleet.say("iot-car/car-001/horn", { seconds: 1 })
    fleet.say("iot-car/car-001/horn", { seconds: 2 })
    await fleet.clock.settle()
    expect(order).toEqual([1])
    release[0]?.()
    await fleet.clock.settle()
    expect(order).toEqual([1, 2])
  })

  it("C-14: a stored one is never run; an invalid one neither", async () => {
    const fleet = new Fleet(protocol)
    fleet.say("iot-car/car-001/horn", { seconds: 1 }, { qos: 1, retain: true })
    const told = listen()
    const device = fleet.device("car-001", { observer: told.observer })
    const order: number[] = []
    device.actionServer<{ seconds: number }>(car.horn).handle(({ seconds }) => void order.push(seconds))
    await fleet.connect(device)
    fleet.say("iot-car/car-001/horn", { seconds: "long" })
    await fleet.clock.settle()
    expect(order).toEqual([])
    expect(told.lines.filter((line) => line.startsWith("invalid"))).toEqual([
      "invalid horn.request :retained",
      "invalid horn.request /seconds:type",
    ])
  })

  it("wait for a handler that is attached late", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    await fleet.connect(device, controller)
    const horn = controller.action<{ seconds: number }>(car.horn, { carId: "car-001" })
    await horn({ seconds: 1 })
    await horn({ seconds: 2 })
    const order: number[] = []
    device.actionServer<{ seconds: number }>(car.horn).handle(({ seconds }) => void order.push(seconds))
    await fleet.clock.settle()
    expect(order).toEqual([1, 2])
  })
})

describe("actions at MQTT 5", () => {
  it("C-15: Correlation Data tells a repetition", async () => {
    const fleet = new Fleet("5")
    const device = fleet.device()
    let runs = 0
    device.actionServer<{ seconds: number }>(car.horn).handle(() => void runs++)
    await fleet.connect(device)
    for (const id of [1, 1, 2]) {
      fleet.broker.publish({
        topic: "iot-car/car-001/horn",
        payload: new TextEncoder().encode('{"seconds":1}'),
        qos: 1,
        properties: { correlationData: new Uint8Array([id]) },
      })
    }
    await fleet.clock.settle()
    expect(runs).toBe(2)
    expect(device.client.counters.duplicate).toBe(1)
  })
})
