import type { ClientCore, CorePart } from "../client/client-core.js"
import { createDeferred, type Deferred } from "../client/deferred.js"
import type { LegDescriptor } from "../descriptor.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import type { DeviceStore, DropCause } from "../surface.js"
import type { OutboundMessage } from "../transport.js"
import { DurableSlots } from "./durable-slots.js"
import { expirySeconds } from "./outgoing-leg.js"

type OutboxLeg = Pick<LegDescriptor<unknown>, "id" | "qos" | "outbox">

interface Entry {
  readonly place: number
  readonly leg: OutboxLeg
  readonly message: OutboundMessage
  /** Monotonic instant after which it is worthless. */
  readonly expiresAt: number | undefined
  readonly outcome: Deferred<void>
  cancelTimer: () => void
  over: boolean
  /** Where a durable one is kept. */
  slot: number | undefined
}

export interface OutboxOptions {
  readonly expiryMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Messages on their way out, by channel: held within bounds while there is no connection, sent in order of acceptance
 * when there is one again, and sent anew where the broker lost the session before it acknowledged (M-7, Z-1).
 */
export class Outbox implements CorePart {
  readonly #core: ClientCore
  readonly #waiting = new Map<string, Entry[]>()
  readonly #durable = new Map<string, DurableSlots>()
  #loading: Promise<void> | undefined
  #places = 0

  constructor(core: ClientCore) {
    this.#core = core
    core.add(this)
  }

  /** Keeps the messages of these legs in the store until the broker has them, and takes up what it holds already. */
  keepIn(store: DeviceStore, legs: readonly OutboxLeg[]): void {
    const load = async (): Promise<void> => {
      let place = Number.MIN_SAFE_INTEGER
      for (const leg of legs) {
        const slots = new DurableSlots(store, leg.id, leg.outbox.bound)
        for (const { slot, message, expiresAt } of await slots.load()) {
          const left = expiresAt === undefined ? undefined : expiresAt - this.#core.clock.now()
          const entry = this.#entry(leg, message, place++, left)
          entry.slot = slot
          this.#keep(entry)
        }
        this.#durable.set(leg.id, slots)
      }
    }
    this.#loading = load()
    this.#loading.catch((error: unknown) => this.#core.reporter.error(error, {}))
  }

  /** What an earlier process left is there before anything newer leaves. */
  async establish(): Promise<void> {
    await this.#loading?.catch(() => {})
  }

  /**
   * Sends, or keeps until there is a connection. Settles when the broker has the message (QoS 0: when it is written) or
   * with the reason why it never will: `dropped`, `expired`, `canceled`, `unauthorized`, `unsupported`, `closed`.
   */
  publish(leg: OutboxLeg, message: OutboundMessage, options: OutboxOptions = {}): Promise<void> {
    const ended = this.#core.ended
    if (ended !== undefined && ended.code !== "unavailable") return handled(Promise.reject(ended))
    const { expiryMs, signal } = options
    if (signal?.aborted === true) return handled(Promise.reject(new SdkError("canceled", "canceled by the caller")))
    const entry = this.#entry(leg, message, ++this.#places, expiryMs)
    if (signal !== undefined) this.#cancelWith(entry, signal)
    if (leg.outbox.durable && this.#loading !== undefined) this.#store(entry, expiryMs)
    else this.#route(entry)
    return entry.outcome.promise
  }

  #entry(leg: OutboxLeg, message: OutboundMessage, place: number, expiryMs: number | undefined): Entry {
    return {
      place,
      leg,
      message,
      expiresAt: expiryMs === undefined ? undefined : this.#core.clock.monotonic() + expiryMs,
      outcome: createDeferred(),
      cancelTimer: () => {},
      over: false,
      slot: undefined,
    }
  }

  #route(entry: Entry): void {
    if (this.#core.isReady) this.#send(entry)
    else this.#admit(entry)
  }

  /** Z-5: in the store before it is on its way, so that no crash loses it. */
  async #store(entry: Entry, expiryMs: number | undefined): Promise<void> {
    try {
      await this.#loading
      const slots = this.#durable.get(entry.leg.id)
      entry.slot = await slots?.keep(
        entry.message,
        expiryMs === undefined ? undefined : this.#core.clock.now() + expiryMs,
      )
    } catch (error) {
      this.#finish(entry, new SdkError("unavailable", `${entry.leg.id}: the store cannot be written`, { cause: error }))
      return
    }
    if (!entry.over) this.#route(entry)
    else this.#release(entry)
  }

  #release(entry: Entry): void {
    const { slot } = entry
    if (slot === undefined) return
    entry.slot = undefined
    this.#durable
      .get(entry.leg.id)
      ?.release(slot)
      .catch((error: unknown) => this.#core.reporter.error(error, { channel: entry.leg.id }))
  }

  /** Everything that waits, in order of acceptance, before anything newer. */
  ready(): void {
    const all = [...this.#waiting.values()].flat().sort((a, b) => a.place - b.place)
    this.#waiting.clear()
    for (const entry of all) {
      entry.cancelTimer()
      this.#send(entry)
    }
  }

  end(error: SdkError): void {
    // A client that failed may connect again; one that was closed does not.
    if (error.code !== "closed") return
    for (const queue of this.#waiting.values()) {
      for (const entry of queue) {
        if (entry.slot === undefined) this.#drop(entry, "closed", error)
        else this.#finish(entry, error)
      }
    }
    this.#waiting.clear()
  }

  #send(entry: Entry): void {
    if (entry.over) return
    const message = this.#aged(entry)
    if (message === undefined) {
      this.#drop(entry, "expired", new SdkError("expired", `${entry.leg.id}: not sent in time`))
      return
    }
    this.#core.send(message).then(
      () => this.#finish(entry, undefined),
      (error: unknown) => {
        const refusedByBroker = isSdkError(error) && error.details.reasonCode !== undefined
        const again = isSdkError(error, "unavailable") && !refusedByBroker && entry.leg.qos > 0
        if (!again) this.#finish(entry, error)
        else if (error.sent && this.#core.isReady) this.#send(entry)
        else if (this.#core.state.kind === "closed") {
          this.#drop(entry, "closed", new SdkError("closed", "the client was closed", { sent: true }))
        } else this.#keep(entry)
      },
    )
  }

  #admit(entry: Entry): void {
    const { leg } = entry
    const queue = this.#waiting.get(leg.id) ?? []
    const { bound, drop } = leg.outbox
    if (drop === "latest-only") {
      const older = queue.findIndex((one) => one.message.topic === entry.message.topic)
      if (older !== -1) this.#evict(queue.splice(older, 1)[0]!)
    }
    if (queue.length >= bound) {
      if (bound === 0 || drop === "newest" || drop === "reject") {
        this.#evict(entry)
        return
      }
      this.#evict(queue.shift()!)
    }
    this.#keep(entry)
  }

  #keep(entry: Entry): void {
    if (entry.over) return
    const { leg } = entry
    let queue = this.#waiting.get(leg.id)
    if (queue === undefined) {
      queue = []
      this.#waiting.set(leg.id, queue)
    }
    // What was sent before and lost with the session goes back to its old place.
    const at = queue.findIndex((one) => one.place > entry.place)
    queue.splice(at === -1 ? queue.length : at, 0, entry)
    if (entry.expiresAt === undefined) return
    entry.cancelTimer = this.#core.clock.after(Math.max(0, entry.expiresAt - this.#core.clock.monotonic()), () => {
      this.#remove(entry)
      this.#drop(entry, "expired", new SdkError("expired", `${leg.id}: not sent in time`))
    })
  }

  #aged(entry: Entry): OutboundMessage | undefined {
    const { message, expiresAt } = entry
    if (expiresAt === undefined) return message
    const left = expiresAt - this.#core.clock.monotonic()
    if (left <= 0) return undefined
    if (message.properties === undefined) return message
    return { ...message, properties: { ...message.properties, messageExpirySeconds: expirySeconds(left) } }
  }

  #evict(entry: Entry): void {
    const cause = entry.leg.qos === 0 && entry.leg.outbox.bound === 0 ? "offline-qos0" : "bound"
    this.#drop(entry, cause, new SdkError("dropped", `${entry.leg.id}: the outbox let it go (${cause})`))
  }

  #drop(entry: Entry, cause: DropCause, error: SdkError): void {
    if (entry.over) return
    this.#core.reporter.dropped(entry.leg.id, cause)
    this.#finish(entry, error)
  }

  #finish(entry: Entry, error: unknown): void {
    if (entry.over) return
    entry.over = true
    entry.cancelTimer()
    // What the next process can still send stays in the store.
    if (!isSdkError(error, "closed")) this.#release(entry)
    if (error === undefined) entry.outcome.resolve()
    else entry.outcome.reject(error)
  }

  #remove(entry: Entry): void {
    const queue = this.#waiting.get(entry.leg.id)
    const at = queue?.indexOf(entry) ?? -1
    if (at !== -1) queue!.splice(at, 1)
  }

  #cancelWith(entry: Entry, signal: AbortSignal): void {
    const cancel = (): void => {
      this.#remove(entry)
      this.#finish(entry, new SdkError("canceled", "canceled by the caller"))
    }
    signal.addEventListener("abort", cancel, { once: true })
    const forget = (): void => signal.removeEventListener("abort", cancel)
    entry.outcome.promise.then(forget, forget)
  }
}

/** The same promise; losing it is no unhandled rejection, because losses are counted and observed. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
