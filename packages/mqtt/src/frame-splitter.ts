import { concatOctets, type Octets } from "./octets.js"
import { ProtocolFault } from "./protocol-fault.js"

/** Receives whole packets: `octets[start]` is the first octet, the body lies in [body, end). */
export type FrameHandler = (octets: Octets, start: number, body: number, end: number) => void

/** Cuts the octets of a connection into packets, wherever the network cut them. */
export class FrameSplitter {
  #parts: Octets[] = []
  #partsLength = 0
  /** Length of the packet whose beginning is in `parts`, once its length octets are there. */
  #wanted = 0
  #stopped = false
  /** Where the body of the packet begins that `frameLength` measured last. */
  #body = 0

  constructor(
    readonly handler: FrameHandler,
    /** Octets of the largest packet that is taken. */
    readonly largest: number,
  ) {}

  /** Nothing is handed over any more. */
  stop(): void {
    this.#stopped = true
    this.#parts = []
    this.#partsLength = 0
  }

  /** Takes what the network brought. Throws a ProtocolFault for a length that cannot be. */
  push(chunk: Octets): void {
    let octets = chunk
    if (this.#partsLength > 0) {
      this.#parts.push(chunk)
      this.#partsLength += chunk.length
      if (this.#partsLength < this.#wanted) return
      octets = concatOctets(this.#parts, this.#partsLength)
      this.#parts = []
      this.#partsLength = 0
    }
    let start = 0
    while (start < octets.length && !this.#stopped) {
      const wanted = this.#frameLength(octets, start)
      if (wanted === 0 || start + wanted > octets.length) {
        this.#parts.push(start === 0 ? octets : octets.subarray(start))
        this.#partsLength = octets.length - start
        // Without length octets yet, whatever comes next may complete it.
        this.#wanted = wanted
        return
      }
      const from = start
      // Advanced before the call: a handler that throws loses no packet but its own.
      start += wanted
      this.handler(octets, from, this.#body, start)
    }
  }

  /** Length of the packet that begins at `start`; 0 while its length octets are incomplete. Sets where its body begins. */
  #frameLength(octets: Octets, start: number): number {
    let remaining = 0
    let at = start + 1
    for (let shift = 0; ; shift += 7, at += 1) {
      if (shift === 28) throw new ProtocolFault(0x81, "a remaining length of five octets")
      if (at >= octets.length) return 0
      const octet = octets[at]!
      remaining |= (octet & 0x7f) << shift
      if (octet < 0x80) break
    }
    this.#body = at + 1
    const length = at + 1 - start + remaining
    if (length > this.largest) throw new ProtocolFault(0x95, `a packet of ${length} octets, at most ${this.largest}`)
    return length
  }
}
