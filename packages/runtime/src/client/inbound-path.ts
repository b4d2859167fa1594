import type { Clock, InboundMessage } from "../transport.js"
import type { AcknowledgementFence } from "./acknowledgement-fence.js"
import type { ClientCounters } from "./counters.js"
import { ParkedMessages } from "./parked-messages.js"
import type { Reporter } from "./reporter.js"
import type { Router } from "./router.js"
import { SharedMessage } from "./shared-message.js"

/** What the path needs of its client. */
export interface InboundContext {
  readonly clock: Clock
  readonly counters: ClientCounters
  readonly reporter: Reporter
  readonly router: Router
  readonly fence: AcknowledgementFence
  /** Acknowledgements are followed, because duplicates are remembered (C-3). */
  readonly fenced: boolean
}

/** From the link to the consumers: counted, followed to its acknowledgement, routed, or kept until its consumer is there. */
export class InboundPath {
  readonly #context: InboundContext
  readonly #parked: ParkedMessages

  constructor(context: InboundContext) {
    this.#context = context
    this.#parked = new ParkedMessages(context.clock, (message) => this.#unroutable(message))
  }

  /** Never throws: a consumer that fails must not stop the socket of all the others. */
  receive(message: InboundMessage): void {
    const { counters, fence, fenced, reporter } = this.#context
    counters.in++
    if (message.dup) counters.redelivered++
    try {
      this.#dispatch(fenced && message.qos > 0 ? fence.follow(message) : message)
    } catch (error) {
      reporter.error(error, { topic: message.topic })
      message.acknowledge()
    }
  }

  /** Consumers come after `connect`: what a kept session delivers before them waits for them. */
  await(): void {
    this.#parked.open()
  }

  /** A new consumer is there: what waited for it is offered again. */
  consumersChanged(): void {
    this.#parked.offer((message) => this.#dispatch(message))
  }

  /** The connection is gone, and the broker will deliver again what waits. */
  lost(): void {
    this.#parked.forget()
  }

  discard(): void {
    this.#parked.discard()
  }

  #dispatch(message: InboundMessage): void {
    const route = this.#context.router.find(message.topic)
    if (route === undefined) {
      if (!this.#parked.take(message)) this.#unroutable(message)
      return
    }
    const { canonicalId, inlets, params } = route
    if (
      canonicalId !== undefined &&
      message.subscriptionIds !== undefined &&
      !message.retain &&
      !message.subscriptionIds.includes(canonicalId)
    ) {
      message.acknowledge()
      return
    }
    if (inlets.length === 1) {
      inlets[0]!.receive(message, params)
      return
    }
    const shared = new SharedMessage(message, inlets.length)
    for (const inlet of inlets) inlet.receive(shared, params)
  }

  #unroutable(message: InboundMessage): void {
    this.#context.reporter.unroutable(message.topic, message.payload)
    message.acknowledge()
  }
}
