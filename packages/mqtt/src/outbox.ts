import { allocate } from "./octets.js"

/** The writing half of a socket, as far as it is used here. */
export interface OctetSink {
  write(octets: Uint8Array): unknown
}

/** Up to here packets are copied into one write; larger ones go by themselves. */
const COPY_LIMIT = 16 * 1024
const BATCH_OCTETS = 64 * 1024

type Later = (run: () => void) => unknown

/** After what arrived was read, before anything else is waited for. Browsers have it only in the next microtask. */
const later: Later = (globalThis as { readonly setImmediate?: Later }).setImmediate ?? queueMicrotask

/**
 * Gathers packets, so that what one turn of the event loop has to say leaves in one write: a system call for each
 * acknowledgement is half of a QoS 1 subscriber's time.
 */
export class Outbox {
  readonly #sink: OctetSink
  #chunks: Uint8Array[] = []
  #octets = 0
  #acknowledgements: number[] = []
  #scheduled = false
  #closed = false
  readonly #run = () => {
    this.#scheduled = false
    this.flush()
  }

  constructor(sink: OctetSink) {
    this.#sink = sink
  }

  /** Octets given to `write` and not yet to the socket. */
  get octets(): number {
    return this.#octets
  }

  /** One whole packet. It must not change afterwards. */
  write(packet: Uint8Array): void {
    if (this.#closed) return
    if (this.#acknowledgements.length > 0) this.#gather()
    this.#chunks.push(packet)
    this.#octets += packet.length
    if (this.#octets >= BATCH_OCTETS) this.flush()
    else this.#schedule()
  }

  /** A PUBACK, PUBREC, PUBREL or PUBCOMP with reason code 0: its first octet and the packet identifier. */
  acknowledge(first: number, id: number): void {
    if (this.#closed) return
    this.#acknowledgements.push((first << 16) | id)
    this.#schedule()
  }

  /** Hands everything to the socket now, in the order given. */
  flush(): void {
    if (this.#closed) return
    if (this.#acknowledgements.length > 0) this.#gather()
    if (this.#chunks.length === 0) return
    const chunks = this.#chunks
    this.#chunks = []
    const octets = this.#octets
    this.#octets = 0
    if (chunks.length === 1) this.#sink.write(chunks[0]!)
    else this.#writeAll(chunks, octets)
  }

  /** Forgets what was not written; nothing is written any more. */
  close(): void {
    this.#closed = true
    this.#chunks = []
    this.#acknowledgements = []
    this.#octets = 0
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    later(this.#run)
  }

  #gather(): void {
    const waiting = this.#acknowledgements
    const packet = allocate(waiting.length * 4)
    let at = 0
    for (const each of waiting) {
      packet[at] = each >>> 16
      packet[at + 1] = 2
      packet[at + 2] = (each >>> 8) & 0xff
      packet[at + 3] = each & 0xff
      at += 4
    }
    waiting.length = 0
    this.#chunks.push(packet)
    this.#octets += packet.length
  }

  #writeAll(chunks: readonly Uint8Array[], octets: number): void {
    let batch: Uint8Array | undefined
    let at = 0
    let left = octets
    const release = () => {
      if (batch !== undefined) this.#sink.write(batch.subarray(0, at))
      batch = undefined
      at = 0
    }
    for (const chunk of chunks) {
      if (chunk.length > COPY_LIMIT) {
        release()
        this.#sink.write(chunk)
      } else {
        batch ??= allocate(left)
        batch.set(chunk, at)
        at += chunk.length
      }
      left -= chunk.length
    }
    release()
  }
}

/** First octets of the four packets that answer a PUBLISH. */
export const ANSWER = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const
