import type { ClientCore } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { Params } from "../engine.js"
import type { MessageMeta } from "../surface.js"
import type { InboundMessage } from "../transport.js"
import { createMeta } from "./delivery.js"
import type { Intake } from "./stream.js"
import type { StreamWorker } from "./worker.js"

/** States: values, `cleared` for an empty retained payload, `expired` by the watcher's own clock (M-1). */
export const stateIntake: Intake = (core, worker, keyOf) => new StateIntake(core, worker, keyOf)

class StateIntake {
  readonly #core: ClientCore
  readonly #worker: StreamWorker<unknown>
  readonly #keyOf: (params: Params, topic: string) => string
  /** Timers of values that will expire, by topic. */
  readonly #expiries = new Map<string, () => void>()

  constructor(core: ClientCore, worker: StreamWorker<unknown>, keyOf: (params: Params, topic: string) => string) {
    this.#core = core
    this.#worker = worker
    this.#keyOf = keyOf
  }

  receive = (message: InboundMessage, params: Params, incoming: IncomingLeg): void => {
    if (message.payload.length === 0) {
      this.#forget(message.topic)
      this.#push("cleared", message, params, createMeta(message, incoming.leg.sends, this.#core.clock.now()))
      return
    }
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      message.acknowledge()
      return
    }
    const meta = createMeta(message, incoming.format, this.#core.clock.now())
    this.#forget(message.topic)
    const announced = message.properties?.messageExpirySeconds
    const expiryMs = announced === undefined ? incoming.leg.expiryMs : announced * 1000
    if (expiryMs !== undefined) {
      const unacknowledged = { ...bare(message), acknowledge() {} }
      this.#expiries.set(
        message.topic,
        this.#core.clock.after(expiryMs, () => {
          this.#expiries.delete(message.topic)
          this.#push("expired", unacknowledged, params, meta)
        }),
      )
    }
    this.#worker.push(
      { ...params, kind: "value", message: decoded.value, meta },
      this.#keyOf(params, message.topic),
      message,
    )
  }

  stop = (): void => {
    for (const cancel of this.#expiries.values()) cancel()
    this.#expiries.clear()
  }

  #push(kind: "cleared" | "expired", message: InboundMessage, params: Params, meta: MessageMeta): void {
    this.#worker.push({ ...params, kind, meta }, this.#keyOf(params, message.topic), message)
  }

  #forget(topic: string): void {
    this.#expiries.get(topic)?.()
    this.#expiries.delete(topic)
  }
}

/** What is left of a packet for a delivery that the broker did not make. */
function bare(message: InboundMessage): Omit<InboundMessage, "acknowledge"> {
  return { topic: message.topic, payload: new Uint8Array(0), qos: 0, retain: message.retain, dup: false }
}
