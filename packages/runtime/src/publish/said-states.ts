import type { ClientCore, CorePart } from "../client/client-core.js"
import type { LegDescriptor } from "../descriptor.js"
import type { ConnectedInfo, OutboundMessage } from "../transport.js"
import type { Outbox } from "./outbox.js"

// biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
type AnyLeg = LegDescriptor<any>

/**
 * The last state said on each topic: a broker that comes back may have lost it (Z-1). One that comes back from an older
 * snapshot says that it knows the session, so that a state is said again after every connection.
 */
export class SaidStates implements CorePart {
  readonly #outbox: Outbox
  readonly #said = new Map<string, { readonly leg: AnyLeg; readonly packet: OutboundMessage }>()

  constructor(core: ClientCore, outbox: Outbox) {
    this.#outbox = outbox
    core.add(this)
  }

  remember(leg: AnyLeg, packet: OutboundMessage): void {
    // A state that expires is too old to be dated anew.
    if (leg.expiryMs === undefined) this.#said.set(packet.topic, { leg, packet })
  }

  forget(topic: string): void {
    this.#said.delete(topic)
  }

  ready(_info: ConnectedInfo, first: boolean): void {
    if (first) return
    for (const { leg, packet } of this.#said.values()) this.#outbox.publish(leg, packet).catch(() => {})
  }
}
