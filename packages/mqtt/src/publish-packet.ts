import type { OutboundMessage, ProtocolVersion } from "@fleetwire/runtime"
import { prefixedLength, propertiesLength, writeProperties } from "./message-properties.js"
import { allocate, utf8Length, variableLength, writeText, writeVariable } from "./octets.js"
import { checkTopicName } from "./topic-rules.js"

/** A PUBLISH as it goes over the wire. The packet identifier is still zero; see `setPacketId`. */
export interface PublishPacket {
  readonly octets: Uint8Array
  /** Position of the packet identifier; 0 at QoS 0, which has none. */
  readonly idAt: number
  readonly topic: string
  /** Position of the topic's two length octets. */
  readonly topicAt: number
  /** Position of the properties' length; 0 at 3.1.1, which has none. */
  readonly propertiesAt: number
  /** Octets of the properties' values. */
  readonly propertyOctets: number
}

const PUBLISH = 0x30
const DUP = 0x08
const TOPIC_ALIAS = 0x23
/** Octets of the property of a topic alias. */
const ALIAS_OCTETS = 3

/**
 * Writes one PUBLISH. Kept as octets while it is in flight, it is sent again as exactly the same packet with DUP set.
 * Throws `invalid_argument` for a topic or property that MQTT cannot carry.
 */
export function writePublish(message: OutboundMessage, version: ProtocolVersion): PublishPacket {
  const { topic, payload, qos } = message
  const topicLength = utf8Length(topic)
  checkTopicName(topic, topicLength)
  const idLength = qos === 0 ? 0 : 2
  const five = version === "5"
  const propertyOctets = five ? propertiesLength(message.properties) : 0
  const remaining = 2 + topicLength + idLength + (five ? prefixedLength(propertyOctets) : 0) + payload.length
  const octets = allocate(1 + variableLength(remaining) + remaining)
  octets[0] = PUBLISH | (qos << 1) | (message.retain ? 1 : 0)
  let at = writeVariable(octets, 1, remaining)
  const topicAt = at
  at = writeText(octets, at, topic, topicLength)
  const idAt = idLength === 0 ? 0 : at
  if (idLength === 2) {
    octets[at] = 0
    octets[at + 1] = 0
    at += 2
  }
  const propertiesAt = five ? at : 0
  if (five) at = writeProperties(octets, at, message.properties, propertyOctets)
  octets.set(payload, at)
  return { octets, idAt, topic, topicAt, propertiesAt, propertyOctets }
}

/**
 * The same PUBLISH of MQTT 5 with a topic alias, `keepTopic` for the packet that sets it. At QoS 1 and 2 the packet itself
 * stays as it is, with its topic, to be sent again on another connection; at QoS 0 its memory is used. The topic has at
 * least 5 octets.
 */
export function writeAliased(packet: PublishPacket, alias: number, keepTopic: boolean): Uint8Array {
  const { octets, idAt, topicAt, propertiesAt, propertyOctets } = packet
  const topicEnd = idAt === 0 ? propertiesAt : idAt
  const idLength = propertiesAt - topicEnd
  const topicOctets = keepTopic ? topicEnd - topicAt : 2
  const tailAt = propertiesAt + variableLength(propertyOctets)
  const tailLength = octets.length - tailAt
  const aliasedOctets = propertyOctets + ALIAS_OCTETS
  const remaining = topicOctets + idLength + variableLength(aliasedOctets) + ALIAS_OCTETS + tailLength
  const length = 1 + variableLength(remaining) + remaining
  const inPlace = idAt === 0 && !keepTopic
  const target = inPlace ? octets : allocate(length)
  const start = inPlace ? octets.length - length : 0
  target[start] = octets[0]!
  let at = writeVariable(target, start + 1, remaining)
  if (keepTopic) target.set(octets.subarray(topicAt, topicEnd), at)
  else {
    target[at] = 0
    target[at + 1] = 0
  }
  at += topicOctets
  for (let i = 0; i < idLength; i += 1) target[at + i] = octets[topicEnd + i]!
  at = writeVariable(target, at + idLength, aliasedOctets)
  target[at] = TOPIC_ALIAS
  target[at + 1] = alias >>> 8
  target[at + 2] = alias & 0xff
  if (inPlace) return octets.subarray(start)
  target.set(octets.subarray(tailAt), at + ALIAS_OCTETS)
  return target
}

/** Writes the packet identifier into a PUBLISH of QoS 1 or 2. */
export function setPacketId(packet: PublishPacket, id: number): void {
  packet.octets[packet.idAt] = id >>> 8
  packet.octets[packet.idAt + 1] = id & 0xff
}

/** Marks a PUBLISH as sent before. */
export function setDuplicate(packet: PublishPacket): void {
  packet.octets[0]! |= DUP
}
