import { brokerForTests, uniqueName } from "@fleetwire/broker-lab"
import { expect, it } from "vitest"
import { octets, openLink } from "../test/open-link.js"

const VERSIONS = ["3.1.1", "5"] as const
const LEVELS = [0, 1, 2] as const

for (const protocol of VERSIONS) {
  for (const qos of LEVELS) {
    it(`carries a message to itself at MQTT ${protocol}, QoS ${qos}`, async () => {
      const { url } = await brokerForTests()
      const topic = `${uniqueName()}/telemetry`
      const peer = openLink({ url, protocol, clientId: uniqueName() })
      await peer.connection()
      expect(await peer.link.subscribe([{ filter: topic, qos }])).toEqual([qos])
      expect(await peer.link.publish({ topic, payload: octets("héllo"), qos, retain: false })).toEqual({
        reasonCode: 0,
      })
      expect(await peer.message()).toMatchObject({ topic, text: "héllo", qos, retain: false, dup: false })
      await peer.link.unsubscribe([topic])
      await peer.link.close()
      expect(peer.disconnected).toEqual([{ kind: "closed", message: "closed", final: true }])
    })
  }

  it(`publishes the will of a link that is cut, at MQTT ${protocol}, and comes back with a new one`, async () => {
    const { url } = await brokerForTests()
    const topic = `${uniqueName()}/presence`
    const watcher = openLink({ url, protocol, clientId: uniqueName() })
    await watcher.connection()
    await watcher.link.subscribe([{ filter: topic, qos: 1 }])
    let session = 0
    const peer = openLink({
      url,
      protocol,
      clientId: uniqueName(),
      will: () => {
        session += 1
        return { topic, payload: octets(`offline ${session}`), qos: 1, retain: true }
      },
    })
    await peer.connection()
    peer.link.abort()
    expect(await watcher.message()).toMatchObject({ text: "offline 1", qos: 1 })
    await peer.connection(2)
    peer.link.abort()
    expect(await watcher.message(2)).toMatchObject({ text: "offline 2" })
    await peer.connection(3)
    await peer.link.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(watcher.messages).toHaveLength(2)
    await watcher.link.close()
  })
}
