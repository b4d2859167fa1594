import type { Clock, InboundMessage } from "../transport.js"
import { SharedMessage } from "./shared-message.js"

/** How long after the first CONNACK a kept session's messages wait for the handler that the program is about to attach. */
const GRACE_MS = 10_000
const BOUND = 65_535

/**
 * Messages of a kept session that came before their consumer was attached. They are not acknowledged, so nothing is lost
 * by a program that connects first and attaches its handlers then.
 */
export class ParkedMessages {
  readonly #clock: Clock
  readonly #giveUp: (message: InboundMessage) => void
  #messages: InboundMessage[] = []
  #accepting = false
  #cancel: () => void = () => {}

  constructor(clock: Clock, giveUp: (message: InboundMessage) => void) {
    this.#clock = clock
    this.#giveUp = giveUp
  }

  open(): void {
    this.#accepting = true
    this.#cancel()
    this.#cancel = this.#clock.after(GRACE_MS, () => this.#end())
  }

  /** True when the message waits; false when nobody is expected. QoS 0 never waits. */
  take(message: InboundMessage): boolean {
    if (!this.#accepting || message.qos === 0 || this.#messages.length >= BOUND) return false
    this.#messages.push(new SharedMessage(message, 1, () => message.acknowledge(), message.payload.slice()))
    return true
  }

  /** Offers all again, in order; what still has no consumer is parked again. */
  offer(dispatch: (message: InboundMessage) => void): void {
    const waiting = this.#messages
    if (waiting.length === 0) return
    this.#messages = []
    for (const message of waiting) dispatch(message)
  }

  /** The connection is gone: the broker delivers them again. */
  forget(): void {
    this.#messages = []
  }

  discard(): void {
    this.#cancel()
    this.#accepting = false
    this.#messages = []
  }

  #end(): void {
    this.#accepting = false
    for (const message of this.#messages.splice(0)) this.#giveUp(message)
  }
}
