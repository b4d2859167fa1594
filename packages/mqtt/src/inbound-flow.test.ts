import { describe, expect, it } from "vitest"
import { octets } from "../test/open-link.js"
import { scripted } from "../test/scripted.js"

const PERSISTENT = { session: { kind: "persistent", expirySeconds: 60 } } as const
const VERSIONS = ["3.1.1", "5"] as const
const publish = (payload: string, messageId: number, qos: 1 | 2 = 1, dup = false) =>
  ({ cmd: "publish", topic: "a/b", payload, qos, messageId, dup, retain: false }) as const

for (const protocol of VERSIONS) {
  it(`sends acknowledgements in order of receipt, whatever the order of release (${protocol})`, async () => {
    const { broker, peer } = await scripted({ protocol }, true)
    const client = await broker.nextPeer()
    await client.accept()
    await peer.connection()
    client.send(publish("a", 5))
    client.send(publish("b", 3, 2))
    client.send(publish("c", 9))
    await peer.message(3)
    peer.messages[2]!.message.acknowledge()
    peer.messages[1]!.message.acknowledge()
    await client.expectSilence(30)
    peer.messages[0]!.message.acknowledge()
    peer.messages[0]!.message.acknowledge()
    expect(await client.expect("puback")).toMatchObject({ messageId: 5 })
    expect(await client.expect("pubrec")).toMatchObject({ messageId: 3 })
    expect(await client.expect("puback")).toMatchObject({ messageId: 9 })
    client.send({ cmd: "pubrel", messageId: 3 })
    expect(await client.expect("pubcomp")).toMatchObject({ messageId: 3 })
    await client.expectSilence(20)
  })

  it(`hands a message of QoS 2 over once, however often it comes (${protocol})`, async () => {
    const { broker, peer } = await scripted({ ...PERSISTENT, protocol })
    const first = await broker.nextPeer()
    await first.accept()
    await peer.connection()
    first.send(publish("x", 7, 2))
    await first.expect("pubrec")
    first.send(publish("x", 7, 2, true))
    await first.expect("pubrec")
    first.reset()
    const second = await broker.nextPeer()
    await second.accept({ sessionPresent: true })
    second.send(publish("x", 7, 2, true))
    await second.expect("pubrec")
    second.send({ cmd: "pubrel", messageId: 7 })
    await second.expect("pubcomp")
    expect(peer.messages).toHaveLength(1)
    second.send(publish("y", 7, 2))
    await second.expect("pubrec")
    expect(peer.messages.map((each) => each.text)).toEqual(["x", "y"])
  })

  it(`hands on a new message of QoS 2 whose identifier a broker gave twice, having forgotten the first (${protocol})`, async () => {
    const { broker, peer } = await scripted({ ...PERSISTENT, protocol })
    const first = await broker.nextPeer()
    await first.accept()
    await peer.connection()
    first.send(publish("x", 7, 2))
    await first.expect("pubrec")
    first.reset()
    const second = await broker.nextPeer()
    await second.accept({ sessionPresent: true })
    second.send(publish("y", 7, 2))
    await second.expect("pubrec")
    second.send(publish("y", 7, 2, true))
    await second.expect("pubrec")
    second.send({ cmd: "pubrel", messageId: 7 })
    await second.expect("pubcomp")
    expect(peer.messages.map((each) => each.text)).toEqual(["x", "y"])
  })

  it(`forgets messages of QoS 2 with their session (${protocol})`, async () => {
    const { broker, peer } = await scripted({ ...PERSISTENT, protocol })
    const first = await broker.nextPeer()
    await first.accept()
    await peer.connection()
    first.send(publish("old", 7, 2))
    await first.expect("pubrec")
    first.reset()
    const second = await broker.nextPeer()
    await second.accept({ sessionPresent: false })
    second.send(publish("new", 7, 2))
    await second.expect("pubrec")
    expect(peer.messages.map((each) => each.text)).toEqual(["old", "new"])
  })
}

it("leaves what an earlier connection brought unacknowledged", async () => {
  const { broker, peer } = await scripted(PERSISTENT, true)
  const first = await broker.nextPeer()
  await first.accept()
  await peer.connection()
  first.send(publish("a", 1))
  await peer.message(1)
  first.reset()
  const second = await broker.nextPeer()
  await second.accept({ sessionPresent: true })
  await peer.connection(2)
  peer.messages[0]!.message.acknowledge()
  await second.expectSilence(30)
  second.send(publish("a", 1, 1, true))
  const again = await peer.message(2)
  expect(again).toMatchObject({ text: "a", dup: true })
  again.message.acknowledge()
  expect(await second.expect("puback")).toMatchObject({ messageId: 1 })
})

it("goes on with pings and calls while acknowledgements are held", async () => {
  const { broker, peer } = await scripted({ keepAliveSeconds: 1 }, true)
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  client.send(publish("held", 1))
  await peer.message(1)
  expect(await client.expect("pingreq", 2000)).toBeDefined()
  client.send({ ...publish("later", 2), topic: "reply" })
  expect(await peer.message(2)).toMatchObject({ text: "later" })
  await new Promise((resolve) => setTimeout(resolve, 1600))
  expect(peer.disconnected).toEqual([])
})

describe("a server that sends more than the Receive Maximum that it was given", () => {
  const text = "x".repeat(300)
  const LOTS = 10_000
  const outgoing = { topic: "a", payload: octets("mine"), qos: 1, retain: false } as const

  async function flooded() {
    const { broker, peer } = await scripted({ receiveMaximum: 2, keepAliveSeconds: 1 }, true)
    const client = await broker.nextPeer()
    expect((await client.accept()).properties).toMatchObject({ receiveMaximum: 2 })
    await peer.connection()
    for (let id = 1; id <= LOTS; id += 1) client.send(publish(text, id))
    return { peer, client }
  }

  it("is not read until there is room again, loses nothing, and is not taken for silent", async () => {
    const { peer, client } = await flooded()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    // Two reads: the one that brought too many, and at most one under way.
    expect(peer.messages.length).toBeLessThan(1_000)
    expect(peer.disconnected).toEqual([])
    for (let n = 0; n < LOTS; n += 1) (await peer.message(n + 1)).message.acknowledge()
    for (let id = 1; id <= LOTS; id += 1) expect(await client.expect("puback")).toMatchObject({ messageId: id })
    expect(peer.disconnected).toEqual([])
  })

  it("is read on while an answer of it is awaited", async () => {
    const { peer, client } = await flooded()
    const published = peer.link.publish(outgoing)
    const { messageId } = (await client.expect("publish")) as { messageId: number }
    client.send({ cmd: "puback", messageId })
    await published
    expect(peer.messages).toHaveLength(LOTS)
    const subscribed = peer.link.subscribe([{ filter: "b", qos: 1 }])
    const subscribe = (await client.expect("subscribe")) as { messageId: number }
    for (let id = 1; id <= LOTS; id += 1) client.send(publish(text, LOTS + id))
    client.send({ cmd: "suback", messageId: subscribe.messageId, granted: [1] })
    await subscribed
    expect(peer.messages).toHaveLength(2 * LOTS)
  })

  it("is hung up on where more is under way than there are packet identifiers", async () => {
    const { peer, client } = await flooded()
    const published = peer.link.publish(outgoing).catch((error: unknown) => error)
    await client.expect("publish")
    for (let n = LOTS; n < 65_536; n += 1) client.send(publish("x", 1))
    expect(await client.expect("disconnect")).toMatchObject({ reasonCode: 0x93 })
    expect(await peer.disconnection()).toMatchObject({ kind: "server", code: 0x93, final: false })
    expect(peer.messages).toHaveLength(65_535)
    expect(await published).toMatchObject({ code: "unavailable", sent: true })
  })
})
