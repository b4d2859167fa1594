import { brokerForTests, uniqueName } from "@fleetwire/broker-lab"
import { describe, expect, it } from "vitest"
import { connectRaw } from "./raw-client.js"

describe.each(["3.1.1", "5"] as const)("raw client at MQTT %s", (mqtt) => {
  it("leaves acknowledgements to the caller, and sees redeliveries with DUP", async () => {
    const { url } = await brokerForTests()
    const topic = uniqueName()
    const clientId = uniqueName()
    const properties = { sessionExpiryInterval: 60 }
    const reach = { url, mqtt, clientId, clean: false, acknowledge: "manual", properties } as const
    const first = await connectRaw(reach)
    await first.subscribe(topic)
    const sender = await connectRaw({ url, mqtt, clientId: uniqueName() })
    await sender.publish(topic, "one", { qos: 1 })
    const held = await first.message((message) => message.topic === topic)
    expect(held.dup).toBe(false)
    first.destroy()
    expect(await first.closed).toBe("ended here")

    const second = await connectRaw(reach)
    expect(second.connack.sessionPresent).toBe(true)
    const again = await second.message((message) => message.topic === topic)
    expect({ dup: again.dup, messageId: again.messageId, text: String(again.payload) }).toEqual({
      dup: true,
      messageId: held.messageId,
      text: "one",
    })
    second.acknowledge(again)
    await Promise.all([second.disconnect(), sender.disconnect()])
  })

  it("completes QoS 2 both ways", async () => {
    const { url } = await brokerForTests()
    const topic = uniqueName()
    const client = await connectRaw({ url, mqtt, clientId: uniqueName() })
    await client.subscribe(topic, { qos: 2 })
    expect((await client.publish(topic, "x", { qos: 2 }))?.cmd).toBe("pubcomp")
    expect((await client.message(() => true)).qos).toBe(2)
    await client.packet((packet): packet is typeof packet => packet.cmd === "pubrel")
    await client.disconnect()
  })
})
