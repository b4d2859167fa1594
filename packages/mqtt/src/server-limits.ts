import { type OutboundMessage, SdkError, type ServerLimits, type SubscribeRequest } from "@fleetwire/runtime"

/** The largest packet that MQTT can frame, in octets: header, four length octets, 2^28 − 1. */
export const LARGEST_PACKET = 268_435_460

/** What a server that names no limit allows; every 3.1.1 server. */
export const UNLIMITED: ServerLimits = {
  maximumQos: 2,
  receiveMaximum: 65_535,
  maximumPacketSize: LARGEST_PACKET,
  retainAvailable: true,
  wildcardAvailable: true,
  sharedAvailable: true,
  subscriptionIdsAvailable: true,
}

/** The properties of a CONNACK that limit the client, by their names in MQTT.js. */
export interface ConnackProperties {
  readonly receiveMaximum?: number
  readonly maximumQoS?: number
  readonly retainAvailable?: boolean
  readonly maximumPacketSize?: number
  readonly wildcardSubscriptionAvailable?: boolean
  readonly subscriptionIdentifiersAvailable?: boolean
  readonly sharedSubscriptionAvailable?: boolean
  readonly serverKeepAlive?: number
  readonly assignedClientIdentifier?: string
  readonly topicAliasMaximum?: number
}

/** S-6: the limits that a CONNACK of MQTT 5 sets. */
export function limitsOf(properties: ConnackProperties | undefined): ServerLimits {
  const { maximumQoS } = properties ?? {}
  return {
    maximumQos: maximumQoS === 0 || maximumQoS === 1 ? maximumQoS : 2,
    receiveMaximum: properties?.receiveMaximum ?? UNLIMITED.receiveMaximum,
    maximumPacketSize: properties?.maximumPacketSize ?? UNLIMITED.maximumPacketSize,
    retainAvailable: properties?.retainAvailable ?? true,
    wildcardAvailable: properties?.wildcardSubscriptionAvailable ?? true,
    sharedAvailable: properties?.sharedSubscriptionAvailable ?? true,
    subscriptionIdsAvailable: properties?.subscriptionIdentifiersAvailable ?? true,
  }
}

/** The refusal of a publish that is beyond a limit, before anything is sent; undefined where it fits. */
export function publishRefusal(limits: ServerLimits, message: OutboundMessage, octets: number): SdkError | undefined {
  if (message.qos > limits.maximumQos) return beyond("maximumQos", `QoS ${message.qos}, at most ${limits.maximumQos}`)
  if (message.retain && !limits.retainAvailable) return beyond("retainAvailable", "retained messages")
  return packetRefusal(limits, octets)
}

/** The refusal of a packet that is too large for the server. */
export function packetRefusal(limits: ServerLimits, octets: number): SdkError | undefined {
  if (octets <= limits.maximumPacketSize) return undefined
  return beyond("maximumPacketSize", `a packet of ${octets} octets, at most ${limits.maximumPacketSize}`)
}

/** The refusal of a subscription that the server says it cannot serve. */
export function subscribeRefusal(limits: ServerLimits, request: SubscribeRequest): SdkError | undefined {
  if (request.filter.startsWith("$share/") && !limits.sharedAvailable) {
    return beyond("sharedAvailable", "shared subscriptions")
  }
  if (!limits.wildcardAvailable && /[+#]/.test(request.filter)) return beyond("wildcardAvailable", "wildcards")
  return undefined
}

function beyond(limit: keyof ServerLimits, what: string): SdkError {
  return new SdkError("unsupported", `the server does not take ${what} (${limit})`, { details: { limit } })
}
