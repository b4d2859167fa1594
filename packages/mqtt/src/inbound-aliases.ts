import { ProtocolFault } from "./protocol-fault.js"

/** How many topic aliases a server may have in use on a connection (Topic Alias Maximum of CONNECT). */
export const INBOUND_ALIASES = 64

/** The topic aliases that the server set on one connection. */
export class InboundAliases {
  readonly #topics: (string | undefined)[] = []

  /** `maximum` is what CONNECT announced; at 0 every alias is a fault. */
  constructor(readonly maximum: number) {}

  /**
   * The topic of a PUBLISH that carries `alias`; `topic` is the one in the packet, empty where the alias stands for it.
   * Throws a fault of reason code 0x94 for an alias that was not offered, or stands for nothing.
   */
  resolve(alias: number, topic: string): string {
    if (alias === 0 || alias > this.maximum) {
      throw new ProtocolFault(0x94, `topic alias ${alias}, where 1 to ${this.maximum} were offered`)
    }
    if (topic !== "") {
      this.#topics[alias] = topic
      return topic
    }
    const known = this.#topics[alias]
    if (known === undefined) throw new ProtocolFault(0x94, `topic alias ${alias}, which was never set`)
    return known
  }
}
