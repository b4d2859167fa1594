import { generate } from "mqtt-packet"
import { describe, expect, it } from "vitest"
import { wireBytes } from "./packet-size.js"

const bytes = (packet: Parameters<typeof generate>[0], protocolVersion: 4 | 5) =>
  generate(packet, { protocolVersion }).length

describe("octets of a message on the wire", () => {
  const topic = "iot-car/car-001/telemetry"
  const contentType = "application/json;v=2"
  for (const qos of [0, 1, 2] as const) {
    for (const payload of [0, 10, 100, 127, 16_384]) {
      it(`are those that a client writes: QoS ${qos}, ${payload} B`, () => {
        const publish = {
          cmd: "publish",
          topic,
          payload: Buffer.alloc(payload),
          qos,
          retain: false,
          dup: false,
          ...(qos > 0 && { messageId: 7 }),
        } as const
        // At MQTT 5 too where nothing went wrong: the reason code may be left out.
        const acknowledgements = { 0: [], 1: ["puback"], 2: ["pubrec", "pubrel", "pubcomp"] } as const
        const acknowledged = acknowledgements[qos].reduce((sum, cmd) => sum + bytes({ cmd, messageId: 7 }, 4), 0)
        const facts = { topic: topic.length, payload, qos }
        expect(wireBytes({ ...facts, version: "3.1.1" })).toBe(bytes(publish, 4) + acknowledged)
        const properties = { payloadFormatIndicator: true, contentType, messageExpiryInterval: 30 }
        const five = { ...facts, version: "5", contentType: contentType.length, expiry: true } as const
        expect(wireBytes(five)).toBe(bytes({ ...publish, properties }, 5) + acknowledged)
        const aliased = { ...publish, topic: "", properties: { ...properties, topicAlias: 1 } }
        expect(wireBytes({ ...five, alias: true })).toBe(bytes(aliased, 5) + acknowledged)
      })
    }
  }
})
