import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { generate, type Packet } from "mqtt-packet"
import { afterEach, beforeEach, expect, it } from "vitest"
import { type FaultProxy, startFaultProxy } from "./fault-proxy.js"
import { type ScriptedBroker, type ScriptedPeer, startScriptedBroker } from "./scripted-broker.js"

let broker: ScriptedBroker
let proxy: FaultProxy
let client: Socket
let peer: ScriptedPeer

const publish = (payload: string, messageId = 1): Packet => ({
  cmd: "publish",
  topic: "a/b",
  payload,
  qos: 1,
  messageId,
  dup: false,
  retain: false,
})

async function join(): Promise<void> {
  client = connect({ port: proxy.port, host: "127.0.0.1", noDelay: true })
  client.on("error", () => undefined)
  client.write(
    generate({ cmd: "connect", clientId: "c", protocolVersion: 4, clean: true, keepalive: 0, protocolId: "MQTT" }),
  )
  peer = await broker.nextPeer()
  await peer.accept()
  await once(client, "data")
}

beforeEach(async () => {
  broker = await startScriptedBroker()
  proxy = await startFaultProxy({ targetPort: broker.port })
  await join()
})

afterEach(async () => {
  client.destroy()
  await proxy.stop()
  await broker.close()
})

const closed = (socket: Socket) =>
  new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once("close", () => resolve())))

const payloads = (from: ScriptedPeer) =>
  from.received.flatMap((each) => (each.packet?.cmd === "publish" ? [String(each.packet.payload)] : []))

it("passes packets on and writes them down", async () => {
  client.write(generate(publish("x")))
  expect(await peer.expect("publish")).toMatchObject({ topic: "a/b", qos: 1, messageId: 1 })
  peer.send({ cmd: "puback", messageId: 1 })
  await once(client, "data")
  expect(proxy.log.map(String)).toEqual([
    "#1 → connect clientId=c",
    "#1 ← connack returnCode=0",
    '#1 → publish qos=1 messageId=1 "a/b" "x"',
    "#1 ← puback messageId=1",
  ])
  expect(proxy.count("to-broker", "publish")).toBe(1)
  expect(proxy.connectTimes).toHaveLength(1)
})

it("drops only the n-th packet of a kind", async () => {
  proxy.fault({ direction: "to-broker", cmd: "publish", nth: 2, action: { kind: "drop" } })
  for (const [index, text] of ["a", "b", "c"].entries()) client.write(generate(publish(text, index + 1)))
  await peer.expect("publish")
  await peer.expect("publish")
  await peer.expectSilence(30)
  expect(payloads(peer)).toEqual(["a", "c"])
  expect(proxy.count("to-broker", "publish")).toBe(3)
  expect(proxy.count("to-broker", "publish", "passed")).toBe(2)
})

it("repeats a packet", async () => {
  proxy.fault({ direction: "to-broker", cmd: "publish", nth: 1, action: { kind: "repeat", times: 2 } })
  client.write(generate(publish("a")))
  client.write(generate(publish("b", 2)))
  for (let i = 0; i < 4; i += 1) await peer.expect("publish")
  expect(payloads(peer)).toEqual(["a", "a", "a", "b"])
})

it.each([
  { given: { blocking: false }, want: ["b", "a"] },
  { given: { blocking: true }, want: ["a", "b"] },
])("holds a packet back: $given", async ({ given, want }) => {
  proxy.fault({ direction: "to-broker", cmd: "publish", nth: 1, action: { kind: "delay", ms: 40, ...given } })
  const start = performance.now()
  client.write(generate(publish("a")))
  client.write(generate(publish("b", 2)))
  await peer.expect("publish")
  await peer.expect("publish")
  expect(payloads(peer)).toEqual(want)
  expect(performance.now() - start).toBeGreaterThan(35)
})

it("resets both sides at a packet", async () => {
  proxy.fault({ direction: "to-broker", cmd: "publish", action: { kind: "reset" } })
  client.write(generate(publish("a")))
  await Promise.all([closed(client), peer.closed])
  expect(payloads(peer)).toEqual([])
  await expect.poll(() => proxy.open).toBe(0)
})

it("resets after a packet that the other side still gets", async () => {
  proxy.fault({ direction: "to-broker", cmd: "publish", action: { kind: "reset", after: true } })
  client.write(generate(publish("a")))
  await peer.closed
  expect(payloads(peer)).toEqual(["a"])
})

it("swallows one direction without telling anybody", async () => {
  proxy.blackHole("to-broker")
  client.write(generate(publish("a")))
  await peer.expectSilence(40)
  peer.send({ cmd: "pingresp" })
  await once(client, "data")
  expect(client.destroyed).toBe(false)
  const cut = closed(client)
  proxy.heal()
  await cut
})

it("leaves the client with a half-open connection", async () => {
  proxy.halfOpen()
  await peer.closed
  client.write(generate(publish("a")))
  await new Promise((resolve) => setTimeout(resolve, 40))
  expect(client.destroyed).toBe(false)
  expect(proxy.open).toBe(1)
})

it("cuts octets into slices and delays them, and loses none", async () => {
  proxy.shape({ sliceOctets: 1, latencyMs: 10, jitterMs: 10 })
  const start = performance.now()
  client.write(generate(publish("abcdefgh")))
  expect(String((await peer.expect("publish")).payload)).toBe("abcdefgh")
  expect(performance.now() - start).toBeGreaterThan(9)
})

it("keeps to a bandwidth", async () => {
  proxy.shape({ octetsPerSecond: 10_000 }, "to-broker")
  const start = performance.now()
  for (let i = 0; i < 10; i += 1) client.write(generate(publish("x".repeat(91), i + 1)))
  for (let i = 0; i < 10; i += 1) await peer.expect("publish")
  const took = performance.now() - start
  expect(took).toBeGreaterThan(80)
  expect(took).toBeLessThan(400)
})

it("refuses new connections until it is healed", async () => {
  proxy.refuse()
  const refused = connect(proxy.port, "127.0.0.1")
  refused.on("error", () => undefined)
  await closed(refused)
  proxy.heal()
  client.destroy()
  await join()
  expect(proxy.connections).toBe(3)
})

it("passes the end of one side on to the other", async () => {
  peer.end()
  await closed(client)
  await expect.poll(() => proxy.open).toBe(0)
})
