import { startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/home/controller"
import { connectRoom } from "@fleetwire/home/device"
import { expect, it } from "vitest"

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
    const first = async <T>(stream: AsyncIterable<T>): Promise<T | undefined> => {
      for await (const delivery of stream) return delivery
      return undefined
    }
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
