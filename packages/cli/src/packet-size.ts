import type { Qos } from "@fleetwire/ir"

/** What decides how many octets one message takes on the wire. */
export interface PacketFacts {
  /** Octets of the topic in UTF-8. */
  readonly topic: number
  /** Octets of the payload. */
  readonly payload: number
  readonly qos: Qos
  readonly version: "3.1.1" | "5"
  /** MQTT 5: octets of the Content Type; absent where none is sent. */
  readonly contentType?: number
  /** MQTT 5: whether a Message Expiry Interval is sent. */
  readonly expiry?: boolean
  /** MQTT 5: an alias stands for the topic, which the broker knows already. */
  readonly alias?: boolean
}

/**
 * Octets of the PUBLISH and of all packets that acknowledge it, both directions together, without TCP, IP and TLS. By the
 * packet formats of MQTT 3.1.1 and 5, sections 2 and 3.3 to 3.7.
 */
export function wireBytes(facts: PacketFacts): number {
  const properties = facts.version === "5" ? propertyBytes(facts) : 0
  const topic = 2 + (facts.version === "5" && facts.alias === true ? 0 : facts.topic)
  const remaining = topic + (facts.qos === 0 ? 0 : 2) + properties + facts.payload
  return 1 + varintBytes(remaining) + remaining + ACKNOWLEDGEMENTS[facts.qos]
}

/** PUBACK; PUBREC, PUBREL and PUBCOMP: four octets each, where nothing went wrong. */
const ACKNOWLEDGEMENTS: { readonly [qos in Qos]: number } = { 0: 0, 1: 4, 2: 12 }

function propertyBytes({ contentType, expiry, alias }: PacketFacts): number {
  const formatIndicator = contentType === undefined ? 0 : 2
  const type = contentType === undefined ? 0 : 3 + contentType
  const all = formatIndicator + type + (expiry === true ? 5 : 0) + (alias === true ? 3 : 0)
  return varintBytes(all) + all
}

function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4
}
