import { filterMatches } from "@fleetwire/topic"
import { SdkError } from "../sdk-error.js"
import type { Link, SubscribeRequest } from "../transport.js"

/** One holder of a filter. */
export interface SubscriptionHandle {
  /** Resolves with SUBACK; rejects with `unauthorized` where the broker refused, `closed` when it was given up. */
  readonly ready: Promise<void>
  release(): Promise<void>
}

interface Entry {
  readonly filter: string
  readonly identifier: number
  qos: 0 | 1 | 2
  holders: number
  /** The broker of the present session has it. */
  granted: boolean
  waiting: Waiter[]
  /** SUBSCRIBE is to be sent (again): new, lost with the session, or asked for its retained messages. */
  wanted: boolean
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: SdkError) => void
}

/** Filters in one SUBSCRIBE: keeps the packet small whatever the number of subscriptions. */
const BATCH = 100

/**
 * What this client is subscribed to: filters by reference count, restored when the broker no longer has the session
 * (S-3). Each filter has an identifier, so that copies by overlap can be told apart at MQTT 5 (M-9).
 */
export class SubscriptionSet {
  readonly #entries = new Map<string, Entry>()
  readonly #changed: () => void
  #link: Link | undefined
  #nextIdentifier = 1
  #flushing = false

  /** `changed` runs when the set of granted filters may have changed. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Holds a filter. With `again` a filter that is already held is asked for again, for its retained messages. */
  hold(filter: string, qos: 0 | 1 | 2, again: boolean): SubscriptionHandle {
    let entry = this.#entries.get(filter)
    if (entry === undefined) {
      entry = {
        filter,
        identifier: this.#nextIdentifier++,
        qos,
        holders: 0,
        granted: false,
        waiting: [],
        wanted: true,
      }
      this.#entries.set(filter, entry)
    } else if (again || qos > entry.qos) {
      entry.qos = Math.max(qos, entry.qos) as 0 | 1 | 2
      entry.wanted = true
    }
    entry.holders++
    const held = entry
    let released = false
    const ready =
      held.granted && !held.wanted
        ? Promise.resolve()
        : new Promise<void>((resolve, reject) => held.waiting.push({ resolve, reject }))
    ready.catch(() => {})
    if (held.wanted) this.#soon()
    return {
      ready,
      release: async () => {
        if (released) return
        released = true
        await this.#release(held)
      },
    }
  }

  /** A connection is there. Sends what the broker does not have; resolves when all of it has its SUBACK. */
  async restore(link: Link, sessionPresent: boolean): Promise<void> {
    this.#link = link
    if (!sessionPresent) {
      for (const entry of this.#entries.values()) {
        entry.granted = false
        entry.wanted = true
      }
    }
    await this.#flush()
  }

  /** The connection is gone. SUBSCRIBEs without answer are sent again on the next. */
  suspend(): void {
    this.#link = undefined
  }

  /** The client is over: whoever waits is told. */
  end(error: SdkError): void {
    this.#link = undefined
    for (const entry of this.#entries.values()) {
      for (const waiter of entry.waiting.splice(0)) waiter.reject(error)
      // A client that is connected again asks the broker anew.
      entry.granted = false
      entry.wanted = true
    }
  }

  /** The identifier whose copy of a message counts; undefined where at most one filter matches the topic. */
  canonicalId(topic: string): number | undefined {
    if (this.#entries.size < 2) return undefined
    let lowest: number | undefined
    let several = false
    for (const entry of this.#entries.values()) {
      if (!entry.granted || !filterMatches(entry.filter, topic)) continue
      several = lowest !== undefined
      if (lowest === undefined || entry.identifier < lowest) lowest = entry.identifier
    }
    return several ? lowest : undefined
  }

  /** Many `hold`s in one turn become one SUBSCRIBE. */
  #soon(): void {
    if (this.#link === undefined || this.#flushing) return
    this.#flushing = true
    queueMicrotask(() => {
      this.#flushing = false
      this.#flush().catch(() => {})
    })
  }

  async #flush(): Promise<void> {
    const link = this.#link
    if (link === undefined) return
    const wanted = [...this.#entries.values()].filter((entry) => entry.wanted)
    const batches: Promise<void>[] = []
    for (let at = 0; at < wanted.length; at += BATCH) batches.push(this.#subscribe(link, wanted.slice(at, at + BATCH)))
    await Promise.all(batches)
  }

  async #subscribe(link: Link, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) entry.wanted = false
    const waiting = entries.map((entry) => entry.waiting.splice(0))
    const requests = entries.map(
      (entry): SubscribeRequest => ({ filter: entry.filter, qos: entry.qos, identifier: entry.identifier }),
    )
    let codes: readonly number[]
    try {
      codes = await link.subscribe(requests)
    } catch (error) {
      // The connection was lost under way: the next one asks again.
      entries.forEach((entry, index) => {
        entry.wanted = true
        entry.waiting.unshift(...waiting[index]!)
      })
      throw error
    }
    let refused: SdkError | undefined
    entries.forEach((entry, index) => {
      const code = codes[index] ?? 0x80
      entry.granted = code < 0x80
      const error = code < 0x80 ? undefined : refusal(code)
      refused ??= error
      for (const waiter of waiting[index]!) {
        if (error === undefined) waiter.resolve()
        else waiter.reject(error)
      }
    })
    this.#changed()
    if (refused !== undefined) throw refused
  }

  async #release(entry: Entry): Promise<void> {
    if (--entry.holders > 0) return
    this.#entries.delete(entry.filter)
    for (const waiter of entry.waiting.splice(0)) waiter.reject(new SdkError("closed", "the subscription was closed"))
    // Also where SUBACK is still to come: the broker reads both in order.
    if (this.#link !== undefined && !entry.wanted) await this.#link.unsubscribe([entry.filter]).catch(() => {})
    this.#changed()
  }
}

function refusal(code: number): SdkError {
  // 0x9E, 0xA1, 0xA2: shared subscriptions, identifiers, wildcards are not supported.
  const unsupported = code === 0x9e || code === 0xa1 || code === 0xa2
  return new SdkError(unsupported ? "unsupported" : "unauthorized", "the broker refused the subscription", {
    details: { reasonCode: code },
  })
}
