import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { mergeStreams } from "@fleetwire/runtime"
import { connectFleet } from "@fleetwire/smart-building/controller"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type ByHand, byHand, first, until } from "../test/by-hand.js"
import { createEmulatedRoomUnit } from "./emulated-room-unit.js"
import { createScheduler } from "./scheduler.js"
import { systemClock } from "./system-clock.js"

let broker: Mosquitto
let hand: ByHand

beforeAll(async () => {
  broker = await startMosquitto()
  hand = byHand(broker)
})
afterAll(async () => {
  await hand.end()
  await broker.stop()
})

/** Three floors of five rooms. */
const ROOMS = [1, 2, 3].flatMap((floor) => [1, 2, 3, 4, 5].map((room) => `room-${floor}0${room}`))

describe.each(["3.1.1", "5"] as const)("a building of fifteen rooms on Mosquitto at MQTT %s", (protocol) => {
  it("is heard by floor, by room and by kind, and its climate units obey", async () => {
    const prefix = `p${protocol.replaceAll(".", "")}`
    const reach = { url: broker.url, protocol, topicPrefix: prefix }
    const scheduler = createScheduler(systemClock)
    const units = ROOMS.map((room) => createEmulatedRoomUnit({ ...reach, room, seed: 5, scheduler, everyMs: 500 }))
    const ear = await hand.listen(`${prefix}/building/+/room-101/#`)
    await Promise.all(units.map((unit) => unit.start()))
    const operator = await connectFleet({ ...reach, role: "operator", instance: `operator-${prefix}` })

    // All temperatures of floor 2.
    const warm = new Set<string>()
    await first(operator.temperature({ floor: "floor-2" }), ({ floor, room, message }) => {
      expect(floor).toBe("floor-2")
      expect(message.value).toBeGreaterThan(15)
      return warm.add(room).size === 5
    })
    expect([...warm].sort()).toEqual(ROOMS.slice(5, 10))

    // Everything of room 101, whatever channel it is on; what is delivered is known by the channel's name.
    const { temperature, humidity, light, motion, hvac, log, diagnostics } = operator
    const everything = mergeStreams({ temperature, humidity, light, motion, hvac, log, diagnostics })
    const heard = new Map<string, string>()
    const room101 = everything({ room: "room-101" })
    await room101.ready
    await operator.room("room-101").setHvac({ floor: "floor-1" })({ mode: "auto" })
    for await (const { channel, delivery } of room101) {
      expect(delivery.room).toBe("room-101")
      if (channel === "temperature") expect(delivery.message.value).toBeGreaterThan(15)
      if (channel === "log") expect(delivery.message.level).toBe("info")
      heard.set(channel, delivery.meta.topic)
      if (heard.size === 6) break
    }
    // Diagnostics were said before anybody listened, and are not retained.
    expect([...heard.keys()].sort()).toEqual(["humidity", "hvac", "light", "log", "motion", "temperature"])

    // Motion of every room: retained, so whoever asks has all of it at once.
    const moving = new Set<string>()
    await first(operator.motion(), ({ room }) => moving.add(room).size === 15)

    const { setHvac } = operator.room("room-101")
    const reply = await setHvac({ floor: "floor-1" })({ mode: "heat", target: 35 })
    expect(reply).toMatchObject({ status: "success", message: "heat at 35 °C" })
    expect(units[0]!.hvac).toEqual({ mode: "heat", target: 35, running: true })
    await ear.line(
      (line) => line === `1 1 ${prefix}/building/floor-1/room-101/hvac {"mode":"heat","target":35,"running":true}`,
    )
    await expect(setHvac({ floor: "floor-1" })({ mode: "cool", target: 3 })).rejects.toMatchObject({
      code: "invalid_argument",
    })
    expect(() => operator.room("room-999")).not.toThrow()
    await expect(operator.room("room-999").setHvac({ floor: "floor-1" })({ mode: "off" })).rejects.toMatchObject({
      code: "invalid_argument",
    })

    units[3]!.cut()
    await until(() => operator.presence.get("room-104").state === "offline")
    const late = await connectFleet({ ...reach, role: "dashboard" })
    await late.presence.ready
    expect(ROOMS.map((room) => late.presence.get(room).state)).toEqual(
      ROOMS.map((room) => (room === "room-104" ? "offline" : "online")),
    )
    await Promise.all([operator.close(), late.close(), ...units.map((unit) => unit.stop())])
    scheduler.close()
  })
})
