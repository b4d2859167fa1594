/**
 * Messages of QoS 2 under way at most; a 3.1.1 server cannot say what it allows. Mosquitto allows 20 by default, and while it
 * holds 20 it acknowledges a message of QoS 1 and throws it away: one place stays free.
 */
const EXACTLY_ONCE_WINDOW = 19

/**
 * Messages of QoS 2 have the identifiers 1 to this, rising in the order of sending: whoever resumes a session knows which a
 * process before it may have left, and in which order to complete them. They begin anew when none is under way.
 */
export const EXACTLY_ONCE_IDS = 64

/** Packet identifiers of one session: 1 to 65 535, none twice at a time. */
export class PacketIds {
  readonly #taken = new Set<number>()
  #last: number
  #lastExactlyOnce = 0
  #exactlyOnce = 0

  /** Begins after `start`, so that a process that resumes a session does not begin with what the last one used. */
  constructor(start: number) {
    this.#last = EXACTLY_ONCE_IDS + (start % (0xffff - EXACTLY_ONCE_IDS))
  }

  /** Undefined when all are taken. */
  take(): number | undefined {
    if (this.#taken.size - this.#exactlyOnce >= 0xffff - EXACTLY_ONCE_IDS) return undefined
    do this.#last = this.#last === 0xffff ? EXACTLY_ONCE_IDS + 1 : this.#last + 1
    while (this.#taken.has(this.#last))
    this.#taken.add(this.#last)
    return this.#last
  }

  /** For a message of QoS 2. Undefined when it must wait for others. */
  takeExactlyOnce(): number | undefined {
    if (this.#exactlyOnce === 0) this.#lastExactlyOnce = 0
    if (this.#exactlyOnce >= EXACTLY_ONCE_WINDOW || this.#lastExactlyOnce === EXACTLY_ONCE_IDS) return undefined
    this.#lastExactlyOnce += 1
    this.#taken.add(this.#lastExactlyOnce)
    this.#exactlyOnce += 1
    return this.#lastExactlyOnce
  }

  release(id: number): void {
    if (this.#taken.delete(id) && id <= EXACTLY_ONCE_IDS) this.#exactlyOnce -= 1
  }
}
