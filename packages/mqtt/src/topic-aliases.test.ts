import { startScriptedBroker } from "@fleetwire/broker-lab"
import { isSdkError } from "@fleetwire/runtime"
import { createController } from "@fleetwire/runtime/codegen-v1"
import { expect, it } from "vitest"
import { octets } from "../test/open-link.js"
import { scripted } from "../test/scripted.js"
import { mqttTransport } from "./mqtt-transport.js"

const PERSISTENT = { session: { kind: "persistent", expirySeconds: 60 } } as const
const TOPIC = "cars/car-001/telemetry"

const message = (text: string, qos: 0 | 1 | 2 = 1, topic = TOPIC) => ({
  topic,
  payload: octets(text),
  qos,
  retain: false,
})
/** What a publish says of its topic: the topic, and the alias. */
const said = ({ topic, properties }: { topic: string; properties?: { topicAlias?: number } }) => [
  topic,
  properties?.topicAlias,
]
const publish = (topic: string, topicAlias: number, payload: string, qos: 0 | 1 = 0, messageId = 1) =>
  ({ cmd: "publish", topic, payload, qos, messageId, dup: false, retain: false, properties: { topicAlias } }) as const

for (const qos of [0, 1, 2] as const) {
  it(`sets an alias at a topic's second use, and sends it alone from then on (QoS ${qos})`, async () => {
    const { broker, peer } = await scripted()
    const client = await broker.nextPeer()
    await client.accept({ properties: { topicAliasMaximum: 10 } })
    await peer.connection()
    const properties = { contentType: "text/plain", userProperties: [["a", "x".repeat(109)]] as const }
    const seen: unknown[] = []
    const ids = new Set<unknown>()
    // Large packets keep their topic. With 125 octets of properties their length takes one octet, and with an alias two.
    for (const [text, extra] of [
      ["one", {}],
      ["two", {}],
      ["three", {}],
      ["four", { properties }],
      ["x".repeat(20_000), { retain: true }],
      ["", {}],
    ] as const) {
      void peer.link.publish({ ...message(text, qos), ...extra }).catch(() => undefined)
      const packet = await client.expect("publish")
      seen.push(said(packet))
      expect([String(packet.payload), packet.qos, packet.dup]).toEqual([text, qos, false])
      expect(packet.retain).toBe("retain" in extra)
      if (text === "four") {
        expect(packet.properties).toMatchObject({ contentType: "text/plain", userProperties: { a: "x".repeat(109) } })
      }
      if (qos > 0) ids.add(packet.messageId)
    }
    expect(seen).toEqual([
      [TOPIC, undefined],
      [TOPIC, 1],
      ["", 1],
      ["", 1],
      [TOPIC, undefined],
      ["", 1],
    ])
    expect(ids.size).toBe(qos === 0 ? 0 : 6)
  })
}

it("gives no more aliases than the server takes, and none to a topic that is as short", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept({ properties: { topicAliasMaximum: 2 } })
  await peer.connection()
  const topics = ["cars/1", "cars/2", "cars/3", "a/bc"]
  const seen: unknown[] = []
  for (let round = 0; round < 3; round += 1) {
    for (const topic of topics) void peer.link.publish(message("x", 0, topic))
    for (const _ of topics) seen.push(said(await client.expect("publish")))
  }
  const plain = [
    ["cars/3", undefined],
    ["a/bc", undefined],
  ]
  expect(seen).toEqual([
    ["cars/1", undefined],
    ["cars/2", undefined],
    ...plain,
    ["cars/1", 1],
    ["cars/2", 2],
    ...plain,
    ["", 1],
    ["", 2],
    ...plain,
  ])
})

it.each([
  { why: "the server names no maximum", options: {}, transport: {}, properties: {} },
  { why: "the maximum is 0", options: {}, transport: {}, properties: { topicAliasMaximum: 0 } },
  {
    why: "they are switched off",
    options: {},
    transport: { topicAliases: false },
    properties: { topicAliasMaximum: 9 },
  },
  { why: "MQTT 3.1.1 has none", options: { protocol: "3.1.1" }, transport: {}, properties: { topicAliasMaximum: 9 } },
] as const)("sends every topic in full where $why", async ({ options, transport, properties }) => {
  const will = () => ({ topic: TOPIC, payload: octets("gone"), qos: 1 as const, retain: false })
  const { broker, peer } = await scripted({ ...options, will }, false, transport)
  const client = await broker.nextPeer()
  const connect = await client.accept({ properties })
  expect(connect.will?.topic).toBe(TOPIC)
  expect(connect.properties?.topicAliasMaximum).toBe(
    "protocol" in options || "topicAliases" in transport ? undefined : 64,
  )
  await peer.connection()
  for (let i = 0; i < 3; i += 1) {
    void peer.link.publish(message("x", 0))
    expect(said(await client.expect("publish"))).toEqual([TOPIC, undefined])
  }
})

it("begins anew on each connection, and sends again with the topic what was sent by its alias", async () => {
  const will = () => ({ topic: TOPIC, payload: octets("gone"), qos: 1 as const, retain: false })
  const { broker, peer } = await scripted({ ...PERSISTENT, will })
  const first = await broker.nextPeer()
  await first.accept({ properties: { topicAliasMaximum: 10 } })
  await peer.connection()
  const texts = ["one", "two", "three"]
  const outcomes = texts.map((text, index) => peer.link.publish(message(text, index === 1 ? 2 : 1)))
  const sent = [await first.expect("publish"), await first.expect("publish"), await first.expect("publish")]
  expect(sent.map(said)).toEqual([
    [TOPIC, undefined],
    [TOPIC, 1],
    ["", 1],
  ])
  first.reset()
  const second = await broker.nextPeer()
  expect((await second.accept({ sessionPresent: true, properties: { topicAliasMaximum: 10 } })).will?.topic).toBe(TOPIC)
  for (const [index, text] of texts.entries()) {
    const again = await second.expect("publish")
    expect([...said(again), again.dup, String(again.payload), again.messageId]).toEqual([
      TOPIC,
      undefined,
      true,
      text,
      sent[index]!.messageId,
    ])
  }
  void peer.link.publish(message("four", 0))
  expect(said(await second.expect("publish"))).toEqual([TOPIC, undefined])
  void peer.link.publish(message("five", 0))
  expect(said(await second.expect("publish"))).toEqual([TOPIC, 1])
  for (const each of sent) {
    if (each.qos === 1) second.send({ cmd: "puback", messageId: each.messageId! })
    else second.send({ cmd: "pubrec", messageId: each.messageId! })
  }
  second.send({ cmd: "pubcomp", messageId: (await second.expect("pubrel")).messageId! })
  expect(await Promise.all(outcomes)).toEqual([{ reasonCode: 0 }, { reasonCode: 0 }, { reasonCode: 0 }])
})

it("goes by the order of the wire where messages wait for Receive Maximum", async () => {
  const { broker, peer } = await scripted(PERSISTENT)
  const client = await broker.nextPeer()
  await client.accept({ properties: { topicAliasMaximum: 10, receiveMaximum: 1 } })
  await peer.connection()
  for (const text of ["a", "b"]) void peer.link.publish(message(text)).catch(() => undefined)
  const a = await client.expect("publish")
  void peer.link.publish(message("overtakes", 0))
  expect(said(a)).toEqual([TOPIC, undefined])
  expect(said(await client.expect("publish"))).toEqual([TOPIC, 1])
  client.send({ cmd: "puback", messageId: a.messageId! })
  expect(said(await client.expect("publish"))).toEqual(["", 1])
})

it("measures a publish with its topic, and sets no alias where that would make it too large", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  // 2 octets of header, 2 and 22 of the topic, 1 of no properties.
  const maximumPacketSize = 2 + 2 + TOPIC.length + 1 + 40
  await client.accept({ properties: { topicAliasMaximum: 10, maximumPacketSize } })
  await peer.connection()
  for (let i = 0; i < 3; i += 1) {
    void peer.link.publish(message("x".repeat(40), 0))
    expect(said(await client.expect("publish"))).toEqual([TOPIC, undefined])
  }
  for (const want of [
    [TOPIC, undefined],
    [TOPIC, 1],
    ["", 1],
  ]) {
    void peer.link.publish(message("x".repeat(35), 0))
    const packet = await client.expect("publish")
    expect(packet.length! + 2).toBeLessThanOrEqual(maximumPacketSize)
    expect(said(packet)).toEqual(want)
  }
  // It would fit by its alias; sent again after a reconnection it would not.
  const refused = await peer.link.publish(message("x".repeat(41), 0)).catch((error: unknown) => error)
  expect(isSdkError(refused) && refused.details).toEqual({ limit: "maximumPacketSize" })
  await client.expectSilence(20)
})

it("understands the aliases that the server sets, and sets anew", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  expect((await client.accept()).properties?.topicAliasMaximum).toBe(64)
  await peer.connection()
  client.send(publish("a/b", 1, "one"))
  client.send(publish("c/é", 64, "two"))
  client.send(publish("", 1, "three", 1))
  client.send(publish("", 64, "four"))
  client.send(publish("d", 1, "five"))
  client.send(publish("", 1, "six"))
  await peer.message(6)
  expect(peer.messages.map((each) => `${each.topic} ${each.text}`)).toEqual([
    "a/b one",
    "c/é two",
    "a/b three",
    "c/é four",
    "d five",
    "d six",
  ])
  expect(peer.messages[0]!.message.properties).toBeUndefined()
  expect(await client.expect("puback")).toMatchObject({ messageId: 1 })
})

it.each([
  { why: "0", packet: publish("a", 0, "x"), transport: {} },
  { why: "above the maximum", packet: publish("a", 65, "x"), transport: {} },
  { why: "that was never set", packet: publish("", 2, "x"), transport: {} },
  { why: "where none is offered", packet: publish("a", 1, "x"), transport: { topicAliases: false } },
])("hangs up on an alias $why, and comes back", async ({ packet, transport }) => {
  const { broker, peer } = await scripted({}, false, transport)
  const first = await broker.nextPeer()
  await first.accept()
  await peer.connection()
  first.send(packet)
  expect(await first.expect("disconnect")).toMatchObject({ reasonCode: 0x94 })
  expect(await peer.disconnection()).toMatchObject({ kind: "server", code: 0x94, final: false })
  await (await broker.nextPeer()).accept()
  await peer.connection(2)
  expect(peer.messages).toEqual([])
})

it("forgets the server's aliases with their connection", async () => {
  const { broker, peer } = await scripted(PERSISTENT)
  const first = await broker.nextPeer()
  await first.accept()
  await peer.connection()
  first.send(publish("a", 1, "x"))
  await peer.message()
  first.reset()
  const second = await broker.nextPeer()
  await second.accept({ sessionPresent: true })
  await peer.connection(2)
  second.send(publish("", 1, "y"))
  expect(await peer.disconnection(2)).toMatchObject({ code: 0x94 })
  expect(peer.messages).toHaveLength(1)
})

it("S-6: a connection that an alias cost is counted as such, and no other", async () => {
  const broker = await startScriptedBroker()
  const common = { session: { kind: "clean" }, reconnectSpreadSeconds: 0, keepAliveSeconds: 30 } as const
  const contract = { name: "demo", version: "1.0.0", digest: "", device: { param: "id", ...common } }
  const role = { name: "app", publish: [], read: [], ...common }
  const options = { url: broker.url, transport: mqttTransport(), reconnect: { spreadMs: 0, baseMs: 1, capMs: 5 } }
  const { client } = createController({ contract, role }, options)
  const ready = client.connect()
  const first = await broker.nextPeer()
  await first.accept()
  await ready
  first.send(publish("", 7, "x"))
  const second = await broker.nextPeer()
  await second.accept()
  await client.connect()
  expect(client.counters.aliasFaults).toBe(1)
  second.reset()
  await (await broker.nextPeer()).accept()
  await client.connect()
  expect(client.counters).toMatchObject({ aliasFaults: 1, in: 0 })
  await client.close()
  await broker.close()
})
