import type { InboundMessage } from "../transport.js"
import { SharedMessage } from "./shared-message.js"

/** What one outgoing packet will have proven when it is answered. */
export interface FenceToken {
  readonly connection: number
  readonly through: number
}

/**
 * Knows which acknowledgements the broker must have read (C-3): acknowledgements leave in order of receipt, and the
 * broker reads in order, so an answer to a packet that was sent after them proves them all. A request that the broker
 * still holds is delivered again right after CONNACK, thus before the answer to anything sent on that connection.
 */
export class AcknowledgementFence {
  #connection = 0
  #received = 0
  #proven = 0
  readonly #pending = new Set<number>()

  /** Mark of everything received so far. */
  get mark(): number {
    return this.#received
  }

  /**
   * Messages of this connection that the broker counts as under way: the oldest that is not acknowledged yet, and all that
   * came after it, let go of or not, since acknowledgements leave in order.
   */
  get underWay(): number {
    const oldest = this.#pending.values().next()
    return oldest.done === true ? 0 : this.#received - oldest.value + 1
  }

  /** True when nothing received up to this mark can be delivered again. */
  proves(mark: number): boolean {
    return mark <= this.#proven
  }

  connected(): void {
    this.#connection++
    this.#pending.clear()
  }

  /** Follows one inbound message to its acknowledgement. */
  follow(message: InboundMessage): InboundMessage {
    const place = ++this.#received
    const connection = this.#connection
    this.#pending.add(place)
    const done = (): void => {
      if (connection === this.#connection) this.#pending.delete(place)
      message.acknowledge()
    }
    return new SharedMessage(message, 1, done)
  }

  /** Called when a packet that will be answered is sent. */
  begin(): FenceToken {
    const oldest = this.#pending.values().next()
    return { connection: this.#connection, through: oldest.done === true ? this.#received : oldest.value - 1 }
  }

  /** Called when its answer came. */
  end(token: FenceToken): void {
    if (token.connection === this.#connection) this.#proven = Math.max(this.#proven, token.through)
  }
}
