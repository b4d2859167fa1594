import { fromBase64, toBase64 } from "../octets.js"
import type { DeviceStore } from "../surface.js"
import type { OutboundMessage } from "../transport.js"

/** A message that outlived its process. */
export interface KeptMessage {
  readonly slot: number
  readonly message: OutboundMessage
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined
}

interface SlotRecord {
  /** Order of acceptance, over processes. */
  readonly place: number
  readonly topic: string
  readonly payload: string
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly contentType?: string
  readonly payloadIsUtf8?: boolean
  readonly expiresAt?: number
}

/** One channel's unsent messages in a store: numbered slots, so that no list has to be kept (M-7). */
export class DurableSlots {
  readonly #store: DeviceStore
  readonly #name: string
  readonly #slots: number
  readonly #free: number[] = []
  #next: number
  #place = 0

  /** `slots` is the channel's outbox bound; what is on its way out of the store uses a few more. */
  constructor(store: DeviceStore, name: string, slots: number) {
    this.#store = store
    this.#name = name
    this.#slots = slots * 2
    this.#next = this.#slots
  }

  /** What an earlier process left, in order of acceptance. Call it once, before anything else. */
  async load(): Promise<readonly KeptMessage[]> {
    const found: { readonly record: SlotRecord; readonly kept: KeptMessage }[] = []
    for (let slot = 0; slot < this.#slots; slot++) {
      const bytes = await this.#store.get(this.#key(slot))
      const record = bytes === undefined ? undefined : parse(bytes)
      if (record === undefined) this.#free.push(slot)
      else found.push({ record, kept: { slot, message: messageOf(record), expiresAt: record.expiresAt } })
    }
    this.#free.reverse()
    found.sort((a, b) => a.record.place - b.record.place)
    this.#place = found.at(-1)?.record.place ?? 0
    return found.map(({ kept }) => kept)
  }

  /** Resolves with the slot when the message is as durable as the store is. */
  async keep(message: OutboundMessage, expiresAt: number | undefined): Promise<number> {
    const slot = this.#free.pop() ?? this.#next++
    const { topic, payload, qos, retain, properties } = message
    const record: SlotRecord = {
      place: ++this.#place,
      topic,
      payload: toBase64(payload),
      qos,
      retain,
      ...(properties?.contentType === undefined ? {} : { contentType: properties.contentType }),
      ...(properties?.payloadIsUtf8 === undefined ? {} : { payloadIsUtf8: properties.payloadIsUtf8 }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
    await this.#store.set(this.#key(slot), new TextEncoder().encode(JSON.stringify(record)))
    return slot
  }

  async release(slot: number): Promise<void> {
    await this.#store.delete(this.#key(slot))
    this.#free.push(slot)
  }

  #key(slot: number): string {
    return `outbox/${this.#name}/${slot}`
  }
}

function messageOf({ topic, payload, qos, retain, contentType, payloadIsUtf8 }: SlotRecord): OutboundMessage {
  const bare = { topic, payload: fromBase64(payload), qos, retain }
  if (contentType === undefined) return bare
  return { ...bare, properties: { contentType, ...(payloadIsUtf8 === undefined ? {} : { payloadIsUtf8 }) } }
}

/** A record, or nothing where the bytes are none: damage costs one message, not the start. */
function parse(bytes: Uint8Array): SlotRecord | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as SlotRecord
    fromBase64(value.payload)
    return typeof value.topic === "string" && typeof value.place === "number" ? value : undefined
  } catch {
    return undefined
  }
}
