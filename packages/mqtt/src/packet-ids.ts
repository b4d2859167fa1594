/** Packet identifiers of one session: 1 to 65 535, none twice at a time. */
export class PacketIds {
  readonly #taken = new Set<number>()
  #last: number

  /** Begins after `start`, so that a process that resumes a session does not begin with what the last one used. */
  constructor(start: number) {
    this.#last = start % 0xffff
  }

  /** Undefined when all are taken. */
  take(): number | undefined {
    if (this.#taken.size >= 0xffff) return undefined
    do this.#last = this.#last === 0xffff ? 1 : this.#last + 1
    while (this.#taken.has(this.#last))
    this.#taken.add(this.#last)
    return this.#last
  }

  release(id: number): void {
    this.#taken.delete(id)
  }
}
