import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import type { PresenceEntry } from "../surface.js"
import type { ConnectPacket } from "../testing/packet.js"

const STATUS = "iot-car/car-001/status"
const DEVICE = "iot-car.device.car-001"
const OFFLINE = { device_id: "car-001", status: "offline" }

describe.each(PROTOCOLS)("presence of a device at MQTT %s", (protocol) => {
  it("P-1: the will is offline, retained, at the declared QoS, without delay", async () => {
    const fleet = new Fleet(protocol)
    await fleet.connect(fleet.device())
    const connect = fleet.broker.log[0]?.packet as ConnectPacket
    expect(connect.will).toMatchObject({ topic: STATUS, qos: 1, retain: true })
    expect(connect.will?.delaySeconds).toBeUndefined()
    expect(JSON.parse(new TextDecoder().decode(connect.will?.payload))).toEqual({
      status: "offline",
      device_id: "car-001",
    })
    fleet.device("car-002")
    fleet.broker.cut(DEVICE)
    expect(new TextDecoder().decode(fleet.broker.retained(STATUS)?.payload)).toContain("offline")
  })

  it("P-4: will and birth of a connection carry one number, new for each", async () => {
    const fleet = new Fleet(protocol)
    const heard = fleet.hear(STATUS) as { session: number; status: string }[]
    await fleet.connect(fleet.device("car-001", { channels: [car.pairedStatus] }))
    fleet.broker.cut(DEVICE)
    await fleet.clock.advance(5_000)
    const wills = fleet.broker.log.flatMap(({ packet }) =>
      packet.type === "connect" ? [JSON.parse(new TextDecoder().decode(packet.will?.payload)).session] : [],
    )
    expect(heard.map(({ status, session }) => [status, session])).toEqual([
      ["online", wills[0]],
      ["offline", wills[0]],
      ["online", wills[1]],
    ])
    expect(wills[0]).not.toBe(wills[1])
  })

  it("P-4: repairs an offline that is not its own stop, at most once a second", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    await fleet.connect(device)
    const heard = fleet.hear(STATUS) as { status: string }[]
    await fleet.clock.advance(2_000)
    for (let n = 0; n < 5; n++) fleet.say(STATUS, OFFLINE, { retain: true, qos: 1 })
    await fleet.clock.advance(10)
    for (let n = 0; n < 5; n++) fleet.say(STATUS, OFFLINE, { retain: true, qos: 1 })
    await fleet.clock.advance(1_100)
    expect(heard.filter(({ status }) => status === "online")).toHaveLength(2)
    expect(heard.at(-1)?.status).toBe("online")
    expect(device.presence(car.status).online).toBe(true)
  })

  it("P-4: repairs an offline that arrives with the acknowledgement of the birth", async () => {
    const fleet = new Fleet(protocol)
    const heard = fleet.hear(STATUS) as { status: string }[]
    const stop = fleet.broker.intercept(({ packet, direction }) => {
      if (packet.type !== "puback" || direction !== "out") return undefined
      stop()
      // Behind the birth, and before anybody has seen that it was acknowledged.
      fleet.say(STATUS, OFFLINE, { retain: true, qos: 1 })
      return undefined
    })
    await fleet.connect(fleet.device())
    await fleet.clock.advance(1_500)
    expect(heard.map(({ status }) => status)).toEqual(["online", "offline", "online"])
  })

  it("P-4: says online again when what is stored of it is cleared, and not when it goes", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    await fleet.connect(device)
    await fleet.clock.advance(2_000)
    const clear = () => fleet.broker.publish({ topic: STATUS, payload: new Uint8Array(0), qos: 1, retain: true })
    clear()
    await fleet.clock.advance(1_100)
    expect(JSON.parse(new TextDecoder().decode(fleet.broker.retained(STATUS)?.payload))).toMatchObject({
      status: "online",
    })
    const closed = device.client.close()
    await fleet.clock.advance(100)
    await closed
    clear()
    await fleet.clock.advance(5_000)
    expect(fleet.broker.retained(STATUS)).toBeUndefined()
  })

  it("P-4: an offline of another session than the latest birth's is ignored", async () => {
    const fleet = new Fleet(protocol)
    await fleet.connect(fleet.device("car-001", { channels: [car.pairedStatus] }))
    const heard = fleet.hear(STATUS)
    fleet.say(STATUS, { ...OFFLINE, session: 1 }, { retain: true, qos: 1 })
    await fleet.clock.advance(5_000)
    expect(heard).toHaveLength(1)
  })

  it("P-3: a clean stop has goodbye acknowledged before DISCONNECT, and no will", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    await fleet.connect(device)
    const before = fleet.broker.log.length
    const heard = fleet.hear(STATUS)
    const closed = device.client.close()
    await fleet.clock.advance(10)
    await closed
    const order = fleet.broker.log.slice(before).map(({ packet, direction }) => `${direction} ${packet.type}`)
    expect(order.indexOf("in publish")).toBeLessThan(order.indexOf("out puback"))
    expect(order.indexOf("out puback")).toBeLessThan(order.indexOf("in disconnect"))
    expect(heard).toEqual([{ status: "offline", device_id: "car-001" }])
  })

  it("abort is heard as the will, and the client may connect again", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device()
    await fleet.connect(device)
    const heard = fleet.hear(STATUS) as { status: string }[]
    device.client.abort()
    await fleet.clock.advance(60_000)
    expect(heard.map(({ status }) => status)).toEqual(["offline"])
    await fleet.connect(device)
    expect(heard.map(({ status }) => status)).toEqual(["offline", "online"])
  })
})

describe.each(PROTOCOLS)("the presence view at MQTT %s", (protocol) => {
  it("P-5: is complete after a quiet time, with what was stored", async () => {
    const fleet = new Fleet(protocol)
    fleet.say(STATUS, { device_id: "car-001", status: "online" }, { retain: true })
    fleet.say("iot-car/car-002/status", { device_id: "car-002", status: "offline" }, { retain: true })
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    expect(view.completeness).toBe("none")
    await fleet.connect(controller)
    await view.ready
    expect(view.completeness).toBe("quiet-time")
    expect(view.get("car-001").state).toBe("online")
    expect(view.get("car-002").state).toBe("offline")
    expect(view.get("car-003")).toEqual({ device: "car-003", state: "unknown" })
  })

  it("tells changes, and a loop starts with what is known", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    const changes: string[] = []
    view.on("change", ({ device, state }) => void changes.push(`${device} ${state}`))
    const device = fleet.device()
    await fleet.connect(controller, device)
    device.client.abort()
    await fleet.clock.settle()
    expect(changes).toEqual(["car-001 online", "car-001 offline"])
    const iterator = view[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toMatchObject({ device: "car-001", state: "offline" })
    const next = iterator.next()
    await fleet.connect(device)
    expect(((await next).value as PresenceEntry<car.Status>).state).toBe("online")
    const closed = controller.client.close()
    await fleet.clock.advance(10)
    await closed
    expect((await iterator.next()).done).toBe(true)
  })

  it("P-4: believes no offline of an older session", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.pairedStatus)
    await fleet.connect(controller)
    fleet.say(STATUS, { device_id: "car-001", status: "online", session: 2 })
    fleet.say(STATUS, { ...OFFLINE, session: 1 })
    await fleet.clock.settle()
    expect(view.get("car-001").state).toBe("online")
    fleet.say(STATUS, { ...OFFLINE, session: 2 })
    await fleet.clock.settle()
    expect(view.get("car-001").state).toBe("offline")
  })

  it("P-5: after a reconnection it is complete anew, and what is no longer stored is unknown", async () => {
    const fleet = new Fleet(protocol)
    fleet.say(STATUS, { device_id: "car-001", status: "online" }, { retain: true })
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    await fleet.connect(controller)
    await view.ready
    fleet.broker.stop({ keepState: false })
    await fleet.clock.advance(10)
    expect(view.completeness).toBe("none")
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    await view.ready
    expect(view.get("car-001").state).toBe("unknown")
  })

  it("M-5: does not wait behind a stream whose handler withholds its acknowledgements", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    await fleet.connect(controller)
    controller.stream(car.alarm).handle(() => new Promise(() => {}), { deadlineMs: 1_000_000 })
    await fleet.clock.advance(300)
    await view.ready
    for (let n = 0; n < 1_100; n++) fleet.say("iot-car/car-001/alarm", { type: "heat" })
    await fleet.clock.settle()
    fleet.say(STATUS, { device_id: "car-001", status: "online" })
    await fleet.clock.settle()
    expect(view.get("car-001").state).toBe("online")
    expect(fleet.broker.subscriptions("iot-car.backend.one")).toEqual(["iot-car/+/alarm"])
  })

  it("M-5: opens nothing before the client is asked to connect", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    controller.stream(car.alarm).handle(() => new Promise(() => {}))
    await fleet.clock.advance(1_000)
    expect(fleet.broker.clients).toEqual([])
    await fleet.connect(controller)
    await fleet.clock.advance(300)
    await view.ready
    expect(fleet.broker.subscriptions("iot-car.backend.one.calls")).toEqual(["iot-car/+/status"])
  })

  it("rubbish on a status topic is shown and believed by nobody", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller()
    const view = controller.presence<car.Status>(car.status)
    await fleet.connect(controller)
    fleet.say(STATUS, { device_id: "car-001", status: "online" })
    fleet.say(STATUS, "rubbish")
    await fleet.clock.settle()
    expect(view.get("car-001").state).toBe("online")
    expect(controller.client.counters.invalid).toBe(1)
  })

  it("P-5: a status on one car's topic that says it is another's is invalid", async () => {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller({ topicPrefix: "acme/test" })
    const view = controller.presence<car.Status>(car.status)
    await fleet.connect(controller)
    fleet.say(`acme/test/${STATUS}`, { device_id: "car-002", status: "online" })
    await fleet.clock.settle()
    expect(view.get("car-001").state).toBe("unknown")
    expect(controller.client.counters.invalid).toBe(1)
    fleet.say(`acme/test/${STATUS}`, { device_id: "car-001", status: "online" })
    await fleet.clock.settle()
    expect(view.get("car-001").state).toBe("online")
  })
})

describe.each(PROTOCOLS)("the probe of a presence view at MQTT %s", (protocol) => {
  const spec = { probe: car.probe }
  const PROBE = "iot-car/fleet/probe"
  const stored = (fleet: Fleet): void => {
    fleet.say(STATUS, { device_id: "car-001", status: "online" }, { retain: true })
  }

  it("P-5: its echo completes the view at once, and is published after SUBACK at the same QoS", async () => {
    const fleet = new Fleet(protocol)
    stored(fleet)
    const controller = fleet.controller({ spec })
    const view = controller.presence<car.Status>(car.status)
    controller.client.connect().catch(() => {})
    await fleet.clock.advance(5)
    expect(view.completeness).toBe("barrier")
    expect(view.get("car-001").state).toBe("online")
    const packets = fleet.broker.log.map(({ packet }) => packet)
    const probed = packets.findIndex((packet) => packet.type === "publish" && packet.topic === PROBE)
    expect(packets[probed]).toMatchObject({ qos: 1, retain: false })
    const subacks = packets.flatMap((packet, at) => (packet.type === "suback" ? [at] : []))
    expect(Math.max(...subacks)).toBeLessThan(probed)
  })

  it("P-5: stored messages that come long after SUBACK are waited for, without any quiet time", async () => {
    const fleet = new Fleet(protocol)
    stored(fleet)
    const controller = fleet.controller({ spec })
    const view = controller.presence<car.Status>(car.status)
    // The wire to the controller swallows the stored message and the echo; both come again much later.
    const stop = fleet.broker.intercept(({ packet, direction }) =>
      packet.type === "publish" && direction === "out" ? "drop" : undefined,
    )
    controller.client.connect().catch(() => {})
    await fleet.clock.advance(3_000)
    expect(view.completeness).toBe("none")
    stop()
    fleet.broker.cut("iot-car.backend.one")
    await fleet.clock.advance(2_000)
    expect(view.completeness).toBe("barrier")
    expect(view.get("car-001").state).toBe("online")
  })

  it("P-5: another's probe, and an old one, complete nothing; without an echo the quiet time has to do", async () => {
    const fleet = new Fleet(protocol)
    stored(fleet)
    const controller = fleet.controller({ spec })
    const view = controller.presence<car.Status>(car.status)
    fleet.broker.intercept(({ packet, direction }) =>
      packet.type === "publish" && direction === "in" && packet.topic === PROBE ? "drop" : undefined,
    )
    controller.client.connect().catch(() => {})
    await fleet.clock.advance(10)
    fleet.say(PROBE, { id: "another" })
    await fleet.clock.advance(4_000)
    expect(view.completeness).toBe("none")
    await fleet.clock.advance(1_500)
    expect(view.completeness).toBe("quiet-time")
  })

  it("P-5: a refused probe is reported, and the quiet time has to do", async () => {
    const fleet = new Fleet(protocol, { allow: ({ action, topic }) => action !== "publish" || topic !== PROBE })
    const told = listen()
    const controller = fleet.controller({ spec, observer: told.observer })
    const view = controller.presence<car.Status>(car.status)
    controller.client.connect().catch(() => {})
    await fleet.clock.advance(6_000)
    expect(view.completeness).toBe("quiet-time")
    // at 3.1.1 a refused publish looks accepted.
    const reported = told.lines.some((line) => line.startsWith("error probe [unauthorized]"))
    expect(reported).toBe(protocol === "5")
  })
})
