import type { Packet } from "./packet.js"

/** Holds acknowledgements back until those of everything received earlier have left (M-2). */
export class InboundOrder {
  readonly #send: (packet: Packet) => void
  readonly #slots: { readonly packet: Packet; released: boolean }[] = []

  constructor(send: (packet: Packet) => void) {
    this.#send = send
  }

  /** Takes a place in the order; the returned function releases it. */
  expect(packet: Packet): () => void {
    const slot = { packet, released: false }
    this.#slots.push(slot)
    return () => {
      slot.released = true
      while (this.#slots[0]?.released === true) this.#send(this.#slots.shift()!.packet)
    }
  }
}
