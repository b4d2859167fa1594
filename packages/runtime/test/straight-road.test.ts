import { describe, expect, it } from "vitest"
import type { StateDelivery } from "../src/surface.js"
import * as car from "./fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "./fixtures/fleet.js"

describe.each(PROTOCOLS)("the straight road at MQTT %s", (protocol) => {
  it("connects with a will, says hello, and says goodbye", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const heard = fleet.hear("iot-car/car-001/status")
    await fleet.connect(device)
    expect(device.client.state).toEqual({ kind: "ready" })
    expect(device.client.clientId).toBe("iot-car.device.car-001")
    expect(fleet.broker.retained("iot-car/car-001/status")?.retain).toBe(true)
    const closed = device.client.close()
    await fleet.clock.advance(100)
    await closed
    expect(heard).toEqual([
      { status: "online", device_id: "car-001" },
      { status: "offline", device_id: "car-001" },
    ])
    expect(device.client.state).toEqual({ kind: "closed" })
    // Only the broker's own timer for the session's expiry is left.
    expect(fleet.clock.pending).toBe(protocol === "5" ? 1 : 0)
  })

  it("delivers telemetry with automatic fields, params and meta", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    const got: unknown[] = []
    controller.stream<car.Telemetry, { carId: string }>(car.telemetry).handle(({ carId, message, meta }) => {
      got.push({ carId, message, retained: meta.retained, format: meta.format, qos: meta.qos })
    })
    await fleet.connect(device, controller)
    await device.publisher(car.telemetry).publish({ battery: 85 })
    await fleet.clock.settle()
    expect(got).toEqual([
      {
        carId: "car-001",
        message: { battery: 85, timestamp: 1_767_225_600, device_id: "car-001" },
        retained: false,
        format: "json",
        qos: 0,
      },
    ])
  })

  it("iterates events", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    await fleet.connect(device, controller)
    const events = controller.stream<{ type: string }, { carId: string }>(car.alarm)({ carId: ["car-001", "car-002"] })
    await events.ready
    const iterator = events[Symbol.asyncIterator]()
    const first = iterator.next()
    await device.publisher(car.alarm).publish({ type: "heat" })
    expect((await first).value).toMatchObject({ carId: "car-001", message: { type: "heat" } })
    await iterator.return?.()
    expect(fleet.broker.subscriptions("iot-car.backend.one")).toEqual([])
  })

  it("keeps a state for late watchers and tells them when it is cleared", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    await fleet.connect(device, controller)
    const gear = device.statePublisher(car.gear)
    await gear.publish({ gear: 3 })
    const got: string[] = []
    controller.stateStream<{ gear: number }, { carId: string }>(car.gear).handle((delivery) => {
      const state = delivery as StateDelivery<{ gear: number }, { carId: string }>
      got.push(state.kind === "value" ? `${state.message.gear} ${state.meta.retained}` : state.kind)
    })
    await fleet.clock.settle()
    await gear.clear()
    await fleet.clock.settle()
    expect(got).toEqual(["3 true", "cleared"])
  })

  it("answers a command", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    device.commandServer<car.DriveRequest, Partial<car.DriveReply>>(car.drive).handle(async (request, context) => {
      expect(context.safeAction).toBe(false)
      return { message: `moving ${request.action}` }
    })
    await fleet.connect(device, controller)
    const call = controller.caller<{ action: string }, car.DriveReply>(car.drive, { carId: "car-001" })
    const reply = await call({ action: "forward" })
    expect(reply).toMatchObject({ status: "success", message: "moving forward", execution_time_ms: 0 })
  })

  it("sends an action", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    const heard: unknown[] = []
    device.actionServer<{ seconds: number }>(car.horn).handle((request) => void heard.push(request))
    await fleet.connect(device, controller)
    await controller.action<{ seconds: number }>(car.horn, { carId: "car-001" })({ seconds: 2 })
    await fleet.clock.settle()
    expect(heard).toEqual([{ seconds: 2 }])
  })

  it("applies a config, reports it, and overlays the fleet's", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    const controller = fleet.controller()
    const applied: unknown[] = []
    device.configReader<car.CarConfig>(car.config).handle((config) => void applied.push(config))
    await fleet.connect(device, controller)
    await controller.fleetConfig<car.CarConfig>(car.config).set({ version: 1, max_speed: 50 })
    const remote = controller.config<car.CarConfig, car.CarReport>(car.config, { carId: "car-001" })
    const report = await remote.apply({ version: 7, interval: 500 })
    expect(report).toEqual({ version: 7, fleet_version: 1, outcome: "applied" })
    expect(applied).toEqual([
      { version: 1, max_speed: 50 },
      { version: 7, max_speed: 50, interval: 500 },
    ])
    expect(device.configReader<car.CarConfig>(car.config).current).toEqual(applied[1])
  })

  it("gathers the answers to a broadcast and names who was silent", async () => {
    const fleet = new Fleet(protocol)
    const one = fleet.device("car-001")
    const two = fleet.device("car-002")
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    one.commandServer<car.DriveRequest, Partial<car.DriveReply>>(car.drive).handle((request, { broadcast }) => ({
      message: `${request.action} ${broadcast}`,
    }))
    await fleet.connect(one, two, controller)
    await view.ready
    const outcomes: string[] = []
    const read = (async () => {
      const call = controller.broadcastCall<{ action: string }, car.DriveReply>(car.broadcast)
      for await (const outcome of call({ action: "forward" }, { timeoutMs: 1000 })) {
        outcomes.push(
          `${outcome.device} ${outcome.kind} ${outcome.kind === "reply" ? outcome.message.message : ""}`.trim(),
        )
      }
    })()
    await fleet.clock.advance(1100)
    await read
    expect(outcomes).toEqual(["car-001 reply forward true", "car-002 silent"])
  })
})
