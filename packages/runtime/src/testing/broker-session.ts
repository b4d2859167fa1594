import type { Clock, SubscribeRequest } from "../transport.js"
import type { Packet, PublishPacket } from "./packet.js"

/** What the broker knows of one client id: subscriptions, messages under way and messages that wait. */
export class BrokerSession {
  readonly subscriptions = new Map<string, SubscribeRequest>()
  /** QoS 2 identifiers received from the client and not yet released. */
  readonly received = new Set<number>()
  receiveMaximum = 65_535
  #send: ((packet: Packet) => void) | undefined
  readonly #clock: Clock
  readonly #inflight = new Map<number, { readonly packet: PublishPacket; released: boolean }>()
  #waiting: { readonly packet: PublishPacket; readonly since: number }[] = []
  #nextId = 1

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Messages that wait for the client or for its acknowledgement. */
  get backlog(): number {
    return this.#inflight.size + this.#waiting.length
  }

  /** A connection is there: unacknowledged messages again with DUP, then what waited. */
  attach(send: (packet: Packet) => void): void {
    this.#send = send
    for (const [id, flight] of this.#inflight) {
      if (flight.released) send({ type: "pubrel", id, code: 0 })
      else send({ ...flight.packet, dup: true })
    }
    this.#pump()
  }

  detach(): void {
    this.#send = undefined
  }

  deliver(packet: PublishPacket): void {
    if (packet.qos === 0) {
      this.#send?.(packet)
      return
    }
    this.#waiting.push({ packet, since: this.#clock.monotonic() })
    this.#pump()
  }

  acknowledged(type: "puback" | "pubrec" | "pubcomp", id: number, code: number): void {
    const flight = this.#inflight.get(id)
    if (flight === undefined) return
    if (type === "pubrec" && code < 0x80) {
      flight.released = true
      this.#send?.({ type: "pubrel", id, code: 0 })
      return
    }
    this.#inflight.delete(id)
    this.#pump()
  }

  #pump(): void {
    while (this.#send !== undefined && this.#waiting.length > 0 && this.#inflight.size < this.receiveMaximum) {
      const next = this.#waiting.shift()!
      const packet = aged(next.packet, this.#clock.monotonic() - next.since)
      if (packet === undefined) continue
      const id = this.#freeId()
      const sent = { ...packet, id }
      this.#inflight.set(id, { packet: sent, released: false })
      this.#send(sent)
    }
  }

  #freeId(): number {
    do this.#nextId = this.#nextId === 65_535 ? 1 : this.#nextId + 1
    while (this.#inflight.has(this.#nextId))
    return this.#nextId
  }
}

/** The message with the rest of its expiry, or nothing when that has passed. */
export function aged(packet: PublishPacket, waitedMs: number): PublishPacket | undefined {
  const expiry = packet.properties?.messageExpirySeconds
  if (expiry === undefined) return packet
  const left = expiry - Math.floor(waitedMs / 1000)
  if (left <= 0) return undefined
  return { ...packet, properties: { ...packet.properties, messageExpirySeconds: left } }
}
