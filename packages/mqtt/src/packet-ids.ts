/**
 * Messages of QoS 2 under way at most, and the identifiers that they have: 1 to this. Mosquitto allows as many by default,
 * a 3.1.1 server cannot say what it allows, and whoever resumes a session knows which a process before it may have left.
 */
export const EXACTLY_ONCE_WINDOW = 20

/** Packet identifiers of one session: 1 to 65 535, none twice at a time. */
export class PacketIds {
  readonly #taken = new Set<number>()
  #last: number
  #lastExactlyOnce = 0
  #exactlyOnce = 0

  /** Begins after `start`, so that a process that resumes a session does not begin with what the last one used. */
  constructor(start: number) {
    this.#last = EXACTLY_ONCE_WINDOW + (start % (0xffff - EXACTLY_ONCE_WINDOW))
  }

  /** Undefined when all are taken. */
  take(): number | undefined {
    if (this.#taken.size - this.#exactlyOnce >= 0xffff - EXACTLY_ONCE_WINDOW) return undefined
    do this.#last = this.#last === 0xffff ? EXACTLY_ONCE_WINDOW + 1 : this.#last + 1
    while (this.#taken.has(this.#last))
    this.#taken.add(this.#last)
    return this.#last
  }

  /** For a message of QoS 2. Undefined when all of these are taken. */
  takeExactlyOnce(): number | undefined {
    if (this.#exactlyOnce >= EXACTLY_ONCE_WINDOW) return undefined
    do this.#lastExactlyOnce = (this.#lastExactlyOnce % EXACTLY_ONCE_WINDOW) + 1
    while (this.#taken.has(this.#lastExactlyOnce))
    this.#taken.add(this.#lastExactlyOnce)
    this.#exactlyOnce += 1
    return this.#lastExactlyOnce
  }

  release(id: number): void {
    if (this.#taken.delete(id) && id <= EXACTLY_ONCE_WINDOW) this.#exactlyOnce -= 1
  }
}
