/** An alias costs 3 octets of properties, and a fourth where their length then takes two: shorter topics save nothing. */
const SHORTEST = 5
/** What a packet that sets an alias may be larger by: the property, and one more octet for each of the two lengths before it. */
const SETTING = 5
/** Topics that were used once and have no alias yet. */
const REMEMBERED = 1024

/**
 * The topic aliases that this side sets on one connection of MQTT 5. A topic gets one at its second use, so that topics
 * which come once spend none; they are given to the first that ask until the server's maximum is reached, and never to
 * another topic.
 */
export class OutboundAliases {
  #maximum = 0
  readonly #aliases = new Map<string, number>()
  readonly #once = new Set<string>()

  /** A new connection, where the server takes aliases from 1 to `maximum`; none at 0. */
  reset(maximum: number): void {
    this.#maximum = maximum
    this.#aliases.clear()
    this.#once.clear()
  }

  /**
   * The alias for a publish that is sent next: positive where the server knows it, negative where this packet sets it,
   * 0 for none. `room` is how many octets the packet with its topic is below the server's Maximum Packet Size.
   */
  take(topic: string, room: number): number {
    if (this.#maximum === 0) return 0
    const known = this.#aliases.get(topic)
    if (known !== undefined) return known
    if (this.#aliases.size >= this.#maximum || topic.length < SHORTEST || room < SETTING) return 0
    if (!this.#once.delete(topic)) {
      if (this.#once.size >= REMEMBERED) this.#once.clear()
      this.#once.add(topic)
      return 0
    }
    const alias = this.#aliases.size + 1
    this.#aliases.set(topic, alias)
    if (alias === this.#maximum) this.#once.clear()
    return -alias
  }
}
