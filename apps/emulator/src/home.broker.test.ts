import { startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/home/controller"
import { connectRoom } from "@fleetwire/home/device"
import { expect, it } from "vitest"
import { byHand, first, until } from "../test/by-hand.js"
import { createEmulatedHomeRoom } from "./emulated-home-room.js"

it.each(["3.1.1", "5"] as const)("a room and its resident talk on Mosquitto at MQTT %s", async (protocol) => {
  const broker = await startMosquitto()
  try {
    const { url } = broker
    const room = await connectRoom({ url, protocol, room: "living-room" })
    room.setLight.handle(async ({ on, brightness }) => {
      await room.light.publish({ on, brightness })
      return {}
    })
    await room.temperature.publish({ value: 21.5, unit: "celsius" })

    const fleet = await connectFleet({ url, protocol, role: "resident" })
    await fleet.presence.ready
    expect(fleet.presence.get("living-room").state).toBe("online")

    const reply = await fleet.room("living-room").setLight({ on: true })
    expect(reply.status).toBe("success")
    await expect(fleet.room("living/room").setLight({ on: true })).rejects.toMatchObject({ code: "invalid_argument" })

    // Both states are retained: who comes late reads them at once.
    const late = await connectFleet({ url, protocol, role: "resident" })
    expect(await first(late.temperature())).toMatchObject({
      room: "living-room",
      message: { value: 21.5, unit: "celsius" },
      meta: { retained: true },
    })
    expect(await first(late.light({ room: "living-room" }))).toMatchObject({ message: { on: true, brightness: 100 } })

    await Promise.all([fleet.close(), late.close()])
    await room.close()
  } finally {
    await broker.stop()
  }
})

it.each(["3.1.1", "5"] as const)("an emulated room lives on Mosquitto at MQTT %s", async (protocol) => {
  const broker = await startMosquitto()
  const hand = byHand(broker)
  try {
    const reach = { url: broker.url, protocol }
    const ear = await hand.listen("home/#")
    const room = createEmulatedHomeRoom({ ...reach, room: "kitchen" })
    await room.start()
    expect(await ear.line((line) => line.includes("/temperature "))).toMatch(
      /^1 1 home\/kitchen\/temperature \{"value":\d+(\.\d+)?,"unit":"celsius"\}$/,
    )
    await ear.line((line) => line.includes("home/kitchen/diagnostics "))
    await hand.publish("home/kitchen/light/set", '{"id":"by-hand-1","on":true}')
    expect(await ear.line((line) => line.includes("/light/reply "))).toContain('"id":"by-hand-1","status":"success"')
    expect(room.light).toEqual({ on: true, brightness: 100 })

    const caretaker = await connectFleet({ ...reach, role: "caretaker" })
    await caretaker.presence.ready
    expect(caretaker.presence.get("kitchen").state).toBe("online")
    room.cut()
    await until(() => caretaker.presence.get("kitchen").state === "offline")
    await caretaker.close()
  } finally {
    await hand.end()
    await broker.stop()
  }
})
