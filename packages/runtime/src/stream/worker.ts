import type { ClientCore } from "../client/client-core.js"
import { asSdkError } from "../client/reporter.js"
import type { DropPolicy } from "../descriptor.js"
import { SdkError } from "../sdk-error.js"
import type { HandleOptions } from "../surface.js"
import type { InboundMessage } from "../transport.js"

/** What one worker serves and how. */
export interface WorkerSpec<D> {
  /** Leg id, for counters and errors. */
  readonly channel: string
  readonly queue: { readonly bound: number; readonly drop: DropPolicy }
  readonly onHandled: boolean
  readonly concurrency: number
  readonly deadlineMs: number
  readonly retry: { readonly times: number; readonly delayMs: number } | undefined
  /** Takes what failed for good; nobody does where it is undefined. */
  readonly deadLetter: DeadLetterSink | undefined
  readonly handle: (delivery: D) => unknown
}

/** A message that was not handled, and why. */
export type DeadLetterSink = (failed: FailedMessage, error: SdkError) => void | Promise<void>

export interface FailedMessage {
  readonly delivery: unknown
  readonly topic: string
  /** As it came; empty where the sink did not ask for it. */
  readonly payload: Uint8Array
  readonly contentType: string | undefined
}

interface Item<D> {
  readonly delivery: D
  /** Device of the message: one at a time each (M-8). */
  readonly key: string
  /** Undefined once acknowledged. Replaced by a redelivery of the same packet. */
  packet: InboundMessage | undefined
  readonly topic: string
  readonly packetId: number | undefined
  /** Copied while the packet is whole, where a dead letter will need it. */
  readonly payload: Uint8Array
  readonly contentType: string | undefined
  attempts: number
}

const DEFAULT_DEADLINE_MS = 10_000
const NOTHING = new Uint8Array(0)

/**
 * Runs a handler over a bounded queue. A handler that returns no promise costs no promise here: with an empty queue it
 * runs inside the read of the socket.
 */
export class StreamWorker<D> {
  readonly #core: ClientCore
  readonly #spec: WorkerSpec<D>
  #queue: Item<D>[] = []
  /** Handlers under way. */
  readonly #running = new Set<Item<D>>()
  #closed = false

  constructor(core: ClientCore, spec: WorkerSpec<D>) {
    this.#core = core
    this.#spec = spec
  }

  static options<D>(
    leg: {
      readonly id: string
      readonly queue: WorkerSpec<D>["queue"]
      readonly acknowledge: "on-handled" | "on-receipt"
    },
    options: HandleOptions,
    deadLetter: DeadLetterSink | undefined,
    handle: (delivery: D) => unknown,
  ): WorkerSpec<D> {
    const { onFailure } = options
    return {
      channel: leg.id,
      queue: leg.queue,
      onHandled: (options.acknowledge ?? leg.acknowledge) === "on-handled",
      concurrency: Math.max(1, options.concurrency ?? 1),
      deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
      retry: typeof onFailure === "object" ? onFailure.retry : undefined,
      deadLetter,
      handle,
    }
  }

  /** Acknowledges when the handler is done, not before. */
  get withholds(): boolean {
    return this.#spec.onHandled
  }

  /** Takes a decoded message and owes its acknowledgement. */
  push(delivery: D, key: string, packet: InboundMessage): void {
    if (this.#closed) {
      packet.acknowledge()
      return
    }
    const withheld = this.#spec.onHandled && packet.qos > 0
    if (!withheld) packet.acknowledge()
    if (this.#queue.length === 0 && this.#running.size === 0) {
      this.#runAtOnce(delivery, key, packet, withheld)
      return
    }
    if (packet.dup && withheld && this.#adopt(packet)) return
    const item = this.#itemOf(delivery, key, packet, withheld)
    this.#enqueue(item)
    this.#next()
  }

  /** Acknowledges what waits and what is under way, before its time. */
  relieve(): void {
    for (const item of [...this.#running, ...this.#queue]) {
      item.packet?.acknowledge()
      item.packet = undefined
    }
  }

  /** Nothing new begins; what waits is counted as lost where it was acknowledged already. */
  close(): void {
    this.#closed = true
    const waiting = this.#queue
    this.#queue = []
    this.#core.counters.queueDepth -= waiting.length
    // Unacknowledged ones stay with the broker: the next connection gets them again.
    const lost = waiting.filter((item) => item.packet === undefined).length
    if (lost > 0) this.#core.reporter.dropped(this.#spec.channel, "closed", lost)
  }

  /** The straight road: no queue, no promise, no closure unless the handler makes one. */
  #runAtOnce(delivery: D, key: string, packet: InboundMessage, withheld: boolean): void {
    let result: unknown
    try {
      result = this.#spec.handle(delivery)
    } catch (error) {
      const item = this.#itemOf(delivery, key, packet, withheld)
      this.#running.add(item)
      this.#failed(item, error)
      return
    }
    if (!isThenable(result)) {
      if (withheld) packet.acknowledge()
      return
    }
    const item = this.#itemOf(delivery, key, packet, withheld)
    this.#running.add(item)
    this.#follow(item, result)
  }

  #run(item: Item<D>): void {
    this.#running.add(item)
    let result: unknown
    try {
      result = this.#spec.handle(item.delivery)
    } catch (error) {
      this.#failed(item, error)
      return
    }
    if (isThenable(result)) this.#follow(item, result)
    else this.#settle(item)
  }

  #follow(item: Item<D>, result: PromiseLike<unknown>): void {
    let over = false
    const late = (): void => {
      if (over) return
      over = true
      this.#failed(item, new SdkError("timeout", `${this.#spec.channel}: the handler took too long`))
    }
    const { deadlineMs } = this.#spec
    const cancel = deadlineMs === Number.POSITIVE_INFINITY ? () => {} : this.#core.clock.after(deadlineMs, late)
    result.then(
      () => {
        if (over) return
        over = true
        cancel()
        this.#settle(item)
        this.#next()
      },
      (error: unknown) => {
        if (over) return
        over = true
        cancel()
        this.#failed(item, error)
      },
    )
  }

  /** M-3: reported, repeated as declared, then settled whatever came of it. */
  #failed(item: Item<D>, error: unknown): void {
    const { channel, retry, deadLetter } = this.#spec
    const failure = asSdkError(error, "command_failed", `${channel}: the handler failed`)
    this.#core.reporter.error(failure, { channel, topic: item.topic })
    if (retry !== undefined && item.attempts < retry.times && !this.#closed) {
      item.attempts++
      this.#core.clock.after(retry.delayMs, () => {
        this.#run(item)
        this.#next()
      })
      return
    }
    const settle = (): void => {
      this.#settle(item)
      this.#next()
    }
    if (deadLetter === undefined) {
      settle()
      return
    }
    // Kept elsewhere first, then acknowledged, whatever comes of it.
    Promise.resolve(item)
      .then((failed) => deadLetter(failed, failure))
      .catch((problem: unknown) => this.#core.reporter.error(problem, { channel, topic: item.topic }))
      .then(settle)
  }

  #settle(item: Item<D>): void {
    this.#running.delete(item)
    item.packet?.acknowledge()
    item.packet = undefined
  }

  /** Starts what may start: in order, one at a time for each device. */
  #next(): void {
    while (this.#queue.length > 0 && this.#running.size < this.#spec.concurrency) {
      const at = this.#queue.findIndex((item) => !this.#busy(item.key))
      if (at === -1) return
      const item = at === 0 ? this.#queue.shift()! : this.#queue.splice(at, 1)[0]!
      this.#core.counters.queueDepth--
      this.#run(item)
    }
  }

  #busy(key: string): boolean {
    for (const item of this.#running) if (item.key === key) return true
    return false
  }

  /** A redelivery of what is still waiting or under way only brings a new acknowledgement. */
  #adopt(packet: InboundMessage): boolean {
    if (packet.packetId === undefined) return false
    const same = (item: Item<D>): boolean =>
      item.packetId === packet.packetId && item.topic === packet.topic && item.packet !== undefined
    const known = this.#queue.find(same) ?? [...this.#running].find(same)
    if (known === undefined) return false
    known.packet = packet
    return true
  }

  #itemOf(delivery: D, key: string, packet: InboundMessage, withheld: boolean): Item<D> {
    return {
      delivery,
      key,
      packet: withheld ? packet : undefined,
      topic: packet.topic,
      packetId: packet.packetId,
      payload: this.#spec.deadLetter === undefined ? NOTHING : packet.payload.slice(),
      contentType: packet.properties?.contentType,
      attempts: 0,
    }
  }

  #enqueue(item: Item<D>): void {
    const { bound, drop } = this.#spec.queue
    this.#queue.push(item)
    this.#core.counters.queueDepth++
    if (drop === "latest-only") {
      const older = this.#queue.findIndex((one) => one.topic === item.topic)
      if (this.#queue[older] !== item) this.#evict(older)
    }
    // What is unacknowledged is bounded by the broker's window, and losing it would break at-least-once (M-4).
    if (this.#queue.length > bound && item.packet === undefined) {
      if (drop === "newest" || drop === "reject") this.#evict(this.#queue.length - 1)
      else this.#evict(this.#queue.findIndex((one) => one.packet === undefined))
    }
  }

  #evict(at: number): void {
    const [item] = this.#queue.splice(at, 1)
    this.#core.counters.queueDepth--
    item?.packet?.acknowledge()
    this.#core.reporter.dropped(this.#spec.channel, "bound")
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
}
