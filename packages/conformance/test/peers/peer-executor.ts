import type { CommandSemanticsIr } from "@fleetwire/ir"
import type { PeerStore } from "./peer-store.js"

/** A request, with how it is answered and acknowledged. */
export interface PeerRequest {
  readonly id: string
  readonly hash: string
  readonly message: Record<string, unknown>
  readonly correlation: Buffer | undefined
  readonly traceparent: string | undefined
  readonly deadline: number | undefined
  settle(): void
  /** Says how far it is, where the command does. */
  progress(): void
}

/** What became of it, and how that is said. */
export interface PeerOutcome {
  readonly code?: string
  readonly detail?: string
  readonly retryAfterMs?: number
}

interface Running {
  readonly request: PeerRequest
  stop(outcome: PeerOutcome): void
  die(): void
}

interface Known {
  readonly hash: string
  reply: Buffer | undefined
  doneAt?: number
}

export interface PeerExecutorOptions {
  readonly semantics: CommandSemanticsIr
  readonly store: PeerStore
  readonly journal: boolean
  is(defect: string): boolean
  /** Milliseconds that a request runs. */
  duration(message: Record<string, unknown>): number
  encode(request: PeerRequest, outcome: PeerOutcome): Buffer
  /** Resolves once the reply was acknowledged. */
  reply(payload: Buffer, request: { readonly id: string; readonly correlation: Buffer | undefined }): Promise<boolean>
  say(verb: string, words: Readonly<Record<string, string | number | boolean | undefined>>): void
}

/** Runs requests as C-3 to C-8 have it. */
export class PeerExecutor {
  readonly #known = new Map<string, Known>()
  readonly #running = new Set<Running>()
  #queue: PeerRequest[] = []
  /** Ids that were refused; true: before something pre-empted. */
  readonly #refused = new Map<string, boolean>()

  constructor(private readonly options: PeerExecutorOptions) {
    for (const [id, entry] of options.journal ? options.store.journal : [])
      if (entry.reply !== undefined) this.#known.set(id, { hash: entry.hash, reply: entry.reply })
  }

  /** C-4: what a run before this one left behind. */
  async recover(): Promise<void> {
    const { store, journal, is } = this.options
    if (!journal || is("forgets-journal")) return
    for (const [id, entry] of store.journal) {
      const request = {
        id,
        hash: entry.hash,
        message: {},
        correlation: entry.correlation,
        traceparent: undefined,
        deadline: undefined,
        settle: () => undefined,
        progress: () => undefined,
      }
      if (entry.reply === undefined) {
        if (is("runs-again-after-crash")) {
          this.#begin(request)
          continue
        }
        await this.#finish(request, { code: "interrupted", detail: "the device restarted" })
      } else if (!entry.said) await this.#say(request, entry.reply)
    }
  }

  /** A request that was decoded. */
  take(request: PeerRequest, anew = false): void {
    const { semantics, is } = this.options
    const known = this.#known.get(request.id)
    if (known !== undefined && !anew && !is("executes-duplicates")) {
      if (known.hash !== request.hash && !is("ignores-conflict")) {
        void this.#refuse(request, { code: "conflict", detail: "the id was used" })
        return
      }
      if (is("progress-for-duplicates")) request.progress()
      if (known.reply === undefined) request.settle()
      else if (is("answers-duplicates-anew"))
        void this.options.reply(this.options.encode(request, {}), request).then(() => request.settle())
      else void this.options.reply(known.reply, request).then(() => request.settle())
      return
    }
    if (!this.#hasRoom()) {
      void this.#refuse(request, { code: "busy", detail: "too many ids", retryAfterMs: 100 })
      return
    }
    if (this.isPreempting(request.message)) {
      this.abort({ code: "preempted", detail: "another command took over" })
      this.#begin(request)
      return
    }
    if (this.#refused.get(request.id) === true && !is("runs-refused-after-stop")) {
      void this.#refuse(request, { code: "preempted", detail: "another command took over" })
      return
    }
    if (this.#running.size < semantics.concurrency && !is("queues-everything")) this.#begin(request)
    else if (this.#queue.length < semantics.queueBound || is("never-busy")) {
      this.#known.set(request.id, { hash: request.hash, reply: undefined })
      this.#queue.push(request)
    } else {
      this.#refused.set(request.id, false)
      const retry = is("busy-without-retry") ? {} : { retryAfterMs: 100 }
      // Acknowledgements leave in order: what is withheld would shut the broker's window behind it.
      if (!is("shuts-the-window")) this.#relieve()
      if (is("drops-when-busy")) request.settle()
      else void this.#refuse(request, { code: "busy", detail: "queue full", ...retry })
    }
  }

  /** C-3: nothing is evicted; what is old enough is forgotten. */
  #hasRoom(): boolean {
    const { semantics, store, is } = this.options
    const { count, retentionMs } = semantics.remember
    for (const [id, { doneAt }] of this.#known) {
      if (doneAt === undefined || performance.now() - doneAt < retentionMs || is("never-forgets")) continue
      this.#known.delete(id)
      store.journal.delete(id)
    }
    if (this.#known.size < count) return true
    if (!is("evicts-the-oldest")) return false
    this.#known.delete(this.#known.keys().next().value!)
    return true
  }

  /** Nobody wants it any longer. */
  cancel(id: string): void {
    if (this.options.is("ignores-cancel")) return
    for (const each of [...this.#running])
      if (each.request.id === id) each.stop({ code: "canceled", detail: "by the caller" })
  }

  /** The process is killed: nothing more happens. */
  die(): void {
    this.#queue = []
    for (const each of this.#running) each.die()
  }

  isPreempting(message: Record<string, unknown>): boolean {
    const { preempt } = this.options.semantics
    if (preempt === undefined || this.options.is("queues-stop")) return false
    return Object.entries(preempt).every(([field, value]) => message[field] === value)
  }

  /** The safe action: whatever runs or waits ends. */
  abort(outcome: PeerOutcome): void {
    for (const id of this.#refused.keys()) this.#refused.set(id, true)
    const waiting = this.#queue
    this.#queue = this.options.is("keeps-queue-on-stop") ? waiting : []
    for (const each of [...this.#running]) each.stop(outcome)
    if (!this.options.is("keeps-queue-on-stop")) for (const each of waiting) void this.#finish(each, outcome)
  }

  #begin(request: PeerRequest): void {
    const { options } = this
    if (request.deadline !== undefined && performance.now() > request.deadline && !options.is("ignores-expiry")) {
      this.#known.delete(request.id)
      request.settle()
      this.#next()
      return
    }
    this.#known.set(request.id, { hash: request.hash, reply: undefined })
    if (options.journal && !options.is("no-journal")) {
      options.store.journal.set(request.id, {
        hash: request.hash,
        correlation: request.correlation,
        reply: undefined,
        said: false,
      })
      request.settle()
    }
    if (options.is("acknowledges-before-handling")) request.settle()
    options.say("run", { id: request.id, traceparent: request.traceparent })
    if (!options.is("progress-after-reply") && !options.is("says-no-progress")) request.progress()
    let ended = false
    const running: Running = {
      request,
      die: () => {
        ended = true
        clearTimeout(timer)
        clearTimeout(limit)
      },
      stop: (outcome) => {
        if (ended) return
        ended = true
        clearTimeout(timer)
        clearTimeout(limit)
        this.#running.delete(running)
        void this.#finish(request, outcome).then(() => this.#next())
      },
    }
    this.#running.add(running)
    const timer = setTimeout(() => running.stop({}), options.duration(request.message))
    const limit = setTimeout(() => {
      if (!options.is("no-execution-timeout")) running.stop({ code: "timeout", detail: "it ran too long" })
    }, options.semantics.executionTimeoutMs)
    limit.unref()
    timer.unref()
  }

  #relieve(): void {
    for (const { request } of this.#running) request.settle()
    for (const request of this.#queue) request.settle()
  }

  #next(): void {
    if (this.#running.size >= this.options.semantics.concurrency) return
    const next = this.#queue.shift()
    if (next !== undefined) this.#begin(next)
  }

  async #finish(request: PeerRequest, outcome: PeerOutcome): Promise<void> {
    const { options } = this
    const payload = options.encode(request, outcome)
    const known = this.#known.get(request.id)
    if (known !== undefined) known.doneAt = performance.now()
    if (known !== undefined && !options.is("forgets-outcome")) known.reply = payload
    else this.#known.delete(request.id)
    const entry = options.store.journal.get(request.id)
    if (entry !== undefined) entry.reply = payload
    options.say("done", { id: request.id, code: outcome.code })
    await this.#say(request, payload)
    if (options.is("progress-after-reply")) request.progress()
    if (options.is("answers-twice")) await this.#say(request, payload)
  }

  async #say(request: PeerRequest, payload: Buffer): Promise<void> {
    const said = await this.options.reply(payload, request)
    const entry = this.options.store.journal.get(request.id)
    if (entry !== undefined && said) entry.said = true
    if (said) request.settle()
  }

  async #refuse(request: PeerRequest, outcome: PeerOutcome): Promise<void> {
    await this.options.reply(this.options.encode(request, outcome), request)
    request.settle()
  }
}
