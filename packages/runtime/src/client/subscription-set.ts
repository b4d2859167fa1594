import { filterMatches } from "@fleetwire/topic"
import { isSdkError, SdkError } from "../sdk-error.js"
import type { Link, SubscribeRequest } from "../transport.js"
import { relateFilters } from "./filter-relation.js"

/** One holder of a filter. */
export interface SubscriptionHandle {
  /** Resolves with SUBACK; rejects with `unauthorized` where the broker refused, `closed` when it was given up. */
  readonly ready: Promise<void>
  release(): Promise<void>
}

/** What a holder wants. */
export interface SubscriptionWish {
  readonly filter: string
  /** Template of the leg that the filter is made from. */
  readonly template: string
  readonly qos: 0 | 1 | 2
  /** The topics hold retained messages, and this holder wants those that are there already. */
  readonly stored: boolean
}

interface Entry extends SubscriptionWish {
  qos: 0 | 1 | 2
  holders: number
  waiting: Waiter[]
  /** A wider filter brings its messages: nothing of its own at the broker. */
  cover: Entry | undefined
  /** MQTT 5 subscription identifier, where another filter overlaps it without covering. */
  identifier: number | undefined
  /** SUBSCRIBE is to be sent (again): new, lost with the session, or asked for its stored messages. */
  wanted: boolean
  /** The broker of the present session has it. */
  granted: boolean
  /** It had it in an earlier connection of the session: what is stored need not come again. */
  again: boolean
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: SdkError) => void
}

/** Filters in one SUBSCRIBE: keeps the packet small whatever the number of subscriptions. */
const BATCH = 100

/**
 * What this client is subscribed to: filters by reference count, restored when the broker no longer has the session
 * (S-3). A filter that a wider one covers is not subscribed beside it, because at MQTT 5 each would bring a copy (M-9);
 * filters that overlap otherwise have identifiers, by which copies are told apart.
 */
export class SubscriptionSet {
  readonly #entries = new Map<string, Entry>()
  /** By template: those with a wildcard, which alone can cover or overlap others. */
  readonly #wide = new Map<string, Set<Entry>>()
  readonly #changed: () => void
  #link: Link | undefined
  #nextIdentifier = 1
  #flushing = false

  /** `changed` runs when the set of granted filters may have changed. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  hold(wish: SubscriptionWish): SubscriptionHandle {
    let entry = this.#entries.get(wish.filter)
    if (entry === undefined) entry = this.#add(wish)
    else if (wish.stored || wish.qos > entry.qos) {
      entry.qos = Math.max(wish.qos, entry.qos) as 0 | 1 | 2
      entry.again = false
      if (entry.cover === undefined) entry.wanted = true
      else if (entry.cover.granted) this.#fetchStored(entry)
    }
    entry.holders++
    const held = entry
    const ready = this.#isGranted(held)
      ? Promise.resolve()
      : new Promise<void>((resolve, reject) => held.waiting.push({ resolve, reject }))
    ready.catch(() => {})
    this.#soon()
    let released = false
    return {
      ready,
      release: async () => {
        if (released) return
        released = true
        if (--held.holders === 0) await this.#remove(held)
      },
    }
  }

  /**
   * A connection is there. Sends everything, and resolves when all of it has its SUBACK. Over a session that is present
   * too: a broker that came back with an older snapshot (Z-1) says so and lacks what was subscribed after it.
   */
  async restore(link: Link, sessionPresent: boolean): Promise<void> {
    this.#link = link
    for (const entry of this.#entries.values()) entry.again = sessionPresent && entry.granted
    this.#forgetGranted()
    await this.#flush()
  }

  /** The connection is gone. SUBSCRIBEs without answer are sent again on the next. */
  suspend(): void {
    this.#link = undefined
  }

  /** The client is over: whoever waits is told. A client that connects again asks the broker anew. */
  end(error: SdkError): void {
    this.#link = undefined
    for (const entry of this.#entries.values()) for (const waiter of entry.waiting.splice(0)) waiter.reject(error)
    this.#forgetGranted()
  }

  /** The identifier whose copy of a message counts; undefined where at most one filter brings the topic. */
  canonicalId(topic: string): number | undefined {
    if (this.#nextIdentifier === 1) return undefined
    let lowest: number | undefined
    let several = false
    for (const entry of this.#entries.values()) {
      if (entry.identifier === undefined || !entry.granted || !filterMatches(entry.filter, topic)) continue
      several = lowest !== undefined
      if (lowest === undefined || entry.identifier < lowest) lowest = entry.identifier
    }
    return several ? lowest : undefined
  }

  #add(wish: SubscriptionWish): Entry {
    const entry: Entry = {
      ...wish,
      holders: 0,
      waiting: [],
      cover: undefined,
      identifier: undefined,
      wanted: true,
      granted: false,
      again: false,
    }
    for (const other of this.#neighbours(entry)) {
      const relation = relateFilters(other.filter, entry.filter)
      if (relation === "covers" && other.qos >= entry.qos && other.cover === undefined) {
        entry.cover = other
        entry.wanted = false
        if (entry.stored && other.granted) this.#fetchStored(entry)
        break
      }
      if (relation === "overlaps") {
        this.#identify(other)
        this.#identify(entry)
      }
    }
    this.#entries.set(entry.filter, entry)
    if (isWide(entry.filter)) {
      const wide = this.#wide.get(entry.template)
      if (wide === undefined) this.#wide.set(entry.template, new Set([entry]))
      else wide.add(entry)
    }
    return entry
  }

  /** Entries that can cover or overlap this one, or that it can. */
  *#neighbours(entry: Entry): Iterable<Entry> {
    // Of every template: a reserved name keeps topics of two templates apart (T-5), never their filters.
    if (!isWide(entry.filter)) {
      for (const wide of this.#wide.values()) yield* wide
      return
    }
    for (const other of this.#entries.values()) if (other !== entry) yield other
  }

  #identify(entry: Entry): void {
    if (entry.identifier !== undefined || entry.cover !== undefined) return
    entry.identifier = this.#nextIdentifier++
    entry.wanted = true
  }

  #isGranted(entry: Entry): boolean {
    const own = entry.cover ?? entry
    return own.granted && !own.wanted
  }

  /** Stored messages of a covered filter: asked for and at once given back, for they are sent at SUBSCRIBE. */
  #fetchStored(entry: Entry): void {
    const link = this.#link
    if (link === undefined) return
    link
      .subscribe([{ filter: entry.filter, qos: entry.qos }])
      .then(() => {
        if (entry.cover !== undefined && this.#link === link) return link.unsubscribe([entry.filter])
      })
      .catch(() => {})
  }

  #forgetGranted(): void {
    for (const entry of this.#entries.values()) {
      entry.granted = false
      entry.wanted = entry.cover === undefined
    }
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
    let codes: readonly (number | SdkError)[]
    try {
      codes = await link.subscribe(entries.map(requestOf))
    } catch (error) {
      entries.forEach((entry, index) => {
        entry.waiting.unshift(...waiting[index]!)
      })
      if (!isSdkError(error) || error.code === "unavailable" || error.code === "closed") {
        // The connection was lost under way: the next one asks again.
        for (const entry of entries) entry.wanted = true
        throw error
      }
      // One that the server cannot do must not take the others along.
      if (entries.length > 1) {
        await Promise.all(entries.map((entry) => this.#subscribe(link, [entry])))
        return
      }
      codes = [error]
      waiting[0] = entries[0]!.waiting.splice(0)
    }
    let refused: SdkError | undefined
    entries.forEach((entry, index) => {
      const code = codes[index] ?? 0x80
      const error = typeof code !== "number" ? code : code < 0x80 ? undefined : refusal(code)
      entry.granted = error === undefined
      entry.again = false
      refused ??= error
      for (const waiter of waiting[index]!) {
        if (error === undefined) waiter.resolve()
        else waiter.reject(error)
      }
      if (entry.granted) this.#takeOver(link, entry)
      else this.#uncover(entry)
    })
    this.#changed()
    if (refused !== undefined) throw refused
  }

  /** A wide filter goes, or is refused: what it covered asks for itself. */
  #uncover(entry: Entry): boolean {
    let found = false
    for (const other of this.#entries.values()) {
      if (other.cover !== entry) continue
      other.cover = undefined
      other.wanted = true
      found = true
    }
    if (found) this.#soon()
    return found
  }

  /** A wide filter is granted: the narrow ones that it covers need nothing of their own any more. */
  #takeOver(link: Link, entry: Entry): void {
    if (!isWide(entry.filter)) return
    const covered: string[] = []
    for (const other of this.#neighbours(entry)) {
      if (other.cover === entry) for (const waiter of other.waiting.splice(0)) waiter.resolve()
      if (other.cover !== undefined || other.qos > entry.qos) continue
      if (relateFilters(entry.filter, other.filter) !== "covers") continue
      other.cover = entry
      other.identifier = undefined
      if (other.granted) covered.push(other.filter)
      other.granted = false
      other.wanted = false
      for (const waiter of other.waiting.splice(0)) waiter.resolve()
    }
    if (covered.length > 0) link.unsubscribe(covered).catch(() => {})
  }

  async #remove(entry: Entry): Promise<void> {
    this.#entries.delete(entry.filter)
    this.#wide.get(entry.template)?.delete(entry)
    for (const waiter of entry.waiting.splice(0)) waiter.reject(new SdkError("closed", "the subscription was closed"))
    const orphaned = this.#uncover(entry)
    const link = this.#link
    if (link !== undefined && entry.cover === undefined) {
      // What it covered has its own before it goes, so that nothing is missed.
      if (orphaned) await this.#flush().catch(() => {})
      // Also where SUBACK is still to come: the broker reads both in order.
      if (!entry.wanted) await link.unsubscribe([entry.filter]).catch(() => {})
    }
    this.#changed()
  }
}

function isWide(filter: string): boolean {
  return filter.includes("+")
}

function requestOf(entry: Entry): SubscribeRequest {
  return {
    filter: entry.filter,
    qos: entry.qos,
    ...(entry.identifier === undefined ? {} : { identifier: entry.identifier }),
    // At 3.1.1 the stored messages come once more, marked `retained` (M-9).
    ...(entry.again ? { retainHandling: 1 as const } : {}),
  }
}

function refusal(code: number): SdkError {
  // 0x9E, 0xA1, 0xA2: shared subscriptions, identifiers, wildcards are not supported.
  const unsupported = code === 0x9e || code === 0xa1 || code === 0xa2
  return new SdkError(unsupported ? "unsupported" : "unauthorized", "the broker refused the subscription", {
    details: { reasonCode: code },
  })
}
