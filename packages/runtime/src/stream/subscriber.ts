import type { ClientCore, CorePart } from "../client/client-core.js"
import { IncomingLeg } from "../client/incoming-leg.js"
import type { Inlet } from "../client/router.js"
import type { SubscriptionHandle } from "../client/subscription-set.js"
import type { LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { SdkError } from "../sdk-error.js"
import type { InboundMessage } from "../transport.js"
import { type AnyFilter, bindings, wantsOf } from "./param-filter.js"

// biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
type AnyLeg = LegDescriptor<any>

/** A consumer's end of one leg: its filters at the broker and its place in the router, opened and closed together. */
export class LegSubscriber implements CorePart {
  readonly incoming: IncomingLeg
  /** Resolves when every filter is granted. */
  readonly granted: Promise<void>
  readonly #core: ClientCore
  readonly #inlet: Inlet
  readonly #handles: readonly SubscriptionHandle[]
  readonly #ended: (error: SdkError) => void
  #closed = false

  /**
   * Throws `invalid_argument` for a filter value that no topic can have, and what ended a client that is over. `ended` runs when the client is over.
   * With `everyTopic` it takes what other subscriptions of this client bring, too.
   */
  constructor(
    core: ClientCore,
    leg: AnyLeg,
    filter: AnyFilter,
    receive: (message: InboundMessage, params: Params, incoming: IncomingLeg) => void,
    ended: (error: SdkError) => void = () => {},
    options: { readonly everyTopic?: boolean } = {},
  ) {
    if (core.ended !== undefined) throw core.ended
    this.#core = core
    this.#ended = ended
    const incoming = new IncomingLeg(core, leg)
    this.incoming = incoming
    const filters = new Set(bindings(filter).map((bound) => incoming.topics.filter(bound)))
    if (filters.size === 0) throw new SdkError("invalid_argument", `${leg.id}: the filter allows no value at all`)
    const wants = options.everyTopic === true ? undefined : wantsOf(filter)
    this.#inlet = {
      template: incoming.template,
      specs: leg.params,
      ...(wants === undefined ? {} : { wants }),
      receive: (message, params) => receive(message, params, incoming),
    }
    core.router.add(this.#inlet)
    this.#handles = [...filters].map((one) =>
      core.subscriptions.hold({ filter: one, template: leg.template, qos: leg.qos, stored: leg.retain }),
    )
    this.granted = Promise.all(this.#handles.map((handle) => handle.ready)).then(() => {})
    this.granted.catch(() => {})
    core.add(this)
    core.inbound.consumersChanged()
  }

  end(error: SdkError): void {
    this.#ended(error)
  }

  /** Gives the filters and the place up. */
  async release(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#core.router.remove(this.#inlet)
    this.#core.remove(this)
    await Promise.all(this.#handles.map((handle) => handle.release()))
  }
}
