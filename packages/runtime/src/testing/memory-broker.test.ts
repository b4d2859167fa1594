import { describe, expect, it } from "vitest"
import type { InboundMessage, Link, LinkOptions, ProtocolVersion } from "../transport.js"
import { manualClock } from "./manual-clock.js"
import { MEMORY_PROTOCOLS, type MemoryBrokerOptions, memoryBroker } from "./memory-broker.js"
import { seededRandom } from "./seeded-random.js"

const text = (payload: Uint8Array): string => new TextDecoder().decode(payload)
const bytes = (words: string): Uint8Array => new TextEncoder().encode(words)

function lab(protocol: ProtocolVersion, options: MemoryBrokerOptions = {}) {
  const clock = manualClock()
  const broker = memoryBroker({ clock, ...options })
  const client = (clientId: string, more: Partial<LinkOptions> = {}) => {
    const got: InboundMessage[] = []
    const events: string[] = []
    const auto = { acknowledge: true }
    const link: Link = broker.transport.open(
      {
        url: "mqtt://memory",
        protocol,
        clientId,
        session: { kind: "clean" },
        keepAliveSeconds: 30,
        reconnect: { enabled: true, spreadMs: 100, baseMs: 100, capMs: 100, stableMs: 1_000 },
        clock,
        random: seededRandom(1),
        ...more,
      },
      {
        onConnected: ({ sessionPresent }) => void events.push(`connected ${sessionPresent}`),
        onDisconnected: ({ kind, final }) => void events.push(`${kind}${final ? " final" : ""}`),
        onMessage: (message) => {
          got.push({ ...message, payload: message.payload.slice() })
          if (auto.acknowledge) message.acknowledge()
        },
      },
    )
    return { link, got, events, auto, said: () => got.map(({ payload }) => text(payload)) }
  }
  return { clock, broker, client }
}

describe.each(MEMORY_PROTOCOLS)("the broker in memory at MQTT %s", (protocol) => {
  it("keeps the session and what came meanwhile for a persistent client, nothing for a clean one", async () => {
    const { clock, broker, client } = lab(protocol)
    const kept = client("kept", { session: { kind: "persistent", expirySeconds: 60 } })
    const clean = client("clean")
    await clock.settle()
    for (const { link } of [kept, clean]) await link.subscribe([{ filter: "a/+", qos: 1 }])
    broker.cut("kept")
    broker.cut("clean")
    broker.publish({ topic: "a/b", payload: bytes("x"), qos: 1 })
    broker.publish({ topic: "a/b", payload: bytes("lost"), qos: 0 })
    await clock.advance(200)
    expect(kept.events).toEqual(["connected false", "network", "connected true"])
    expect(kept.said()).toEqual(["x"])
    expect(clean.events.at(-1)).toBe("connected false")
    expect(clean.said()).toEqual([])
  })

  it("redelivers the unacknowledged with DUP and the same identifier", async () => {
    const { clock, broker, client } = lab(protocol)
    const one = client("one", { session: { kind: "persistent", expirySeconds: 60 } })
    one.auto.acknowledge = false
    await clock.settle()
    await one.link.subscribe([{ filter: "a", qos: 2 }])
    for (const qos of [1, 2] as const) broker.publish({ topic: "a", payload: bytes(`q${qos}`), qos })
    await clock.settle()
    one.auto.acknowledge = true
    broker.cut("one")
    await clock.advance(200)
    const seen = one.got.map(({ payload, dup, packetId }) => [text(payload), dup, packetId])
    expect(seen.slice(2)).toEqual([
      ["q1", true, seen[0]?.[2]],
      ["q2", true, seen[1]?.[2]],
    ])
    broker.cut("one")
    await clock.advance(200)
    expect(one.got).toHaveLength(4)
  })

  it("sends acknowledgements in order of receipt", async () => {
    const { clock, broker, client } = lab(protocol)
    const one = client("one")
    one.auto.acknowledge = false
    await clock.settle()
    await one.link.subscribe([{ filter: "a", qos: 1 }])
    for (const word of ["1", "2", "3"]) broker.publish({ topic: "a", payload: bytes(word), qos: 1 })
    await clock.settle()
    const acks = (): number[] =>
      broker.log.flatMap(({ packet, direction }) => (direction === "in" && packet.type === "puback" ? [packet.id] : []))
    one.got[2]?.acknowledge()
    one.got[1]?.acknowledge()
    await clock.settle()
    expect(acks()).toEqual([])
    one.got[0]?.acknowledge()
    await clock.settle()
    expect(acks()).toEqual(one.got.map(({ packetId }) => packetId))
  })

  it("delivers a QoS 2 message once, though its PUBREC is lost", async () => {
    const { clock, broker, client } = lab(protocol)
    const one = client("one", { session: { kind: "persistent", expirySeconds: 60 } })
    await clock.settle()
    const heard: string[] = []
    broker.tap(({ payload }) => void heard.push(text(payload)))
    const stop = broker.intercept(({ packet, direction }) =>
      direction === "out" && packet.type === "pubrec" ? "drop" : undefined,
    )
    const published = one.link.publish({ topic: "a", payload: bytes("x"), qos: 2, retain: false })
    await clock.settle()
    stop()
    broker.cut("one")
    await clock.advance(200)
    expect((await published).reasonCode).toBeLessThan(0x80)
    expect(heard).toEqual(["x"])
  })

  it("keeps, replaces and clears retained messages, marked for late subscribers only", async () => {
    const { clock, broker, client } = lab(protocol)
    const one = client("one")
    await clock.settle()
    broker.publish({ topic: "a", payload: bytes("1"), retain: true })
    broker.publish({ topic: "a", payload: bytes("2"), retain: true })
    await one.link.subscribe([{ filter: "#", qos: 1 }])
    await clock.settle()
    broker.publish({ topic: "a", payload: bytes("3"), retain: true })
    broker.publish({ topic: "a", payload: bytes(""), retain: true })
    await clock.settle()
    expect(one.got.map(({ payload, retain }) => `${text(payload)} ${retain}`)).toEqual(["2 true", "3 false", " false"])
    expect(broker.retained("a")).toBeUndefined()
  })

  it("publishes the will when a connection is cut, not when it is closed", async () => {
    const { clock, broker, client } = lab(protocol)
    const heard: string[] = []
    broker.tap(({ topic }) => void heard.push(topic))
    const will = { topic: "gone", payload: bytes("x"), qos: 1, retain: true } as const
    const polite = client("polite", { will: () => ({ ...will, topic: "polite" }) })
    client("rude", { will: () => will })
    await clock.settle()
    await polite.link.close()
    broker.cut("rude")
    await clock.settle()
    expect(heard).toEqual(["gone"])
    expect(polite.events.at(-1)).toBe("closed final")
  })

  it("never has more under way to a client than its window", async () => {
    const { clock, broker, client } = lab(protocol, { maximumInflight: 3 })
    const one = client("one")
    one.auto.acknowledge = false
    await clock.settle()
    await one.link.subscribe([{ filter: "a", qos: 1 }])
    for (let n = 0; n < 10; n++) broker.publish({ topic: "a", payload: bytes(String(n)), qos: 1 })
    await clock.settle()
    expect(one.said()).toEqual(["0", "1", "2"])
    one.got[0]?.acknowledge()
    await clock.settle()
    expect(one.said()).toEqual(["0", "1", "2", "3"])
  })
})

describe("the broker in memory at MQTT 5", () => {
  it("counts message expiry down and drops what has expired", async () => {
    const { clock, broker, client } = lab("5")
    const one = client("one", { session: { kind: "persistent", expirySeconds: 60 } })
    await clock.settle()
    await one.link.subscribe([{ filter: "a", qos: 1 }])
    broker.stop()
    await clock.settle()
    broker.publish({ topic: "a", payload: bytes("short"), qos: 1, properties: { messageExpirySeconds: 2 } })
    broker.publish({ topic: "a", payload: bytes("long"), qos: 1, properties: { messageExpirySeconds: 30 } })
    await clock.advance(5_000)
    broker.start()
    await clock.advance(200)
    expect(one.said()).toEqual(["long"])
    expect(one.got[0]?.properties?.messageExpirySeconds).toBe(25)
  })

  it("sends one copy for each overlapping subscription, with its identifier", async () => {
    const { clock, broker, client } = lab("5")
    const one = client("one")
    await clock.settle()
    await one.link.subscribe([
      { filter: "a/+", qos: 1, identifier: 7 },
      { filter: "a/b", qos: 1, identifier: 8 },
    ])
    broker.publish({ topic: "a/b", payload: bytes("x"), qos: 1 })
    await clock.settle()
    expect(one.got.map(({ subscriptionIds }) => subscriptionIds)).toEqual([[7], [8]])
  })

  it("does not send a client its own with no-local", async () => {
    const { clock, client } = lab("5")
    const one = client("one")
    await clock.settle()
    await one.link.subscribe([{ filter: "a", qos: 1, noLocal: true, retainAsPublished: true }])
    await one.link.publish({ topic: "a", payload: bytes("mine"), qos: 1, retain: false })
    const two = client("two")
    await clock.settle()
    await two.link.publish({ topic: "a", payload: bytes("theirs"), qos: 1, retain: true })
    await clock.settle()
    expect(one.got.map(({ payload, retain }) => `${text(payload)} ${retain}`)).toEqual(["theirs true"])
  })

  it("forgets a session that has expired", async () => {
    const { clock, broker, client } = lab("5")
    const one = client("one", { session: { kind: "persistent", expirySeconds: 1 } })
    await clock.settle()
    broker.stop()
    await clock.advance(2_000)
    broker.start()
    await clock.advance(200)
    expect(one.events.at(-1)).toBe("connected false")
  })
})
