import type { ClientCore, CorePart } from "../client/client-core.js"
import { settlesWithin } from "../client/deadline.js"
import { createDeferred, type Deferred } from "../client/deferred.js"
import { IncomingLeg } from "../client/incoming-leg.js"
import { asSdkError } from "../client/reporter.js"
import type { CommandSemantics, LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { ProgressContext } from "../surface.js"
import type { ConnectedInfo, InboundMessage, OutboundMessage } from "../transport.js"
import { sha256 } from "./digest.js"
import { DuplicateTable } from "./duplicate-table.js"
import { type AcceptedRequest, createExecution, createSafeExecution, type Execution, type Inlet } from "./execution.js"
import { createContext } from "./execution-context.js"
import { ExecutionJournal } from "./execution-journal.js"
import type { Journal } from "./journal.js"
import { RefusedRequests } from "./refused-requests.js"
import { ReplyDelivery } from "./reply-delivery.js"
import type { Failure } from "./reply-outcome.js"
import { type Addressee, addresseeOf, ReplyPackets } from "./reply-packets.js"
import { RequestExpiry } from "./request-expiry.js"
import { createRequestId } from "./request-id.js"
import { readRequest } from "./request-reader.js"

export interface ExecutorSpec {
  /** Name of the channel whose handler this is. */
  readonly name: string
  readonly command: CommandSemantics
  /** Params of the topics that this side serves; the rest are open. */
  readonly bound: Params
  readonly identity: string | undefined
  readonly journal: Journal | undefined
}

/** One way by which requests come. */
export interface WayIn {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
  readonly request: LegDescriptor<any>
  // biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
  readonly reply: LegDescriptor<any> | undefined
  // biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
  readonly progress?: LegDescriptor<any> | undefined
  readonly command: CommandSemantics
  readonly broadcast: boolean
}

type Handler = (request: unknown, context: ProgressContext<unknown>) => unknown

/** What `busy` asks a caller to wait at least. */
const RETRY_AFTER_MS = 100
const PREEMPTED: Failure = { code: "preempted", words: "another command took over" }
/** Requests that pre-empt and are remembered although the table is full. */
const BEYOND_THE_TABLE = 1024

/**
 * Runs the requests of one command, whichever way they come: at most once each (C-3), within concurrency and queue, with
 * pre-emption (C-8), safe action (C-7), time limits (C-5, C-6) and a journal where there is one (C-4).
 *
 * Longer than most files: from acceptance to its end a request is in one of a few states, and what moves it is here. What
 * is said back, how it is delivered, and when a request is too old are files of their own.
 */
export class CommandExecutor implements CorePart {
  readonly #core: ClientCore
  readonly #spec: ExecutorSpec
  readonly #table: DuplicateTable
  readonly #journal: ExecutionJournal | undefined
  readonly #inlets: Inlet[] = []
  readonly #running = new Set<Execution>()
  /** Refused requests whose answers the broker has not acknowledged yet. */
  readonly #refusing = new Set<InboundMessage>()
  readonly #expiry: RequestExpiry
  readonly #refused: RefusedRequests
  readonly #packets: ReplyPackets
  readonly #delivery: ReplyDelivery
  #queue: Execution[] = []
  #handler: Handler | undefined
  #gateOpen = true
  #loaded: boolean
  #early: (() => void)[] = []
  #stopping = false
  /** Requests that named no id so far. */
  #nameless = 0
  #idle: Deferred<void> | undefined
  #cancelLinkLost: () => void = () => {}
  readonly #loading: Promise<void>

  constructor(core: ClientCore, spec: ExecutorSpec) {
    this.#core = core
    this.#spec = spec
    core.fenced = true
    this.#table = new DuplicateTable({
      ...spec.command.remember,
      proves: (mark) => core.fence.proves(mark),
      now: () => core.clock.monotonic(),
      forgotten: (execution) => void this.#journal?.forget(execution).catch(() => {}),
    })
    this.#journal = spec.journal === undefined ? undefined : new ExecutionJournal(core, spec.journal)
    this.#expiry = new RequestExpiry(core.clock)
    this.#refused = new RefusedRequests({
      fence: core.fence,
      now: () => core.clock.monotonic(),
      retentionMs: spec.command.remember.retentionMs,
    })
    this.#packets = new ReplyPackets(core, spec.name)
    this.#delivery = new ReplyDelivery(core, spec.name, this.#table, this.#journal)
    this.#loaded = this.#journal === undefined
    this.#loading = this.#load()
    this.#loading.catch(() => {})
    core.add(this)
  }

  /** Opens one way in. */
  listen(way: WayIn): LegSubscriber {
    const { name, request, reply, progress, command, broadcast } = way
    const outgoing = (leg: typeof reply) => leg && new OutgoingLeg(this.#core, leg, this.#spec.identity)
    const inlet: Inlet = {
      name,
      broadcast,
      incoming: new IncomingLeg(this.#core, request),
      reply: outgoing(reply),
      progress: outgoing(progress),
      command,
    }
    this.#inlets.push(inlet)
    this.#core.serves(request)
    return new LegSubscriber(this.#core, request, this.#spec.bound, (message, params) =>
      this.#receive(inlet, message, { ...this.#spec.bound, ...params }),
    )
  }

  /** One handler, of whatever the contract says its requests are. */
  handle(handler: (request: never, context: ProgressContext<never>) => unknown): void {
    this.#handler = handler as Handler
    this.#next()
  }

  /** F-2: requests wait while the gate is closed, except those that pre-empt. */
  closeGate(): void {
    this.#gateOpen = false
  }

  openGate(): void {
    if (this.#gateOpen) return
    this.#gateOpen = true
    this.#next()
  }

  /** C-4: before `ready`, what the journal holds is settled. */
  async establish(): Promise<void> {
    await this.#loading
    await this.#delivery.sendWaiting()
  }

  ready(_info: ConnectedInfo): void {
    this.#cancelLinkLost()
    this.#delivery.sendWaiting().catch(() => {})
  }

  lost(): void {
    const onLinkLost = this.#spec.command.onLinkLost
    if (onLinkLost === undefined || this.#stopping) return
    this.#cancelLinkLost()
    // C-16.
    this.#cancelLinkLost = this.#core.clock.after(onLinkLost.afterMs, () => this.#safely(onLinkLost.action))
  }

  end(error: SdkError): void {
    if (error.code !== "closed") return
    this.#cancelLinkLost()
    for (const execution of this.#queue) execution.cancelTimer()
    this.#queue = []
    for (const execution of [...this.#running]) execution.abort.abort(error)
  }

  /** S-5: what runs may finish within the deadline, then it is declared interrupted. */
  async close(deadlineMs: number): Promise<void> {
    this.#stopping = true
    if (this.#running.size > 0) {
      this.#idle = createDeferred()
      await settlesWithin(this.#core.clock, deadlineMs / 2, this.#idle.promise)
    }
    for (const execution of [...this.#running]) {
      const failure: Failure = { code: "interrupted", words: "the device is going away" }
      this.#cut(execution, failure)
    }
  }

  async #load(): Promise<void> {
    const restored = await this.#journal?.load(this.#inlets, (inlet, { params, id, correlationData }, failure) =>
      this.#packets.failure({ inlet, params, id, correlationData }, failure),
    )
    for (const execution of restored ?? []) {
      this.#table.add(execution)
      this.#table.replied(execution)
    }
    this.#loaded = true
    for (const run of this.#early.splice(0)) run()
  }

  #receive(inlet: Inlet, message: InboundMessage, params: Params): void {
    // Unacknowledged: the broker gives it to whoever comes next under this name.
    if (this.#stopping) return
    const reading = readRequest(this.#core, inlet, message, params)
    this.#core.relieve()
    switch (reading.kind) {
      case "stored":
        inlet.incoming.refuse(message, reading.issues)
        message.acknowledge()
        return
      case "cancel":
        this.#cancel(inlet, message, reading.id)
        return
      case "invalid":
        this.#invalid(inlet, message, params, reading.id, reading.issues[0])
        if (reading.issues[0]?.code !== "response_topic") inlet.incoming.refuse(message, reading.issues)
        return
      case "request": {
        const { id, request } = reading
        // Requests without an id of their own share its default, and are not duplicates of each other.
        const nameless = id === inlet.command.correlate.anonymous ? `\n${++this.#nameless}` : ""
        const key = `${inlet.name}\n${message.topic}\n${String(id)}${nameless}`
        const accepted = { key, inlet, message, params, id, request, digest: sha256(message.payload) }
        if (this.#loaded) this.#accept(accepted)
        else this.#early.push(() => this.#accept(accepted))
      }
    }
  }

  #accept(accepted: AcceptedRequest): void {
    const { key, inlet, message } = accepted
    const known = this.#table.get(key)
    if (known !== undefined) {
      this.#duplicate(known, message, accepted.digest)
      return
    }
    const preempts = agrees(inlet.command.preempt, accepted.request)
    const execution = createExecution(accepted, preempts, this.#expiry.instantOf(accepted))
    if (this.#expiry.isOver(execution)) {
      this.#dropExpired(execution)
      return
    }
    if (preempts) {
      this.#preempt(execution)
      return
    }
    if (this.#refused.isPreempted(key)) {
      // Its caller had `busy`, asks again, and comes behind what took over meanwhile.
      if (message.dup) this.#core.counters.duplicate++
      this.#refuse(addresseeOf(inlet, execution), message, PREEMPTED)
      return
    }
    if (message.dup && this.#refused.isHeld(key)) {
      this.#core.counters.duplicate++
      this.#busy(execution)
      return
    }
    const starts = this.#mayStart()
    if (!starts) this.#dropExpiredFromQueue()
    if (
      this.#refused.hasLostPreempted ||
      !this.#table.hasRoom() ||
      (!starts && this.#queue.length >= this.#spec.command.queueBound)
    ) {
      this.#busy(execution)
      return
    }
    this.#table.add(execution)
    if (starts) this.#start(execution)
    else this.#wait(execution)
  }

  /**
   * What began or waits is acknowledged early; after a crash its callers see `timeout` with `mayHaveRun`. So is what was
   * refused: under a flood each refusal would hold its place in the window for a round trip, and a stop would wait in the
   * broker behind all that came before it.
   */
  relieve(): void {
    for (const packet of this.#refusing) packet.acknowledge()
    this.#refusing.clear()
    for (const held of [...this.#running, ...this.#queue]) this.#delivery.acknowledge(held)
  }

  #duplicate(known: Execution, message: InboundMessage, digest: string): void {
    this.#core.counters.duplicate++
    const { inlet } = known
    if (digest !== known.digest && inlet !== undefined) {
      const { params, id } = known
      const failure: Failure = { code: "conflict", words: "this id was used with another request" }
      this.#refuse({ inlet, params, id, correlationData: message.properties?.correlationData }, message, failure)
      return
    }
    if (known.state === "done") {
      this.#delivery.repeat(known, message)
      return
    }
    // Answered by the one reply; with a journal its beginning is safe already.
    if (this.#journal !== undefined && known.state === "running") message.acknowledge()
    else if (message.qos > 0) known.packets.push(message)
  }

  /** C-8: starts at once, whatever runs or waits. */
  #preempt(execution: Execution): void {
    this.#refused.preempt()
    if (execution.inlet !== undefined) {
      // Never refused: where the table is full it is run without being remembered.
      if (this.#table.hasRoom() || this.#table.size < this.#spec.command.remember.count + BEYOND_THE_TABLE) {
        this.#table.add(execution)
      }
    }
    const waiting = this.#queue.splice(0)
    this.#core.counters.queueDepth -= waiting.length
    for (const running of [...this.#running]) this.#cut(running, PREEMPTED)
    for (const queued of waiting) {
      queued.cancelTimer()
      this.#finish(queued, PREEMPTED)
    }
    if (this.#handler === undefined) this.#wait(execution)
    else this.#start(execution)
  }

  #mayStart(): boolean {
    return (
      this.#handler !== undefined &&
      this.#gateOpen &&
      this.#queue.length === 0 &&
      this.#running.size < this.#spec.command.concurrency
    )
  }

  #wait(execution: Execution): void {
    if (execution.preempts) this.#queue.unshift(execution)
    else this.#queue.push(execution)
    this.#core.counters.queueDepth++
    if (this.#handler !== undefined) return
    execution.cancelTimer = this.#core.clock.after(this.#spec.command.executionTimeoutMs, () => {
      if (this.#handler !== undefined || !this.#unqueue(execution)) return
      this.#table.delete(execution)
      const { inlet } = execution
      if (inlet === undefined) return
      const failure: Failure = { code: "unavailable", words: "no handler" }
      for (const packet of execution.packets.splice(0)) this.#refuse(addresseeOf(inlet, execution), packet, failure)
    })
  }

  #next(): void {
    while (this.#handler !== undefined && this.#queue.length > 0) {
      const first = this.#queue[0]!
      if (!first.preempts && (!this.#gateOpen || this.#running.size >= this.#spec.command.concurrency)) return
      this.#unqueue(first)
      first.cancelTimer()
      if (this.#expiry.isOver(first)) {
        this.#table.delete(first)
        this.#dropExpired(first)
      } else this.#start(first)
    }
  }

  #start(execution: Execution): void {
    execution.state = "running"
    execution.beganAt = this.#core.clock.monotonic()
    this.#running.add(execution)
    if (this.#journal === undefined || execution.inlet === undefined) {
      this.#run(execution)
      return
    }
    this.#journal.begun(execution).then(
      () => {
        // C-6: safe in the journal, so the broker need not keep it.
        this.#delivery.acknowledge(execution)
        if (execution.state === "running") this.#run(execution)
      },
      (error: unknown) => {
        this.#core.reporter.error(asSdkError(error, "unavailable", "the store cannot keep the journal"), {
          channel: this.#spec.name,
        })
        // C-8: a full disk stops no stop.
        if (execution.preempts && execution.state === "running") this.#run(execution)
        else this.#finish(execution, { code: "unavailable", words: "the journal cannot be written" })
      },
    )
  }

  #run(execution: Execution): void {
    const { executionTimeoutMs } = this.#spec.command
    execution.cancelTimer = this.#core.clock.after(executionTimeoutMs, () => {
      this.#cut(execution, { code: "timeout", words: `the handler took more than ${executionTimeoutMs} ms` })
    })
    let result: unknown
    try {
      result = this.#handler?.(
        execution.request,
        createContext(execution, (message) => this.#progress(execution, message)),
      )
    } catch (error) {
      this.#threw(execution, error)
      return
    }
    if (result instanceof Promise) {
      result.then(
        (value: unknown) => this.#returned(execution, value),
        (error: unknown) => this.#threw(execution, error),
      )
    } else this.#returned(execution, result)
  }

  #returned(execution: Execution, value: unknown): void {
    if (execution.state !== "running") return
    const { inlet } = execution
    if (inlet?.reply === undefined) {
      this.#finish(execution, undefined)
      return
    }
    try {
      this.#finish(execution, undefined, this.#packets.success(inlet, inlet.reply, execution, value))
    } catch (error) {
      this.#core.reporter.error(error, { channel: this.#spec.name, topic: execution.topic })
      this.#finish(execution, { code: "command_failed", words: "the handler's reply does not fit the contract" })
    }
  }

  #threw(execution: Execution, error: unknown): void {
    if (execution.state !== "running") return
    this.#core.reporter.error(asSdkError(error, "command_failed", `${this.#spec.name}: the handler failed`), {
      channel: this.#spec.name,
      topic: execution.topic,
    })
    // A stranger's words may hold secrets; only an SdkError was worded for the other side.
    const words = isSdkError(error) ? error.message.replace(/^\[[a-z_]+\] /, "") : "the handler failed"
    const retryAfterMs = isSdkError(error) ? error.details.retryAfterMs : undefined
    this.#finish(execution, {
      code: isSdkError(error) ? error.code : "command_failed",
      words,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  }

  /** Ends a running one from outside: its signal tells the handler, its caller is told at once. */
  #cut(execution: Execution, failure: Failure): void {
    execution.abort.abort(new SdkError(failure.code, failure.words, { mayHaveRun: true }))
    this.#finish(execution, failure)
  }

  #finish(execution: Execution, failure: Failure | undefined, success?: OutboundMessage): void {
    if (execution.state === "done") return
    execution.state = "done"
    execution.cancelTimer()
    execution.doneAt = this.#core.clock.monotonic()
    this.#running.delete(execution)
    const { inlet } = execution
    if (inlet !== undefined) {
      execution.reply = success ?? (failure && this.#packets.failure(addresseeOf(inlet, execution), failure))
      this.#table.replied(execution)
      this.#delivery.answer(execution)
    }
    if (this.#running.size === 0) this.#idle?.resolve()
    this.#next()
  }

  #busy(execution: Execution): void {
    const { inlet } = execution
    const [packet] = execution.packets
    if (inlet === undefined || packet === undefined) return
    if (this.#table.needsProof()) this.#askForProof(inlet)
    if (!execution.anonymous) this.#refused.add(execution.key, execution.expiresAt)
    const failure: Failure = { code: "busy", words: "queue full", retryAfterMs: RETRY_AFTER_MS }
    this.#refuse(addresseeOf(inlet, execution), packet, failure)
  }

  /** Where nothing else makes the broker answer, ids could never be forgotten. */
  #askForProof(inlet: Inlet): void {
    const { incoming } = inlet
    this.#core.roundTrip(incoming.topics.filter(this.#spec.bound), incoming.leg.qos).catch(() => {})
  }

  /** Answers without running or remembering; the request is acknowledged with its answer. */
  #refuse(to: Addressee, packet: InboundMessage, failure: Failure): void {
    const reply = this.#packets.failure(to, failure)
    if (reply === undefined) {
      packet.acknowledge()
      return
    }
    this.#refusing.add(packet)
    const settle = (): void => {
      if (this.#refusing.delete(packet)) packet.acknowledge()
    }
    this.#core.send(reply).then(settle, (error: unknown) => {
      settle()
      if (!isSdkError(error, "unavailable")) this.#core.reporter.error(error, { channel: this.#spec.name })
    })
  }

  /** C-12: before the reply, and never after it. */
  async #progress(execution: Execution, message: unknown): Promise<void> {
    const { inlet, state, abort } = execution
    if (state !== "running") throw abort.signal.reason ?? new SdkError("closed", "the command is over")
    if (inlet?.progress === undefined) return
    await this.#core.send(this.#packets.progress(inlet, inlet.progress, execution, message))
  }

  /** C-7: safety first, then the answer. */
  #invalid(
    inlet: Inlet,
    message: InboundMessage,
    params: Params,
    id: unknown,
    issue: { readonly path: string; readonly message: string } | undefined,
  ): void {
    const { onInvalid } = inlet.command
    if (onInvalid !== undefined) this.#safely(onInvalid)
    const words = issue === undefined ? "does not fit the contract" : `${issue.path || "/"}: ${issue.message}`
    const correlated = message.properties?.correlationData !== undefined
    if (id === undefined && !correlated) {
      message.acknowledge()
      return
    }
    const to = { inlet, params, id: id ?? "unknown", correlationData: message.properties?.correlationData }
    this.#refuse(to, message, { code: "invalid_payload", words })
  }

  /** Runs a declared safe action, which nobody is answered for. */
  #safely(action: Readonly<Record<string, unknown>>): void {
    const [inlet] = this.#inlets
    if (this.#handler === undefined || inlet === undefined) return
    const leg = new OutgoingLeg(this.#core, inlet.incoming.leg, this.#spec.identity)
    const id = createRequestId(this.#core.random)
    let request: unknown = { ...action, [inlet.command.correlate.request]: id }
    try {
      const decoded = inlet.incoming.leg.codecs[leg.leg.sends]?.decode(leg.encode(request, undefined, { id }))
      if (decoded?.ok === true) request = decoded.value
    } catch (error) {
      this.#core.reporter.error(error, { channel: this.#spec.name })
    }
    this.#preempt(createSafeExecution(id, request, inlet.incoming.leg.id))
  }

  #cancel(inlet: Inlet, message: InboundMessage, id: string): void {
    const known = this.#table.get(`${inlet.name}\n${message.topic}\n${id}`)
    const failure: Failure = { code: "canceled", words: "canceled by the caller" }
    if (known?.state === "running") this.#cut(known, failure)
    else if (known?.state === "queued" && this.#unqueue(known)) this.#finish(known, failure)
    message.acknowledge()
  }

  /** C-5: acknowledged, counted, not run, not answered. */
  #dropExpired(execution: Execution): void {
    this.#core.reporter.dropped(execution.inlet?.incoming.leg.id ?? this.#spec.name, "expired")
    this.#delivery.acknowledge(execution)
  }

  #dropExpiredFromQueue(): void {
    for (const queued of [...this.#queue]) {
      if (!this.#expiry.isOver(queued) || !this.#unqueue(queued)) continue
      queued.cancelTimer()
      this.#table.delete(queued)
      this.#dropExpired(queued)
    }
  }

  #unqueue(execution: Execution): boolean {
    const at = this.#queue.indexOf(execution)
    if (at === -1) return false
    this.#queue.splice(at, 1)
    this.#core.counters.queueDepth--
    return true
  }
}

/** True where the request has every declared field with the declared value. */
function agrees(declared: Readonly<Record<string, unknown>> | undefined, request: unknown): boolean {
  if (declared === undefined || typeof request !== "object" || request === null) return false
  const fields = request as Record<string, unknown>
  return Object.entries(declared).every(([name, value]) => fields[name] === value)
}
