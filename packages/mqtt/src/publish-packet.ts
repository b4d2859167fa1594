import type { OutboundMessage, ProtocolVersion } from "@fleetwire/runtime"
import { prefixedLength, propertiesLength, writeProperties } from "./message-properties.js"
import { allocate, utf8Length, variableLength, writeText, writeVariable } from "./octets.js"
import { checkTopicName } from "./topic-rules.js"

/** A PUBLISH as it goes over the wire. The packet identifier is still zero; see `setPacketId`. */
export interface PublishPacket {
  readonly octets: Uint8Array
  /** Position of the packet identifier; 0 at QoS 0, which has none. */
  readonly idAt: number
}

const PUBLISH = 0x30
const DUP = 0x08

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
  at = writeText(octets, at, topic, topicLength)
  const idAt = idLength === 0 ? 0 : at
  if (idLength === 2) {
    octets[at] = 0
    octets[at + 1] = 0
    at += 2
  }
  if (five) at = writeProperties(octets, at, message.properties, propertyOctets)
  octets.set(payload, at)
  return { octets, idAt }
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
