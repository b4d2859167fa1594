import { fromBase64, toBase64 } from "../octets.js"
import type { DeviceStore } from "../surface.js"

/** A message that a handler could not handle, kept in a store. */
export interface StoredDeadLetter {
  /** The leg, such as `alarm.message`. */
  readonly channel: string
  readonly topic: string
  readonly payload: Uint8Array
  /** As it came, at MQTT 5. */
  readonly contentType?: string
  /** Code of the last error, and its words. */
  readonly code: string
  readonly reason: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Dead letters that a store holds; beyond them the oldest go. */
const BOUND = 1_000
const RANGE = "dead-letters"

interface Range {
  readonly first: number
  readonly next: number
}

/** Keeps dead letters in numbered entries, oldest first. */
export class DeadLetterStore {
  readonly #store: DeviceStore
  readonly #lost: (channel: string) => void
  #work: Promise<void> = Promise.resolve()

  /** `lost` is told the leg of a letter that had to go. */
  constructor(store: DeviceStore, lost: (channel: string) => void) {
    this.#store = store
    this.#lost = lost
  }

  /** Resolves when the letter is as durable as the store is. */
  add(letter: StoredDeadLetter): Promise<void> {
    const added = this.#work.then(() => this.#add(letter))
    this.#work = added.catch(() => {})
    return added
  }

  async #add(letter: StoredDeadLetter): Promise<void> {
    const { first, next } = await readRange(this.#store)
    const text = JSON.stringify({ ...letter, payload: toBase64(letter.payload) })
    await this.#store.set(keyOf(next), new TextEncoder().encode(text))
    const full = next - first >= BOUND
    await writeRange(this.#store, { first: full ? first + 1 : first, next: next + 1 })
    if (!full) return
    const oldest = await readLetter(this.#store, first)
    await this.#store.delete(keyOf(first))
    if (oldest !== undefined) this.#lost(oldest.channel)
  }
}

/**
 * The dead letters in a store, oldest first, each with a way to remove it once it was seen to. Read them while no client
 * writes to the store.
 */
export async function* readDeadLetters(
  store: DeviceStore,
): AsyncGenerator<StoredDeadLetter & { remove(): Promise<void> }> {
  const { first, next } = await readRange(store)
  for (let place = first; place < next; place++) {
    const letter = await readLetter(store, place)
    if (letter === undefined) continue
    yield { ...letter, remove: () => store.delete(keyOf(place)) }
  }
}

function keyOf(place: number): string {
  return `${RANGE}/${place}`
}

async function readRange(store: DeviceStore): Promise<Range> {
  const value = parse(await store.get(RANGE)) as Partial<Range> | undefined
  const { first, next } = value ?? {}
  return typeof first === "number" && typeof next === "number" ? { first, next } : { first: 0, next: 0 }
}

function writeRange(store: DeviceStore, range: Range): Promise<void> {
  return store.set(RANGE, new TextEncoder().encode(JSON.stringify(range)))
}

/** One letter; undefined where it was removed, or where the bytes are none. */
async function readLetter(store: DeviceStore, place: number): Promise<StoredDeadLetter | undefined> {
  const value = parse(await store.get(keyOf(place))) as (StoredDeadLetter & { readonly payload: unknown }) | undefined
  if (typeof value !== "object" || value === null || typeof value.payload !== "string") return undefined
  return { ...value, payload: fromBase64(value.payload) }
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
