import { describe, expect, it } from "vitest"
import * as car from "./fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "./fixtures/fleet.js"

const COMMAND = "iot-car/car-001/command"
const RESPONSE = "iot-car/car-001/response"

describe.each(PROTOCOLS)("hostile peers at MQTT %s", (protocol) => {
  it("10 000 duplicate requests run once, and each is acknowledged", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    let runs = 0
    device.commandServer<car.DriveRequest, object>(car.drive).handle(() => {
      runs++
      return {}
    })
    await fleet.connect(device)
    for (let n = 0; n < 10_000; n++) fleet.say(COMMAND, { id: "a", timestamp: 1, action: "forward" })
    for (let round = 0; round < 500 && device.client.counters.duplicate < 9_999; round++) await fleet.clock.settle()
    await fleet.clock.settle()
    expect(runs).toBe(1)
    expect(device.client.counters.duplicate).toBe(9_999)
    const acks = fleet.broker.log.filter(({ packet, direction }) => packet.type === "puback" && direction === "in")
    expect(acks.length).toBeGreaterThanOrEqual(10_000)
  })

  it("a flood of fresh ids is answered busy, and a stop still runs at once", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const began: string[] = []
    device.commandServer<car.DriveRequest, object>(car.drive).handle(({ action }) => {
      began.push(action)
      return action === "stop" ? {} : new Promise(() => {})
    })
    await fleet.connect(device)
    for (let n = 0; n < 2_000; n++) fleet.say(COMMAND, { id: `id-${n}`, timestamp: 1, action: "forward" })
    fleet.say(COMMAND, { id: "stop", timestamp: 1, action: "stop" })
    for (let round = 0; round < 200 && !began.includes("stop"); round++) await fleet.clock.settle()
    expect(began).toEqual(["forward", "stop"])
  })

  it("replies before requests, and of strangers, are ignored without being kept", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    await fleet.connect(fleet.device(), controller)
    const call = controller.caller<{ action: string; id: string }, car.DriveReply>(car.drive, { carId: "car-001" })
    await fleet.outcome(call({ action: "forward", id: "first" }, { timeoutMs: 10 }), 20)
    fleet.say(RESPONSE, { command_id: "next", status: "success", message: "too early" })
    for (let n = 0; n < 5_000; n++) fleet.say(RESPONSE, { command_id: `stranger-${n}`, status: "success" })
    await fleet.clock.settle()
    const pending = call({ action: "forward", id: "next" })
    await fleet.clock.settle()
    expect(controller.client.counters.late).toBe(0)
    fleet.say(RESPONSE, { command_id: "next", status: "success", message: "in time" })
    expect(await pending).toMatchObject({ message: "in time" })
  })

  it("rubbish on every topic, stored and live, crashes nothing and blocks nothing", async () => {
    const fleet = new Fleet(protocol)
    const rubbish = [
      new Uint8Array([0xff, 0xfe, 0x00]),
      new TextEncoder().encode("{"),
      new TextEncoder().encode('{"__proto__":{"id":"a"}}'),
      new TextEncoder().encode("[".repeat(300)),
      new Uint8Array(100_000),
      new Uint8Array(0),
    ]
    const topics = [
      COMMAND,
      RESPONSE,
      "iot-car/car-001/status",
      "iot-car/car-001/config",
      "iot-car/car-001/config/reported",
      "iot-car/fleet/config",
      "iot-car/fleet/broadcast",
      "iot-car/car-001/horn",
      "iot-car/car-001/alarm",
      "iot-car/car-001/gear",
    ]
    for (const topic of topics) fleet.broker.publish({ topic, payload: rubbish[0]!, qos: 1, retain: true })
    const device = fleet.device()
    const controller = fleet.controller()
    device.commandServer<car.DriveRequest, object>(car.drive).handle(() => ({}))
    device.actionServer(car.horn).handle(() => {})
    device.configReader(car.config).handle(() => {})
    controller.presence(car.status)
    controller.stream(car.alarm).handle(() => {})
    controller.stateStream(car.gear).handle(() => {})
    controller.observe(car.config.reported).handle(() => {})
    await fleet.connect(device, controller)
    for (const topic of topics) {
      for (const payload of rubbish) fleet.broker.publish({ topic, payload, qos: 1 })
    }
    await fleet.clock.advance(1_000)
    const call = controller.caller<{ action: string }, car.DriveReply>(car.drive, { carId: "car-001" })
    expect(await fleet.outcome(call({ action: "forward" }), 100)).toMatchObject({ value: { status: "success" } })
    expect(device.client.state.kind).toBe("ready")
    expect(({} as { id?: string }).id).toBeUndefined()
  })
})

describe("hostile peers at MQTT 5", () => {
  it("user properties of 60 KB, odd Content Types and Correlation Data are lived with", async () => {
    const fleet = new Fleet("5")
    const device = fleet.device()
    device.commandServer<car.DriveRequest, object>(car.drive).handle(() => ({}))
    const replies = fleet.hear(RESPONSE)
    await fleet.connect(device)
    const userProperties = Array.from({ length: 600 }, (_, n) => [`k${n}`, "v".repeat(95)] as const)
    fleet.broker.publish({
      topic: COMMAND,
      payload: new TextEncoder().encode('{"id":"a","timestamp":1,"action":"forward"}'),
      qos: 1,
      properties: {
        userProperties,
        correlationData: new Uint8Array(60_000),
        contentType: " Application/JSON ;;;v=2;;v=",
      },
    })
    for (let n = 0; n < 1_000; n++) {
      fleet.broker.publish({
        topic: COMMAND,
        payload: new Uint8Array(0),
        qos: 0,
        properties: { contentType: `made/up-${n}` },
      })
    }
    await fleet.clock.settle()
    expect(replies).toEqual([expect.objectContaining({ command_id: "a", status: "success" })])
  })
})
