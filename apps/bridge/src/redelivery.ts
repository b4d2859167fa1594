import type { Receipt } from "./store.js"

/** What the check needs to know of a message that came at QoS 1 or 2. */
export interface Arrival {
  readonly leg: string
  readonly digest: string
  /** The broker says that it may have sent this before. */
  readonly dup: boolean
  readonly packetId?: number
}

/** `known`: it came before, and is kept once `done` has resolved. `new`: keep it, with this receipt. */
export type Verdict =
  | { readonly kind: "known"; readonly done: Promise<void> }
  | { readonly kind: "new"; readonly receipt: Receipt }

interface Kept {
  readonly digest: string
  readonly connection: number
  done: Promise<void>
}

/** How many messages without a packet identifier are remembered for each leg. */
const RING = 4_096

/**
 * Tells a message that the broker sends again from one that it sends for the first time.
 *
 * A first delivery never carries DUP [MQTT-3.3.1-1], so only one with DUP can be known. A redelivery within a session
 * carries the packet identifier of the first delivery [MQTT-4.4.0-1], and an identifier is free for another message only
 * after the broker had our acknowledgement, which we send after the commit. So: DUP, and the last message kept under
 * (leg, packet identifier) has the same digest of topic and payload → the same message. The limit: a broker that reuses
 * an identifier at once for a message with identical content, loses the connection before we commit that second one,
 * and sends it again; then it counts as the first. Mosquitto uses each identifier once in 65 535.
 *
 * Where the transport tells no packet identifier, content alone decides: a message with DUP is known as often as the same
 * content was kept on earlier connections, among the last 4 096 of its leg.
 */
export class RedeliveryCheck {
  readonly #kept = new Map<string, Map<number, Kept>>()
  readonly #rings = new Map<string, number>()
  readonly #claimed = new Map<string, number>()
  #connection = 0

  constructor(receipts: readonly Receipt[]) {
    const done = Promise.resolve()
    for (const { leg, slot, digest } of receipts) this.#slots(leg).set(slot, { digest, connection: 0, done })
  }

  /** Call when a connection is made; `sessionPresent` as the broker said. */
  connected(sessionPresent: boolean): void {
    this.#connection += 1
    this.#claimed.clear()
    if (sessionPresent) return
    this.#kept.clear()
    this.#rings.clear()
  }

  /** Decides about one arrival. For a new one, `keeping` must be called before the next arrival is judged. */
  judge(arrival: Arrival): Verdict {
    const { leg, digest, packetId } = arrival
    if (packetId === undefined) return this.#judgeByContent(arrival)
    const last = this.#slots(leg).get(packetId)
    if (arrival.dup && last?.digest === digest) return { kind: "known", done: last.done }
    return { kind: "new", receipt: { leg, slot: packetId, digest } }
  }

  /** Remembers that a new message is being kept; `done` resolves with its commit. */
  keeping(receipt: Receipt, done: Promise<void>): void {
    this.#slots(receipt.leg).set(receipt.slot, { digest: receipt.digest, connection: this.#connection, done })
  }

  #judgeByContent({ leg, digest, dup }: Arrival): Verdict {
    if (dup) {
      const earlier = [...this.#slots(leg)].filter(
        ([slot, kept]) => slot < 0 && kept.digest === digest && kept.connection < this.#connection,
      )
      const claim = `${leg} ${digest}`
      const claimed = this.#claimed.get(claim) ?? 0
      const match = earlier[claimed]
      if (match !== undefined) {
        this.#claimed.set(claim, claimed + 1)
        return { kind: "known", done: match[1].done }
      }
    }
    const place = this.#nextPlace(leg)
    return { kind: "new", receipt: { leg, slot: -1 - place, digest } }
  }

  /** Places go on after the highest one that is taken, so that a restart does not overwrite the newest. */
  #nextPlace(leg: string): number {
    const taken = [...this.#slots(leg).keys()].filter((slot) => slot < 0).length
    const place = this.#rings.get(leg) ?? taken % RING
    this.#rings.set(leg, (place + 1) % RING)
    return place
  }

  #slots(leg: string): Map<number, Kept> {
    let slots = this.#kept.get(leg)
    if (slots === undefined) {
      slots = new Map()
      this.#kept.set(leg, slots)
    }
    return slots
  }
}
