import type { DeviceStore } from "../surface.js"

/** What a journal keeps of one request. Times are milliseconds since the epoch, because they outlive the process. */
export interface JournalRecord {
  readonly key: string
  readonly inlet: string
  readonly id: string | number | { readonly bigint: string }
  readonly digest: string
  readonly topic: string
  readonly params: Readonly<Record<string, string>>
  readonly correlationData: string | undefined
  readonly begunAt: number
  /** Present once it is done: the reply, or null where nobody is answered. */
  readonly reply?: { readonly topic: string; readonly payload: string; readonly contentType?: string } | null
  readonly doneAt?: number
  readonly acknowledged?: boolean
}

/** Remembers across restarts which requests began and how they ended (C-4). */
export interface Journal {
  load(): Promise<readonly JournalRecord[]>
  /** Resolves when the record is as durable as the store is. */
  write(record: JournalRecord): Promise<void>
  forget(key: string): Promise<void>
}

/**
 * A journal in a store of small values: a fixed number of slots, so that no list has to be kept. Throws nothing of its
 * own; what the store rejects with reaches the caller.
 */
export function createStoreJournal(store: DeviceStore, name: string, slots: number): Journal {
  const slotOf = new Map<string, number>()
  const free: number[] = []
  const keyOf = (slot: number): string => `journal/${name}/${slot}`
  let next = 0
  return {
    async load() {
      const records: JournalRecord[] = []
      for (let slot = 0; slot < slots; slot++) {
        const bytes = await store.get(keyOf(slot))
        const record = bytes === undefined ? undefined : parseRecord(bytes)
        if (record === undefined) free.push(slot)
        else {
          records.push(record)
          slotOf.set(record.key, slot)
        }
      }
      free.reverse()
      next = slots
      return records.sort((a, b) => a.begunAt - b.begunAt)
    },
    async write(record) {
      let slot = slotOf.get(record.key)
      if (slot === undefined) {
        // Beyond the declared number only pre-empting requests come, which are never refused.
        slot = free.pop() ?? next++
        slotOf.set(record.key, slot)
      }
      await store.set(keyOf(slot), new TextEncoder().encode(JSON.stringify(record)))
    },
    async forget(key) {
      const slot = slotOf.get(key)
      if (slot === undefined) return
      slotOf.delete(key)
      free.push(slot)
      await store.delete(keyOf(slot))
    },
  }
}

/** A record, or nothing where the bytes are none: a store that was damaged must not stop a device from starting. */
function parseRecord(bytes: Uint8Array): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === "object" && value !== null && "key" in value ? (value as JournalRecord) : undefined
  } catch {
    return undefined
  }
}
