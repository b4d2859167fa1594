import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "../../test/fixtures/fleet.js"
import { createMixedFleet } from "../versions/mixed-fleet.js"
import { versionSource } from "../versions/version-source.js"
import { mergeStreams } from "./merge-streams.js"

type Car = { readonly carId: string }

describe.each(PROTOCOLS)("streams together, at MQTT %s", (protocol) => {
  async function setting() {
    const fleet = new Fleet(protocol)
    const controller = fleet.controller({ role: { read: ["telemetry.message", "alarm.message"] } })
    const streams = {
      telemetry: controller.stream<car.Telemetry, Car>(car.telemetry),
      alarm: controller.stream<{ readonly type: string }, Car>(car.alarm),
    }
    await fleet.connect(controller)
    const say = async (carId: string, battery: number) => {
      fleet.say(`iot-car/${carId}/telemetry`, { device_id: carId, timestamp: 1, battery })
      await fleet.clock.advance(1)
    }
    const alarm = async (carId: string, type: string) => {
      fleet.say(`iot-car/${carId}/alarm`, { type })
      await fleet.clock.advance(1)
    }
    return { fleet, controller, streams, say, alarm }
  }

  it("are one stream that tells which channel each message came on", async () => {
    const { fleet, controller, streams, say, alarm } = await setting()
    const all = mergeStreams(streams)({ carId: "car-001" })
    const heard: string[] = []
    const loop = (async () => {
      for await (const { channel, delivery } of all) {
        heard.push(`${channel} ${channel === "alarm" ? delivery.message.type : delivery.message.battery}`)
        if (heard.length === 3) break
      }
    })()
    await fleet.clock.advance(10)
    await say("car-001", 1)
    await say("car-002", 2)
    await alarm("car-001", "hello")
    await say("car-001", 3)
    await loop
    expect(heard).toEqual(["telemetry 1", "alarm hello", "telemetry 3"])
    // The loop was left: nothing is subscribed any more.
    await say("car-001", 4)
    expect(heard).toHaveLength(3)
    await controller.client.close()
  })

  it("end when the client is closed", async () => {
    const { fleet, controller, streams } = await setting()
    let ended = false
    const loop = (async () => {
      for await (const _ of mergeStreams(streams)());
      ended = true
    })()
    await fleet.clock.advance(10)
    const closed = controller.client.close()
    await fleet.clock.advance(10_000)
    await closed
    await loop
    expect(ended).toBe(true)
  })

  it("learn which version a device speaks, and send in its words", async () => {
    const { fleet, controller, streams, say } = await setting()
    const mixed = createMixedFleet<"old" | "new">()
    const heard: string[] = []
    mixed.read<{ readonly percent: number }>(
      {
        old: versionSource(streams.telemetry, "carId", ({ battery }) =>
          battery > 50 ? undefined : { percent: battery },
        ),
      },
      ({ device, version, message }) => void heard.push(`${device} ${version} ${message.percent}`),
    )
    await fleet.clock.advance(10)
    const call = mixed.command<string, string>({
      old: (device) => async (words) => `${device} heard the old ${words}`,
      new: (device) => async (words) => `${device} heard the new ${words}`,
    })
    await expect(call("car-001")("hello")).rejects.toMatchObject({ code: "unavailable", sent: false })
    await say("car-001", 7)
    await say("car-002", 70)
    // What a caster cannot say is left out.
    expect(heard).toEqual(["car-001 old 7"])
    expect(mixed.versionOf("car-001")).toBe("old")
    expect(await call("car-001")("hello")).toBe("car-001 heard the old hello")
    const guessing = createMixedFleet<"old" | "new">({ unknown: "new" })
    const guess = guessing.command<string, string>({ old: () => async () => "old", new: () => async () => "new" })
    expect(await guess("car-009")("hello")).toBe("new")
    await controller.client.close()
  })
})
