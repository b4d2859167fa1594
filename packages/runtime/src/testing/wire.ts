import type { Clock } from "../transport.js"
import type { Packet } from "./packet.js"

/** One direction of a connection: packets arrive in order, each in a turn of its own, or after `latencyMs`. */
export class Wire {
  readonly #clock: Clock
  readonly #latencyMs: number
  readonly #deliver: (packet: Packet) => void
  #cut = false

  constructor(clock: Clock, latencyMs: number, deliver: (packet: Packet) => void) {
    this.#clock = clock
    this.#latencyMs = latencyMs
    this.#deliver = deliver
  }

  send(packet: Packet): void {
    if (this.#cut) return
    const arrive = (): void => {
      if (!this.#cut) this.#deliver(packet)
    }
    if (this.#latencyMs > 0) this.#clock.after(this.#latencyMs, arrive)
    else queueMicrotask(arrive)
  }

  /** Nothing arrives any more, not even what is under way. */
  cut(): void {
    this.#cut = true
  }
}
