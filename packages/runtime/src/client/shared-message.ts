import type { InboundMessage, MessageProperties } from "../transport.js"

/** One message with several consumers: acknowledged when the last of them has acknowledged. */
export class SharedMessage implements InboundMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly dup: boolean
  declare readonly packetId?: number
  declare readonly properties?: MessageProperties
  readonly #acknowledge: () => void
  #left: number

  /** `acknowledge` and `payload` stand in for the message's own where given. */
  constructor(
    message: InboundMessage,
    consumers: number,
    acknowledge: () => void = () => message.acknowledge(),
    payload: Uint8Array = message.payload,
  ) {
    this.topic = message.topic
    this.payload = payload
    this.qos = message.qos
    this.retain = message.retain
    this.dup = message.dup
    if (message.packetId !== undefined) this.packetId = message.packetId
    if (message.properties !== undefined) this.properties = message.properties
    this.#acknowledge = acknowledge
    this.#left = consumers
  }

  acknowledge(): void {
    if (--this.#left === 0) this.#acknowledge()
  }
}
