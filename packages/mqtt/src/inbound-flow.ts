import type { InboundMessage, MessageProperties } from "@fleetwire/runtime"
import { ANSWER, type Outbox } from "./outbox.js"
import { ProtocolFault } from "./protocol-fault.js"

/** One PUBLISH that arrived. It is its own receipt: what waits for its turn is the message itself. */
export class ArrivedMessage implements InboundMessage {
  /** Absent at QoS 0. */
  declare readonly packetId?: number
  declare readonly properties?: MessageProperties
  declare readonly subscriptionIds?: readonly number[]
  /** True once the receiver has let go of it. */
  settled = false

  constructor(
    readonly topic: string,
    readonly payload: Uint8Array,
    readonly qos: 0 | 1 | 2,
    readonly retain: boolean,
    readonly dup: boolean,
    /** Packet identifier; 0 at QoS 0. */
    readonly id: number,
    private readonly flow: InboundFlow | undefined,
    properties: MessageProperties | undefined,
    subscriptionIds: readonly number[] | undefined,
  ) {
    if (id !== 0) this.packetId = id
    if (properties !== undefined) this.properties = properties
    if (subscriptionIds !== undefined) this.subscriptionIds = subscriptionIds
  }

  acknowledge(): void {
    if (this.flow !== undefined) this.flow.settle(this)
  }
}

/** Give back memory of settled entries when that many stand before the first unsettled one. */
const COMPACT_AT = 512
/** As many as there are packet identifiers. */
const ALL = 65_535
/**
 * Acknowledgements of what arrives: held until the receiver lets go (M-2), sent in order of receipt over the whole
 * connection, and at QoS 2 each message handed over once however often it is sent.
 */
export class InboundFlow {
  #outbox: Outbox | undefined
  #queue: ArrivedMessage[] = []
  #head = 0
  /** QoS 2: PUBREC was sent, PUBREL not yet received. Lives as long as the session. */
  readonly #received = new Set<number>()
  /** Those of them that an earlier connection brought. */
  #inherited = new Set<number>()
  #held = new Set<number>()
  #most = ALL

  /** A new connection: acknowledgements of the last one are void. `most` is what may be unacknowledged at once. */
  connected(outbox: Outbox, sessionPresent: boolean, most: number): void {
    this.disconnected()
    this.#outbox = outbox
    this.#most = most
    if (!sessionPresent) this.#received.clear()
    this.#inherited = new Set(this.#received)
  }

  disconnected(): void {
    this.#outbox = undefined
    this.#queue = []
    this.#head = 0
    this.#held.clear()
  }

  /**
   * True while more than may be is unacknowledged. Mosquitto 2.0.11 sends the whole backlog of a kept session at once [2 039 at a
   * Receive Maximum of 1 024], and whatever is published while acknowledgements arrive [9 300 at 1 016 within two seconds].
   */
  get isFlooded(): boolean {
    return this.#unacknowledged > this.#most
  }

  get #unacknowledged(): number {
    return this.#queue.length - this.#head
  }

  /** Takes note of an arrival of QoS 1 or 2. False when it must not be handed over: a repetition at QoS 2. */
  arrived(message: ArrivedMessage): boolean {
    if (message.qos === 2) {
      if (this.#held.has(message.id)) return false
      // What is sent again says so. Without that, a broker that came back from an older snapshot has forgotten which
      // identifiers are taken, and this is a new message.
      const isNew = !message.dup && this.#inherited.delete(message.id)
      if (this.#received.has(message.id) && !isNew) {
        this.#queue.push(message)
        this.settle(message)
        return false
      }
      this.#held.add(message.id)
    }
    this.#queue.push(message)
    if (this.#unacknowledged > ALL) {
      throw new ProtocolFault(0x93, "more unacknowledged messages at once than there are packet identifiers")
    }
    return true
  }

  /**
   * The receiver let go. Whatever is now at the front of the line is acknowledged. What arrived on an earlier
   * connection is in no line any more: it is the broker's to deliver again.
   */
  settle(message: ArrivedMessage): void {
    if (message.settled) return
    message.settled = true
    const queue = this.#queue
    const outbox = this.#outbox
    if (outbox === undefined) return
    while (this.#head < queue.length && queue[this.#head]!.settled) {
      const first = queue[this.#head]!
      this.#head += 1
      if (first.qos === 2) {
        this.#held.delete(first.id)
        this.#received.add(first.id)
        outbox.acknowledge(ANSWER.pubrec, first.id)
      } else outbox.acknowledge(ANSWER.puback, first.id)
    }
    if (this.#head === queue.length) {
      queue.length = 0
      this.#head = 0
    } else if (this.#head >= COMPACT_AT) {
      queue.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** PUBREL: the sender let go of a message of QoS 2; its identifier may come again. */
  released(packetId: number): void {
    this.#received.delete(packetId)
    this.#inherited.delete(packetId)
    this.#outbox?.acknowledge(ANSWER.pubcomp, packetId)
  }
}
