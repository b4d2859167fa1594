import type { Format } from "../codec.js"
import type { MessageMeta } from "../surface.js"
import type { InboundMessage, MessageProperties } from "../transport.js"

/** How a message came. Made when it is asked for. */
class Meta implements MessageMeta {
  readonly topic: string
  readonly qos: 0 | 1 | 2
  readonly retained: boolean
  readonly dup: boolean
  declare readonly packetId?: number
  declare readonly traceparent?: string
  readonly format: Format
  readonly receivedAt: number
  readonly size: number

  constructor(message: InboundMessage, size: number, format: Format, receivedAt: number) {
    this.topic = message.topic
    this.qos = message.qos
    this.retained = message.retain
    this.dup = message.dup
    this.format = format
    this.receivedAt = receivedAt
    this.size = size
    if (message.packetId !== undefined) this.packetId = message.packetId
    const traceparent = traceparentOf(message.properties)
    if (traceparent !== undefined) this.traceparent = traceparent
  }
}

/**
 * What a handler gets: the topic's params and the message as own properties, `meta` made on first use. `message` is the
 * field of the delivery; the packet stays hidden.
 */
export class StreamDelivery {
  readonly message: unknown
  readonly #packet: InboundMessage
  readonly #size: number
  readonly #format: Format
  readonly #receivedAt: number
  #meta: MessageMeta | undefined

  constructor(
    message: unknown,
    packet: InboundMessage,
    format: Format,
    receivedAt: number,
    params: Readonly<Record<string, string>>,
  ) {
    this.message = message
    this.#packet = packet
    this.#size = packet.payload.length
    this.#format = format
    this.#receivedAt = receivedAt
    const own = this as unknown as Record<string, string>
    for (const name in params) own[name] = params[name]!
  }

  get meta(): MessageMeta {
    this.#meta ??= new Meta(this.#packet, this.#size, this.#format, this.#receivedAt)
    return this.#meta
  }
}

/** How this packet came, at once. */
export function createMeta(packet: InboundMessage, format: Format, receivedAt: number): MessageMeta {
  return new Meta(packet, packet.payload.length, format, receivedAt)
}

/** W3C trace context among the user properties. */
export function traceparentOf(properties: MessageProperties | undefined): string | undefined {
  const pairs = properties?.userProperties
  if (pairs === undefined) return undefined
  for (const pair of pairs) if (pair[0] === "traceparent") return pair[1]
  return undefined
}
