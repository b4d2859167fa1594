import { createServer } from "node:net"
import { freePort, startScriptedBroker, uniqueName } from "@fleetwire/broker-lab"
import { expect, it } from "vitest"
import { octets, openLink } from "../test/open-link.js"
import { scripted } from "../test/scripted.js"

const VERSIONS = ["3.1.1", "5"] as const
const REFUSALS = [
  { protocol: "3.1.1", given: { returnCode: 4 }, want: { code: 4, final: true } },
  { protocol: "3.1.1", given: { returnCode: 5 }, want: { code: 5, final: true } },
  { protocol: "3.1.1", given: { returnCode: 3 }, want: { code: 3, final: false } },
  { protocol: "5", given: { reasonCode: 0x86 }, want: { code: 0x86, final: true } },
  { protocol: "5", given: { reasonCode: 0x87 }, want: { code: 0x87, final: true } },
  { protocol: "5", given: { reasonCode: 0x89 }, want: { code: 0x89, final: false } },
] as const

it.each(REFUSALS)("takes CONNACK $given at $protocol for what it is", async ({ protocol, given, want }) => {
  const { broker, peer } = await scripted({ protocol })
  const first = await broker.nextPeer()
  await first.accept(given)
  expect(await peer.disconnection()).toMatchObject({ kind: "refused", ...want })
  if (want.final) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(broker.connections).toBe(1)
  } else await (await broker.nextPeer()).accept()
  expect(peer.connected.length).toBeLessThan(2)
})

it("does not come back after its session was taken over", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  client.send({ cmd: "disconnect", reasonCode: 0x8e })
  client.end()
  expect(await peer.disconnection()).toMatchObject({ kind: "taken-over", code: 0x8e, final: true })
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(broker.connections).toBe(1)
})

it("comes back after the server shut down", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  client.send({ cmd: "disconnect", reasonCode: 0x8b })
  expect(await peer.disconnection()).toMatchObject({
    kind: "server",
    code: 0x8b,
    final: false,
    message: "server shutting down",
  })
  await (await broker.nextPeer()).accept()
  await peer.connection(2)
})

it.each(VERSIONS)(
  "suspects a takeover after three short connections in a row, and waits for the cap (%s)",
  async (protocol) => {
    const reconnect = { enabled: true, spreadMs: 10, baseMs: 10, capMs: 400, stableMs: 60_000 }
    const { broker, peer } = await scripted({ protocol, reconnect })
    for (let i = 1; i <= 3; i += 1) {
      const client = await broker.nextPeer()
      await client.accept()
      await peer.connection(i)
      client.reset()
      await peer.disconnection(i)
    }
    expect(peer.disconnected.map((each) => each.kind)).toEqual(["network", "network", "taken-over"])
    expect(peer.disconnected[2]).toMatchObject({ final: false, retryInMs: 400 })
    expect(peer.disconnected[2]!.message).toContain("suspected_takeover")
    await (await broker.nextPeer()).accept()
    await peer.connection(4)
  },
)

it("tries again while nobody listens, and connects once somebody does", async () => {
  const port = await freePort()
  const peer = openLink({ url: `mqtt://127.0.0.1:${port}`, clientId: uniqueName() })
  await peer.disconnection(2)
  expect(peer.disconnected[0]).toMatchObject({ kind: "network", final: false, cause: { code: "ECONNREFUSED" } })
  const server = createServer((socket) => socket.write(Buffer.from("2003000000", "hex")))
  server.listen(port, "127.0.0.1")
  await peer.connection()
  await peer.link.close({ deadlineMs: 50 })
  server.close()
})

it("tries once when it shall not reconnect", async () => {
  const port = await freePort()
  const peer = openLink({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: uniqueName(),
    reconnect: { enabled: false, spreadMs: 0, baseMs: 0, capMs: 0, stableMs: 0 },
  })
  expect(await peer.disconnection()).toMatchObject({ kind: "network", final: true })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(peer.disconnected).toHaveLength(1)
})

it("gives up an attempt whose CONNACK does not come in time", async () => {
  const { broker, peer } = await scripted({ connectTimeoutMs: 60 })
  const client = await broker.nextPeer()
  await client.expect("connect")
  await client.closed
  expect(await peer.disconnection()).toMatchObject({ kind: "network", message: "no CONNACK in time" })
  await (await broker.nextPeer()).accept()
})

it("finds a silent connection within one and a half keep-alives", async () => {
  const { broker, peer } = await scripted({ keepAliveSeconds: 1 })
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  client.ignorePings()
  const start = performance.now()
  expect(await peer.disconnection()).toMatchObject({ kind: "keep-alive", final: false })
  expect(performance.now() - start).toBeLessThan(1700)
})

it("does not take a connection for silent on which something arrives", async () => {
  const { broker, peer } = await scripted({ keepAliveSeconds: 1 })
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  client.ignorePings()
  const chatter = setInterval(
    () => client.send({ cmd: "publish", topic: "a", payload: "x", qos: 0, dup: false, retain: false }),
    100,
  )
  await new Promise((resolve) => setTimeout(resolve, 2500))
  clearInterval(chatter)
  expect(peer.disconnected).toEqual([])
  expect(await peer.disconnection()).toMatchObject({ kind: "keep-alive" })
})

it("asks for a new will before each CONNECT", async () => {
  let session = 0
  const will = () => {
    session += 1
    return {
      topic: "presence",
      payload: octets(`offline ${session}`),
      qos: 1 as const,
      retain: true,
      delaySeconds: 3,
      properties: {
        contentType: "application/json",
        userProperties: [
          ["a", "1"],
          ["a", "2"],
        ] as const,
      },
    }
  }
  const { broker, peer } = await scripted({ will })
  const first = await broker.nextPeer()
  const one = await first.accept()
  expect(one.will).toMatchObject({ topic: "presence", qos: 1, retain: true })
  expect(String(one.will!.payload)).toBe("offline 1")
  expect(one.will!.properties).toMatchObject({
    willDelayInterval: 3,
    contentType: "application/json",
    userProperties: { a: ["1", "2"] },
  })
  await peer.connection()
  first.reset()
  expect(String((await (await broker.nextPeer()).accept()).will!.payload)).toBe("offline 2")
})

it("says who it is, and keeps the client id that the server assigned", async () => {
  const { broker, peer } = await scripted({
    clientId: "",
    keepAliveSeconds: 7,
    maximumPacketSize: 5000,
    credentials: { username: "ada", password: octets("secret") },
  })
  const first = await broker.nextPeer()
  const connect = await first.accept({ properties: { assignedClientIdentifier: "given", serverKeepAlive: 9 } })
  expect(connect).toMatchObject({ clientId: "", username: "ada", keepalive: 7, clean: true, protocolVersion: 5 })
  expect(String(connect.password)).toBe("secret")
  expect(connect.properties).toEqual({ maximumPacketSize: 5000, topicAliasMaximum: 64 })
  expect(await peer.connection()).toMatchObject({ clientId: "given", keepAliveSeconds: 9, sessionPresent: false })
  first.reset()
  expect(await (await broker.nextPeer()).accept()).toMatchObject({ clientId: "given" })
})

for (const protocol of VERSIONS) {
  it(`says what SUBACK granted (${protocol})`, async () => {
    const { broker, peer } = await scripted({ protocol })
    const client = await broker.nextPeer()
    await client.accept()
    await peer.connection()
    const granted = peer.link.subscribe([
      { filter: "a/+", qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 },
      { filter: "b/#", qos: 1 },
    ])
    const asked = await client.expect("subscribe")
    expect(asked.subscriptions).toMatchObject(
      protocol === "5"
        ? [
            { topic: "a/+", qos: 2, nl: true, rap: true, rh: 2 },
            { topic: "b/#", qos: 1, nl: false, rap: false, rh: 0 },
          ]
        : [
            { topic: "a/+", qos: 2 },
            { topic: "b/#", qos: 1 },
          ],
    )
    client.send({ cmd: "suback", messageId: asked.messageId!, granted: [1, 0x80] })
    expect(await granted).toEqual([1, 0x80])
    const gone = peer.link.unsubscribe(["a/+"])
    const unsubscribe = await client.expect("unsubscribe")
    expect(unsubscribe.unsubscriptions).toEqual(["a/+"])
    client.send({ cmd: "unsuback", messageId: unsubscribe.messageId!, granted: [0] })
    await gone
  })
}

it.each([
  { given: { wildcardSubscriptionAvailable: false }, filter: "a/+", want: "wildcardAvailable" },
  { given: { sharedSubscriptionAvailable: false }, filter: "$share/g/a", want: "sharedAvailable" },
  { given: { maximumPacketSize: 30 }, filter: "a".repeat(30), want: "maximumPacketSize" },
])("refuses a subscription beyond $want", async ({ given, filter, want }) => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept({ properties: given })
  await peer.connection()
  await expect(peer.link.subscribe([{ filter, qos: 0 }])).rejects.toMatchObject({
    code: "unsupported",
    details: { limit: want },
  })
  await client.expectSilence(20)
})

it("splits a subscription that is larger than the server's packets", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept({ properties: { maximumPacketSize: 45 } })
  await peer.connection()
  const filters = ["one/two/three", "four/five/six", "seven/eight"]
  const granted = peer.link.subscribe(filters.map((filter, index) => ({ filter, qos: (index % 2) as 0 | 1 })))
  const seen: string[] = []
  while (seen.length < filters.length) {
    const packet = await client.expect("subscribe")
    expect(client.received.at(-1)!.octets.length).toBeLessThanOrEqual(45)
    seen.push(...packet.subscriptions.map((each) => each.topic))
    client.send({ cmd: "suback", messageId: packet.messageId!, granted: packet.subscriptions.map((each) => each.qos) })
  }
  expect(seen).toEqual(filters)
  expect(await granted).toEqual([0, 1, 0])
})

it("gives each subscription its identifier, and says which ones a message came by", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  const granted = peer.link.subscribe([
    { filter: "a/+", qos: 1, identifier: 7 },
    { filter: "a/#", qos: 1, identifier: 300 },
    { filter: "b", qos: 0 },
  ])
  for (const want of [
    { filter: "a/+", id: 7 },
    { filter: "a/#", id: 300 },
    { filter: "b", id: undefined },
  ]) {
    const asked = await client.expect("subscribe")
    expect(asked.subscriptions.map((each) => each.topic)).toEqual([want.filter])
    expect(asked.properties?.subscriptionIdentifier).toBe(want.id)
    client.send({ cmd: "suback", messageId: asked.messageId!, granted: [1] })
  }
  expect(await granted).toEqual([1, 1, 1])
  // Subscription identifiers 7 and 300, and nothing else in the properties.
  client.write(Buffer.from("300d0003612f62050b070bac027879", "hex"))
  const { message, text } = await peer.message()
  expect(text).toBe("xy")
  expect(message.subscriptionIds).toEqual([7, 300])
  expect(message.properties).toBeUndefined()
})

it.each([
  { given: "3.1.1", properties: {} },
  { given: "5", properties: { subscriptionIdentifiersAvailable: false } },
] as const)("leaves identifiers out where there are none ($given)", async ({ given, properties }) => {
  const { broker, peer } = await scripted({ protocol: given })
  const client = await broker.nextPeer()
  await client.accept({ properties })
  await peer.connection()
  const granted = peer.link.subscribe([
    { filter: "a", qos: 1, identifier: 7 },
    { filter: "b", qos: 1, identifier: 8 },
  ])
  const asked = await client.expect("subscribe")
  expect(asked.subscriptions).toHaveLength(2)
  expect(asked.properties?.subscriptionIdentifier).toBeUndefined()
  client.send({ cmd: "suback", messageId: asked.messageId!, granted: [1, 1] })
  await granted
})

it.each([
  { given: "a/#/b", want: "invalid_argument" },
  { given: "a+/b", want: "invalid_argument" },
  { given: "", want: "invalid_argument" },
])("refuses the filter $given", async ({ given, want }) => {
  const { broker, peer } = await scripted()
  await (await broker.nextPeer()).accept()
  await peer.connection()
  await expect(peer.link.subscribe([{ filter: given, qos: 0 }])).rejects.toMatchObject({ code: want })
})

it.each([
  { given: "3003000161", why: "ends within its topic length" },
  { given: "32050001610000", why: "packet identifier 0" },
  { given: "360500016100017f", why: "QoS 3" },
  { given: "30ffffffff7f", why: "five length octets" },
  { given: "4001ff", why: "a short PUBACK" },
  { given: "3003000000", why: "an empty topic" },
  { given: "300600016103ff00", why: "an unknown property" },
  { given: "30080001610323004178", why: "a topic alias that was not offered" },
])("hangs up on a packet with $why, and comes back", async ({ given }) => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  client.write(Buffer.from(given, "hex"))
  expect(await peer.disconnection()).toMatchObject({ kind: "server", final: false })
  expect(peer.disconnected[0]!.code).toBeGreaterThanOrEqual(0x81)
  await (await broker.nextPeer()).accept()
  await peer.connection(2)
  expect(peer.messages).toEqual([])
})

it("reads packets wherever the network cuts them", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  const packets = [
    Buffer.from("300700016100616263", "hex"),
    Buffer.from("3209000162000700783132", "hex"),
    Buffer.concat([Buffer.from("30f403000163", "hex"), Buffer.from([0]), Buffer.alloc(496, 0x79)]),
  ]
  const all = Buffer.concat([...packets, ...packets])
  for (const octet of all) {
    client.write(Buffer.from([octet]))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await peer.message(6)
  expect(peer.messages.map((each) => `${each.topic} ${each.text.slice(0, 4)} ${each.text.length}`)).toEqual([
    "a abc 3",
    "b x12 3",
    "c yyyy 496",
    "a abc 3",
    "b x12 3",
    "c yyyy 496",
  ])
})

it("carries every message property in both directions", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  const properties = {
    payloadIsUtf8: true,
    messageExpirySeconds: 4_000_000_000,
    contentType: "application/json;v=2",
    responseTopic: "r/é",
    correlationData: Uint8Array.of(0, 255, 7),
    userProperties: [
      ["traceparent", "00-1"],
      ["__proto__", "x"],
      ["traceparent", "00-2"],
    ] as const,
  }
  await peer.link.publish({ topic: "a/é", payload: octets("{}"), qos: 0, retain: true, properties })
  const seen = await client.expect("publish")
  expect(seen).toMatchObject({ topic: "a/é", retain: true })
  expect(seen.properties).toMatchObject({
    payloadFormatIndicator: true,
    messageExpiryInterval: 4_000_000_000,
    contentType: "application/json;v=2",
    responseTopic: "r/é",
    correlationData: Buffer.from([0, 255, 7]),
  })
  client.write(client.received.at(-1)!.octets)
  const back = await peer.message()
  expect(back).toMatchObject({ topic: "a/é", retain: true, text: "{}" })
  expect(back.message.properties).toEqual({ ...properties, correlationData: Buffer.from([0, 255, 7]) })
})

it("says no goodbye when it is closed right after it was cut", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  peer.link.abort()
  await peer.link.close({ deadlineMs: 0 })
  await client.closed
  expect(client.received.map((each) => each.cmd)).toEqual(["connect"])
  expect(peer.disconnected).toEqual([{ kind: "closed", message: "closed", final: true }])
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(broker.connections).toBe(1)
})

it("closes while it is still connecting", async () => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.expect("connect")
  await peer.link.close()
  expect(peer.disconnected).toEqual([{ kind: "closed", message: "closed", final: true }])
  await client.closed
})

it("closes while it waits for its next attempt", async () => {
  const port = await freePort()
  const reconnect = { enabled: true, spreadMs: 60_000, baseMs: 60_000, capMs: 60_000, stableMs: 0 }
  const peer = openLink({ url: `mqtt://127.0.0.1:${port}`, clientId: uniqueName(), reconnect })
  await peer.disconnection()
  await peer.link.close()
  await peer.link.close()
  expect(peer.disconnected.at(-1)).toEqual({ kind: "closed", message: "closed", final: true })
})

it("cuts the socket of a server that does not let go before the deadline", async () => {
  const broker = await startScriptedBroker()
  const peer = openLink({ url: broker.url, clientId: uniqueName() })
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  const start = performance.now()
  await peer.link.close({ deadlineMs: 100 })
  expect(performance.now() - start).toBeLessThan(1000)
  await broker.close()
})

it.each([
  { given: "http://127.0.0.1", want: "invalid_argument" },
  { given: "mqtt://", want: "invalid_argument" },
  { given: "nonsense", want: "invalid_argument" },
])("refuses the url $given", ({ given, want }) => {
  expect(() => openLink({ url: given, clientId: "c" })).toThrow(expect.objectContaining({ code: want }))
})

it("refuses certificates for an address that uses none", () => {
  expect(() => openLink({ url: "mqtt://127.0.0.1", clientId: "c", tls: { ca: "x" } })).toThrow(
    expect.objectContaining({ code: "invalid_argument" }),
  )
})
