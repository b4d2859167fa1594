import type { Execution } from "./execution.js"

/** Octets that an entry costs besides its reply: key, digest, topic. An estimate, on the safe side. */
const ENTRY_BYTES = 256

export interface DuplicateTableSpec {
  readonly count: number
  readonly bytes: number
  readonly retentionMs: number
  /** True when nothing acknowledged up to this mark can come again (C-3). */
  readonly proves: (mark: number) => boolean
  readonly now: () => number
  /** Runs for each entry that leaves the table. */
  readonly forgotten: (entry: Execution) => void
}

/**
 * The requests that began, by id, with their replies. Nothing is evicted before its time: a full table refuses
 * (C-3).
 */
export class DuplicateTable {
  readonly #spec: DuplicateTableSpec
  readonly #entries = new Map<string, Execution>()
  #bytes = 0

  constructor(spec: DuplicateTableSpec) {
    this.#spec = spec
  }

  get size(): number {
    return this.#entries.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Execution | undefined {
    return this.#entries.get(key)
  }

  /** Executions in order of acceptance. */
  values(): IterableIterator<Execution> {
    return this.#entries.values()
  }

  /** True when one more fits, after what may be forgotten was forgotten. */
  hasRoom(): boolean {
    if (!this.#full()) {
      this.#forgetOldest()
      return true
    }
    for (const entry of [...this.#entries.values()]) if (this.#mayForget(entry)) this.delete(entry)
    return !this.#full()
  }

  /** True when some entry waits only for proof that its request cannot come again. */
  needsProof(): boolean {
    for (const entry of this.#entries.values()) if (this.#isOld(entry) && !this.#spec.proves(entry.mark)) return true
    return false
  }

  add(entry: Execution): void {
    this.#entries.set(entry.key, entry)
    entry.bytes = ENTRY_BYTES
    this.#bytes += ENTRY_BYTES
  }

  /** The reply is known and counts from now on. */
  replied(entry: Execution): void {
    if (this.#entries.get(entry.key) !== entry) return
    const bytes = ENTRY_BYTES + (entry.reply?.payload.length ?? 0)
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
  }

  delete(entry: Execution): void {
    if (this.#entries.get(entry.key) !== entry) return
    this.#entries.delete(entry.key)
    this.#bytes -= entry.bytes
    this.#spec.forgotten(entry)
  }

  #full(): boolean {
    return this.#entries.size >= this.#spec.count || this.#bytes + ENTRY_BYTES > this.#spec.bytes
  }

  /** A little at a time, so that the table is small when it may be. */
  #forgetOldest(): void {
    let looked = 0
    for (const entry of this.#entries.values()) {
      if (looked++ === 4 || !this.#mayForget(entry)) return
      this.delete(entry)
    }
  }

  #mayForget(entry: Execution): boolean {
    return this.#isOld(entry) && (entry.anonymous || this.#spec.proves(entry.mark))
  }

  #isOld(entry: Execution): boolean {
    return (
      entry.state === "done" &&
      (entry.replyState === "none" || entry.replyState === "acknowledged") &&
      (entry.anonymous || this.#spec.now() - entry.doneAt >= this.#spec.retentionMs)
    )
  }
}
