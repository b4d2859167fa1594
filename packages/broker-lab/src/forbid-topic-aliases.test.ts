import { generate, type Packet } from "mqtt-packet"
import { expect, it } from "vitest"
import { forbidTopicAliases } from "./forbid-topic-aliases.js"
import { parsePacket } from "./lab-packet.js"

const PROPERTIES = { receiveMaximum: 20, userProperties: { a: ["1", "2"], b: "3" }, maximumPacketSize: 5000 }
const CONNECT = {
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 5,
  clientId: "c",
  clean: true,
  keepalive: 7,
  username: "ada",
  password: Buffer.from([0, 255]),
} as const
const CONNACK = { cmd: "connack", sessionPresent: true, reasonCode: 0 } as const

const octetsOf = (packet: object, properties: object) =>
  generate({ ...packet, properties } as Packet, { protocolVersion: 5 })

it.each([CONNECT, CONNACK])("announces 0 in $cmd, and leaves all else as it was", (packet) => {
  const before = { ...PROPERTIES, topicAliasMaximum: 300, authenticationMethod: "m" }
  const octets = octetsOf(packet, before)
  const changed = forbidTopicAliases(octets)
  const read = parsePacket(changed, 5)!
  expect(read).toMatchObject({ cmd: packet.cmd, properties: { topicAliasMaximum: 0, receiveMaximum: 20 } })
  expect(changed.equals(octetsOf(packet, { ...before, topicAliasMaximum: 0 }))).toBe(true)
  expect(octets.equals(octetsOf(packet, before))).toBe(true)
})

it.each([CONNECT, CONNACK])("returns a $cmd without aliases as it came", (packet) => {
  const octets = octetsOf(packet, PROPERTIES)
  expect(forbidTopicAliases(octets)).toBe(octets)
})

it("returns what is cut short, or something else, as it came", () => {
  const octets = octetsOf(CONNACK, { topicAliasMaximum: 300 })
  for (let length = 1; length < octets.length; length += 1) {
    const part = octets.subarray(0, length)
    expect(forbidTopicAliases(part)).toBe(part)
  }
  const publish = generate({ cmd: "publish", topic: "a", payload: "x", qos: 0, dup: false, retain: false })
  expect(forbidTopicAliases(publish)).toBe(publish)
})
