import { brokerForTests, createDevAuthority, startFaultProxy, startMosquitto, uniqueName } from "@fleetwire/broker-lab"
import { isSdkError } from "@fleetwire/runtime"
import { expect, it } from "vitest"
import { octets, openLink } from "../test/open-link.js"

const PERSISTENT = { session: { kind: "persistent", expirySeconds: 60 } } as const
const VERSIONS = ["3.1.1", "5"] as const

it.each([
  { kind: "tcp", protocol: "3.1.1" },
  { kind: "tcp", protocol: "5" },
  { kind: "tls", protocol: "5" },
  { kind: "ws", protocol: "5" },
] as const)(
  "holds little of a flood that it cannot handle as fast, and loses none of it: $kind, MQTT $protocol",
  async (given) => {
    const { kind, protocol } = given
    const authority = await createDevAuthority()
    const tls = { ...(await authority.issue({ commonName: "broker", purpose: "server" })), ca: authority.ca }
    const broker = await startMosquitto({
      settings: { max_queued_messages: 0 },
      listeners: [{ kind: "tls", tls }, { kind: "ws" }],
    })
    const reader = openLink(
      {
        url: broker.urlOf(kind),
        protocol,
        clientId: uniqueName(),
        receiveMaximum: 16,
        ...(kind === "tls" ? { tls: { ca: authority.ca } } : {}),
      },
      true,
    )
    await reader.connection()
    await reader.link.subscribe([{ filter: "flood", qos: 1 }])
    const producer = openLink({ url: broker.url, protocol, clientId: uniqueName() })
    await producer.connection()
    const LOTS = 3_000
    let handled = 0
    let most = 0
    const handling = (async () => {
      while (handled < LOTS) {
        most = Math.max(most, reader.messages.length - handled)
        for (const { message } of reader.messages.slice(handled, handled + 4)) {
          handled++
          message.acknowledge()
        }
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })()
    const payload = octets("x".repeat(2_000))
    const sent = Array.from({ length: LOTS }, () =>
      producer.link.publish({ topic: "flood", payload, qos: 1, retain: false }),
    )
    await Promise.all([...sent, handling])
    // What is allowed, and what one read brings.
    expect(most).toBeLessThan(16 + 64)
    expect(reader.disconnected).toEqual([])
    await Promise.all([reader, producer].map(({ link }) => link.close()))
    await broker.stop()
  },
)

for (const protocol of VERSIONS) {
  it(`shares a subscription: each message reaches one of the group, at MQTT ${protocol}`, async () => {
    const { url } = await brokerForTests()
    const topic = uniqueName()
    const group = [1, 2].map(() => openLink({ url, protocol, clientId: uniqueName() }))
    for (const each of group) {
      await each.connection()
      expect(await each.link.subscribe([{ filter: `$share/readers/${topic}/+`, qos: 1 }])).toEqual([1])
    }
    const producer = openLink({ url, protocol, clientId: uniqueName() })
    await producer.connection()
    const sent = Array.from({ length: 20 }, (_, n) => `${topic}/${n}`)
    for (const each of sent) await producer.link.publish({ topic: each, payload: octets("x"), qos: 1, retain: false })
    await expect.poll(() => group.reduce((sum, { messages }) => sum + messages.length, 0)).toBe(20)
    expect(group.flatMap(({ messages }) => messages.map((each) => each.topic)).sort()).toEqual([...sent].sort())
    for (const { messages } of group) expect(messages.length).toBeGreaterThan(0)
    await Promise.all([...group, producer].map(({ link }) => link.close()))
  })

  it(`receives held messages again after a lost connection, at MQTT ${protocol}`, async () => {
    const { url } = await brokerForTests()
    const topic = uniqueName()
    const consumer = openLink({ url, protocol, clientId: uniqueName(), ...PERSISTENT }, true)
    await consumer.connection()
    await consumer.link.subscribe([{ filter: `${topic}/#`, qos: 2 }])
    const producer = openLink({ url, protocol, clientId: uniqueName() })
    await producer.connection()
    for (const qos of [1, 2, 1] as const) {
      await producer.link.publish({ topic: `${topic}/${qos}`, payload: octets("x"), qos, retain: false })
    }
    await consumer.message(3)
    consumer.messages[0]!.message.acknowledge()
    // The first acknowledgement is on its way before the cut.
    await new Promise((resolve) => setTimeout(resolve, 50))
    consumer.link.abort()
    expect(await consumer.connection(2)).toMatchObject({ sessionPresent: true })
    await consumer.message(5)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const again = consumer.messages.slice(3)
    expect(again.map((each) => [each.qos, each.dup])).toEqual([
      [2, true],
      [1, true],
    ])
    for (const each of again) each.message.acknowledge()
    await new Promise((resolve) => setTimeout(resolve, 50))
    consumer.link.abort()
    await consumer.connection(3)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(consumer.messages).toHaveLength(5)
    await Promise.all([consumer.link.close(), producer.link.close()])
  })

  it(`loses no message of QoS 1 that follows many of QoS 2, at MQTT ${protocol}`, async () => {
    const { url } = await brokerForTests()
    const topic = uniqueName()
    const producer = openLink({ url, protocol, clientId: uniqueName() })
    await producer.connection()
    const said = Array.from({ length: 60 }, (_, n) =>
      producer.link.publish({
        topic: `${topic}/${n}`,
        payload: octets(String(n)),
        // The one after twenty of QoS 2 is acknowledged by Mosquitto, and thrown away, if those are all it has room for.
        qos: n % 21 === 20 ? 1 : 2,
        retain: true,
      }),
    )
    await Promise.all(said)
    const reader = openLink({ url, protocol, clientId: uniqueName() })
    await reader.connection()
    await reader.link.subscribe([{ filter: `${topic}/+`, qos: 1 }])
    await reader.message(60)
    expect(reader.messages.map(({ text }) => Number(text)).sort((a, b) => a - b)).toEqual(said.map((_, n) => n))
    await Promise.all([reader.link.close(), producer.link.close()])
  })

  it(`loses and doubles nothing of QoS 2 over a wire that is cut again and again, at MQTT ${protocol}`, async () => {
    // With its default window of 20 Mosquitto 2.0.11 answers PUBREC and drops the message, which 3.1.1 cannot tell.
    const broker = await startMosquitto({ settings: { max_inflight_messages: 0, max_queued_messages: 0 } })
    const proxy = await startFaultProxy({ targetPort: broker.port })
    const topic = uniqueName()
    const consumer = openLink({ url: broker.url, protocol, clientId: uniqueName(), ...PERSISTENT })
    await consumer.connection()
    await consumer.link.subscribe([{ filter: topic, qos: 2 }])
    const reconnect = { enabled: true, spreadMs: 5, baseMs: 5, capMs: 20, stableMs: 1 }
    const producer = openLink({ url: proxy.url, protocol, clientId: uniqueName(), ...PERSISTENT, reconnect })
    for (const cmd of ["publish", "pubrel"] as const) {
      for (const nth of [5, 25, 61]) proxy.fault({ direction: "to-broker", cmd, nth, action: { kind: "reset" } })
    }
    for (const cmd of ["pubrec", "pubcomp"] as const) {
      for (const nth of [12, 40]) proxy.fault({ direction: "to-client", cmd, nth, action: { kind: "reset" } })
    }
    await producer.connection()
    const total = 100
    const outcomes: Promise<unknown>[] = []
    // As an outbox does: what waited for its turn and was never sent is offered again.
    const offer = async (text: string): Promise<unknown> => {
      while (!producer.link.connected) await new Promise((resolve) => setTimeout(resolve, 1))
      const outcome = producer.link.publish({ topic, payload: octets(text), qos: 2, retain: false })
      return outcome.catch((error: unknown) => {
        if (isSdkError(error) && error.code === "unavailable" && error.sent === false) return offer(text)
        throw error
      })
    }
    for (let i = 0; i < total; i += 1) {
      while (!producer.link.connected) await new Promise((resolve) => setTimeout(resolve, 1))
      outcomes.push(offer(String(i)))
      if (i % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await Promise.all(outcomes)
    await consumer.message(total)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const numbers = consumer.messages.map((each) => Number(each.text)).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: total }, (_, i) => i))
    expect(proxy.connections).toBeGreaterThan(3)
    await Promise.all([consumer.link.close(), producer.link.close()])
    await proxy.stop()
    await broker.stop()
  })

  it(`finishes a publish whose acknowledgement was lost, at MQTT ${protocol}`, async () => {
    const { port } = await brokerForTests()
    const proxy = await startFaultProxy({ targetPort: port })
    proxy.fault({ direction: "to-client", cmd: "puback", nth: 1, action: { kind: "drop" } })
    const producer = openLink({
      url: proxy.url,
      protocol,
      clientId: uniqueName(),
      ...PERSISTENT,
      acknowledgeTimeoutMs: 100,
    })
    await producer.connection()
    const outcome = producer.link.publish({ topic: uniqueName(), payload: octets("x"), qos: 1, retain: false })
    // 0x10 at MQTT 5: nobody subscribed, and the caller learns of it.
    expect(await outcome).toEqual({ reasonCode: protocol === "5" ? 0x10 : 0 })
    expect(producer.disconnected).toMatchObject([{ kind: "acknowledge-timeout" }])
    const publishes = proxy.log.filter((each) => each.cmd === "publish").map((each) => each.packet)
    expect(publishes).toMatchObject([{ dup: false }, { dup: true }])
    expect(new Set(publishes.map((each) => each?.messageId)).size).toBe(1)
    await producer.link.close()
    await proxy.stop()
  })

  it(`learns that another client took its session, at MQTT ${protocol}`, async () => {
    const { url } = await brokerForTests()
    const clientId = uniqueName()
    const reconnect = { enabled: true, spreadMs: 5, baseMs: 5, capMs: 1500, stableMs: 60_000 }
    const first = openLink({ url, protocol, clientId, reconnect })
    await first.connection()
    const second = openLink({ url, protocol, clientId, reconnect })
    // Mosquitto 2.0.11 does not say 0x8E at MQTT 5 either; the scripted broker's tests do.
    const taken = () => [...first.disconnected, ...second.disconnected].find((each) => each.kind === "taken-over")
    await expect.poll(taken, { timeout: 5000 }).toBeDefined()
    if (taken()?.code === undefined) expect(taken()).toMatchObject({ final: false, retryInMs: 1500 })
    else expect(taken()).toMatchObject({ final: true, code: 0x8e })
    await Promise.all([first.link.close(), second.link.close()])
  })
}

it("spares topics by the ten aliases that Mosquitto takes by default, and loses nothing when the wire is cut", async () => {
  const { port, url } = await brokerForTests()
  const proxy = await startFaultProxy({ targetPort: port, topicAliases: true })
  const root = uniqueName()
  const consumer = openLink({ url, clientId: uniqueName() })
  await consumer.connection()
  await consumer.link.subscribe([{ filter: `${root}/#`, qos: 2 }])
  const producer = openLink({ url: proxy.url, clientId: uniqueName(), ...PERSISTENT })
  const publish = (round: number) =>
    Array.from({ length: 12 }, (_, i) =>
      producer.link.publish({
        topic: `${root}/${i}`,
        payload: octets(`${i} ${round}`),
        qos: (i % 3) as 0 | 1 | 2,
        retain: false,
      }),
    )
  await producer.connection()
  for (let round = 0; round < 3; round += 1) await Promise.all(publish(round))
  expect(proxy.log.find((each) => each.cmd === "connack")?.packet).toMatchObject({
    properties: { topicAliasMaximum: 10 },
  })
  const sent = () =>
    proxy.log
      .filter((each) => each.cmd === "publish" && each.direction === "to-broker")
      .map((each) => each.packet as { topic: string; dup: boolean; properties?: { topicAlias?: number } })
  const bare = sent().filter((each) => each.topic === "")
  expect(bare.map((each) => each.properties?.topicAlias).sort((a, b) => a! - b!)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ])
  proxy.fault({ direction: "to-client", cmd: "puback", nth: 1, action: { kind: "reset" } })
  const before = sent().length
  const outcomes = publish(3)
  await producer.connection(2)
  await Promise.all(outcomes)
  for (let round = 4; round < 7; round += 1) await Promise.all(publish(round))
  const again = sent()
    .slice(before)
    .filter((each) => each.dup)
  expect(again.length).toBeGreaterThan(0)
  for (const each of again)
    expect([each.topic.startsWith(root), each.properties?.topicAlias]).toEqual([true, undefined])
  await expect.poll(() => new Set(consumer.messages.map((each) => each.text)).size, { timeout: 5000 }).toBe(84)
  for (const { topic, text } of consumer.messages) expect(topic).toBe(`${root}/${text.split(" ")[0]}`)
  expect(consumer.disconnected).toEqual([])
  expect(producer.disconnected).toHaveLength(1)
  await Promise.all([consumer.link.close(), producer.link.close()])
  await proxy.stop()
})

it("comes back after the broker was restarted, with its session", async () => {
  const broker = await startMosquitto({ persistence: true })
  const topic = uniqueName()
  const consumer = openLink({ url: broker.url, clientId: uniqueName(), ...PERSISTENT })
  await consumer.connection()
  await consumer.link.subscribe([{ filter: topic, qos: 1 }])
  await broker.restart()
  expect(await consumer.connection(2)).toMatchObject({ sessionPresent: true })
  await consumer.link.publish({ topic, payload: octets("after"), qos: 1, retain: false })
  expect(await consumer.message()).toMatchObject({ text: "after" })
  await consumer.link.close()
  await broker.stop()
})

it("says that the session is gone when the broker lost it", async () => {
  const broker = await startMosquitto()
  const peer = openLink({ url: broker.url, clientId: uniqueName(), ...PERSISTENT })
  await peer.connection()
  await broker.pause()
  const outcome = peer.link.publish({ topic: uniqueName(), payload: octets("x"), qos: 1, retain: false })
  const failed = expect(outcome).rejects.toMatchObject({ code: "unavailable", sent: true, mayHaveRun: true })
  await broker.kill()
  await broker.restart()
  expect(await peer.connection(2)).toMatchObject({ sessionPresent: false })
  await failed
  await peer.link.close()
  await broker.stop()
})

it("finds a broker that stands still by its keep-alive", async () => {
  const broker = await startMosquitto()
  const peer = openLink({ url: broker.url, clientId: uniqueName(), keepAliveSeconds: 2, connectTimeoutMs: 500 })
  await peer.connection()
  const start = performance.now()
  await broker.pause()
  expect(await peer.disconnection()).toMatchObject({ kind: "keep-alive" })
  expect(performance.now() - start).toBeLessThan(3200)
  await broker.resume()
  await peer.connection(2)
  await peer.link.close()
  await broker.stop()
})

it("finds a black hole by its keep-alive, and connects again once it is gone", async () => {
  const { port } = await brokerForTests()
  const proxy = await startFaultProxy({ targetPort: port })
  const peer = openLink({ url: proxy.url, clientId: uniqueName(), keepAliveSeconds: 1, connectTimeoutMs: 300 })
  await peer.connection()
  proxy.blackHole("to-client")
  const start = performance.now()
  expect(await peer.disconnection()).toMatchObject({ kind: "keep-alive" })
  expect(performance.now() - start).toBeLessThan(1700)
  expect(await peer.disconnection(2)).toMatchObject({ kind: "network", message: "no CONNACK in time" })
  proxy.heal()
  await peer.connection(2)
  await peer.link.close()
  await proxy.stop()
})

it("spreads the first attempts after a loss", async () => {
  const { port } = await brokerForTests()
  const proxy = await startFaultProxy({ targetPort: port })
  const reconnect = { enabled: true, spreadMs: 1000, baseMs: 100, capMs: 1000, stableMs: 0 }
  const peers = Array.from({ length: 40 }, (_, i) => {
    const random = { next: () => (i + 0.5) / 40, bytes: (length: number) => new Uint8Array(length) }
    return openLink({ url: proxy.url, clientId: uniqueName(), reconnect, random })
  })
  await Promise.all(peers.map((peer) => peer.connection()))
  const before = proxy.connectTimes.length
  const start = performance.now()
  proxy.reset()
  await Promise.all(peers.map((peer) => peer.connection(2)))
  const waits = peers.map((peer) => peer.disconnected[0]?.retryInMs ?? 0).sort((a, b) => a - b)
  const perFifth = [0, 1, 2, 3, 4].map((fifth) => waits.filter((wait) => Math.floor(wait / 200) === fifth).length)
  expect(perFifth).toEqual([8, 8, 8, 8, 8])
  // Each came when it had said that it would, or somewhat later: never before.
  const times = proxy.connectTimes.slice(before).map((at) => at - start)
  expect(times).toHaveLength(40)
  expect(times.filter((at, n) => at < waits[n]! - 2)).toEqual([])
  await Promise.all(peers.map((peer) => peer.link.close()))
  await proxy.stop()
})
