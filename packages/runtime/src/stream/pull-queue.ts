import type { SdkError } from "../sdk-error.js"

interface Offered<T> {
  readonly value: T
  readonly done: () => void
}

/**
 * The reading end of a loop: a worker hands in one item at a time and the loop takes it when it comes round. `offer`
 * resolves when the loop has come back for the next one, so that an item is handled when its turn of the loop is over.
 */
export class PullQueue<T> {
  readonly #offered: Offered<T>[] = []
  #current: Offered<T> | undefined
  #reader:
    | { readonly resolve: (result: IteratorResult<T>) => void; readonly reject: (error: unknown) => void }
    | undefined
  #over = false
  #error: SdkError | undefined

  /** Resolves when the loop is done with the item, or is over. */
  offer(value: T): Promise<void> {
    if (this.#over) return Promise.resolve()
    return new Promise((done) => {
      const offered = { value, done }
      const reader = this.#reader
      this.#reader = undefined
      if (reader === undefined) this.#offered.push(offered)
      else {
        this.#current = offered
        reader.resolve({ value, done: false })
      }
    })
  }

  next(): Promise<IteratorResult<T>> {
    this.#current?.done()
    this.#current = this.#offered.shift()
    if (this.#current !== undefined) return Promise.resolve({ value: this.#current.value, done: false })
    if (this.#over) {
      const error = this.#error
      this.#error = undefined
      return error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error)
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  /** Nothing more comes; what was offered is still read, then the loop ends. */
  finish(): void {
    if (this.#offered.length === 0) this.end()
    else this.#over = true
  }

  /** The loop ends at once, with an error where one is given. */
  end(error?: SdkError): void {
    if (this.#over) return
    this.#over = true
    this.#error = error
    for (const offered of this.#offered.splice(0)) offered.done()
    this.#current?.done()
    this.#current = undefined
    const reader = this.#reader
    this.#reader = undefined
    if (reader === undefined) return
    this.#error = undefined
    if (error === undefined) reader.resolve({ value: undefined, done: true })
    else reader.reject(error)
  }
}
