import type { DropPolicy } from "../descriptor.js"

/** What a call heard on its way and nobody has read yet: bounded, and over with the call (C-12). */
export class ProgressQueue implements AsyncIterable<unknown> {
  readonly #bound: number
  readonly #drop: DropPolicy
  readonly #missed: (count: number) => void
  readonly #waiting: unknown[] = []
  #unread = 0
  #read = false
  #over = false
  #wake: (() => void) | undefined

  /** `missed` is told how many messages a reader did not get; where nobody reads nothing is missed. */
  constructor(bound: number, drop: DropPolicy, missed: (count: number) => void) {
    this.#bound = drop === "latest-only" ? 1 : Math.max(1, bound)
    this.#drop = drop
    this.#missed = missed
  }

  push(message: unknown): void {
    if (this.#over) return
    if (this.#waiting.length < this.#bound) this.#waiting.push(message)
    else {
      if (this.#drop === "oldest" || this.#drop === "latest-only") {
        this.#waiting.shift()
        this.#waiting.push(message)
      }
      if (this.#read) this.#missed(1)
      else this.#unread++
    }
    this.#wake?.()
  }

  end(): void {
    this.#over = true
    this.#wake?.()
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    if (!this.#read && this.#unread > 0) this.#missed(this.#unread)
    this.#read = true
    return {
      next: () => this.#next(),
      return: async () => {
        this.#over = true
        this.#waiting.length = 0
        return { value: undefined, done: true }
      },
    }
  }

  async #next(): Promise<IteratorResult<unknown>> {
    while (this.#waiting.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#waiting.length === 0) return { value: undefined, done: true }
    return { value: this.#waiting.shift(), done: false }
  }
}
