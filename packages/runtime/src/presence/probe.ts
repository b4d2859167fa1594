import type { ClientCore } from "../client/client-core.js"
import { createDeferred, type Deferred } from "../client/deferred.js"
import { createRequestId } from "../command/request-id.js"
import type { StreamDescriptor } from "../descriptor.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { SdkError } from "../sdk-error.js"
import { LegSubscriber } from "../stream/subscriber.js"

// biome-ignore lint/suspicious/noExplicitAny: a probe of any shape with an `id` field.
type AnyProbe = StreamDescriptor<any>

/**
 * Says something to itself by way of the broker (P-5): a broker keeps order within a QoS, so what comes back came behind
 * everything that was on its way when it was sent.
 */
export class Probe {
  readonly #core: ClientCore
  readonly #port: OutgoingLeg
  readonly #field: string
  readonly #subscriber: LegSubscriber
  readonly #waiting = new Map<string, Deferred<void>>()

  /** Throws `invalid_argument` for a channel without an `id` field. */
  constructor(core: ClientCore, channel: AnyProbe) {
    const field = channel.message.auto.find(({ fill }) => fill === "id")?.field
    if (field === undefined) throw new SdkError("invalid_argument", `${channel.name} has no id, so it is no probe`)
    this.#core = core
    this.#field = field
    this.#port = new OutgoingLeg(core, channel.message, undefined)
    this.#subscriber = new LegSubscriber(core, channel.message, {}, (message, _, incoming) => {
      message.acknowledge()
      const decoded = incoming.decode(message)
      if (!decoded.ok) incoming.refuse(message, decoded.issues)
      else this.#waiting.get(String((decoded.value as Readonly<Record<string, unknown>>)[field]))?.resolve()
    })
  }

  /** Resolves when a message of now has come back; rejects where it cannot be sent. */
  async echo(): Promise<void> {
    await this.#subscriber.granted
    const id = createRequestId(this.#core.random)
    const back = createDeferred<void>()
    this.#waiting.clear()
    this.#waiting.set(id, back)
    const payload = this.#port.encode({ [this.#field]: id }, undefined, { id })
    await this.#core.send(this.#port.packet(this.#port.topic({}), payload, undefined))
    await back.promise
    this.#waiting.delete(id)
  }

  release(): Promise<void> {
    return this.#subscriber.release()
  }
}
