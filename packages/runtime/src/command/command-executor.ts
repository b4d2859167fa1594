import type { ClientCore, CorePart } from "../client/client-core.js"
import { settlesWithin } from "../client/deadline.js"
import { createDeferred, type Deferred } from "../client/deferred.js"
import { IncomingLeg } from "../client/incoming-leg.js"
import { asSdkError } from "../client/reporter.js"
import type { CommandSemantics, LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import { traceparentOf } from "../stream/delivery.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { CommandContext } from "../surface.js"
import type { ConnectedInfo, InboundMessage, OutboundMessage } from "../transport.js"
import { sha256 } from "./digest.js"
import { DuplicateTable } from "./duplicate-table.js"
import type { Execution, Inlet } from "./execution.js"
import { ExecutionJournal } from "./execution-journal.js"
import type { Journal } from "./journal.js"
import { type Failure, failureReplies } from "./reply-outcome.js"
import { createRequestId } from "./request-id.js"
import { readRequest, replyTopic } from "./request-reader.js"

// Longer than most: begin, queue, pre-empt, cut off, answer and remember are one state machine over one set of requests.
export interface ExecutorSpec {
  /** Name of the channel whose handler this is. */
  readonly name: string
  readonly command: CommandSemantics
  /** Params of the topics that this side serves; the rest are open. */
  readonly bound: Params
  readonly identity: string | undefined
  readonly journal: Journal | undefined
}

type Handler = (request: unknown, context: CommandContext) => unknown

/** What `busy` asks a caller to wait at least. */
const RETRY_AFTER_MS = 100
/** Ids whose first receipt is remembered although they did not begin, for their expiry (C-5). */
const FIRST_SEEN = 1024

/**
 * Runs the requests of one command, whichever way they come: at most once each (C-3), within concurrency and queue, with
 * pre-emption (C-8), safe action (C-7), time limits (C-5, C-6) and a journal where there is one (C-4).
 *
 * Longer than most files: the life of a request is one thought, and each step of it touches the same few fields.
 */
export class CommandExecutor implements CorePart {
  readonly #core: ClientCore
  readonly #spec: ExecutorSpec
  readonly #table: DuplicateTable
  readonly #journal: ExecutionJournal | undefined
  readonly #inlets: Inlet[] = []
  readonly #running = new Set<Execution>()
  readonly #firstSeen = new Map<string, number>()
  /** Ids that were refused, with the fence mark: a redelivery of the refused packet is refused again, not run late. */
  readonly #refused = new Map<string, number>()
  #queue: Execution[] = []
  #handler: Handler | undefined
  #gateOpen = true
  #loaded: boolean
  #early: (() => void)[] = []
  #stopping = false
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
    this.#loaded = this.#journal === undefined
    this.#loading = this.#load()
    this.#loading.catch(() => {})
    core.add(this)
  }

  /** Opens one way in. */
  listen(
    name: string,
    // biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
    request: LegDescriptor<any>,
    // biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
    reply: LegDescriptor<any> | undefined,
    command: CommandSemantics,
    broadcast: boolean,
  ): LegSubscriber {
    const inlet: Inlet = {
      name,
      broadcast,
      incoming: new IncomingLeg(this.#core, request),
      reply: reply && new OutgoingLeg(this.#core, reply, this.#spec.identity),
      command,
    }
    this.#inlets.push(inlet)
    return new LegSubscriber(this.#core, request, this.#spec.bound, (message, params) =>
      this.#receive(inlet, message, { ...this.#spec.bound, ...params }),
    )
  }

  /** One handler, of whatever the contract says its requests are. */
  handle(handler: (request: never, context: CommandContext) => unknown): void {
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
    await this.#sendWaiting()
  }

  ready(_info: ConnectedInfo): void {
    this.#cancelLinkLost()
    this.#sendWaiting().catch(() => {})
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
    const restored = await this.#journal?.load(this.#inlets, (inlet, execution, failure) =>
      this.#failureReply(inlet, execution.params, execution.id, failure, execution.correlationData),
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
        const digest = sha256(message.payload)
        const { id, request } = reading
        if (this.#loaded) this.#accept(inlet, message, params, id, request, digest)
        else this.#early.push(() => this.#accept(inlet, message, params, id, request, digest))
      }
    }
  }

  #accept(inlet: Inlet, message: InboundMessage, params: Params, id: unknown, request: unknown, digest: string): void {
    const key = `${inlet.name}\n${message.topic}\n${String(id)}`
    const known = this.#table.get(key)
    if (known !== undefined) {
      this.#duplicate(known, message, digest)
      return
    }
    const preempts = agrees(inlet.command.preempt, request)
    const execution = createExecution(inlet, key, message, params, id, request, digest, preempts)
    const dated = { ...execution, expiresAt: this.#expiryOf(inlet, key, message) }
    if (this.#expired(dated)) {
      this.#dropExpired(dated)
      return
    }
    if (preempts) {
      this.#preempt(dated)
      return
    }
    const refusedAt = message.dup ? this.#refused.get(key) : undefined
    if (refusedAt !== undefined && !this.#core.fence.proves(refusedAt)) {
      this.#core.counters.duplicate++
      this.#busy(dated)
      return
    }
    const starts = this.#mayStart()
    if (!starts) this.#dropExpiredFromQueue()
    if (!this.#table.hasRoom() || (!starts && this.#queue.length >= this.#spec.command.queueBound)) {
      this.#busy(dated)
      return
    }
    this.#table.add(dated)
    if (starts) this.#start(dated)
    else this.#wait(dated)
  }

  /** What began or waits is acknowledged early; after a crash its callers see `timeout` with `mayHaveRun`. */
  relieve(): void {
    for (const held of [...this.#running, ...this.#queue]) this.#acknowledge(held, held.packets.splice(0))
  }

  #duplicate(known: Execution, message: InboundMessage, digest: string): void {
    this.#core.counters.duplicate++
    const { inlet } = known
    if (digest !== known.digest && inlet !== undefined) {
      this.#refuse(inlet, message, known.params, known.id, {
        code: "conflict",
        words: "this id was used with another request",
      })
      return
    }
    if (known.state !== "done") {
      // Answered by the one reply; with a journal its beginning is safe already.
      if (this.#journal !== undefined && known.state === "running") message.acknowledge()
      else if (message.qos > 0) known.packets.push(message)
      return
    }
    if (known.reply === undefined) {
      this.#acknowledge(known, [message])
      return
    }
    if (known.replyState === "waiting" || known.replyState === "sending") {
      if (message.qos > 0) known.packets.push(message)
      return
    }
    this.#core.send(known.reply).then(
      () => this.#acknowledge(known, [message]),
      () => {
        known.replyState = "waiting"
        if (message.qos > 0) known.packets.push(message)
      },
    )
  }

  /** C-8: starts at once, whatever runs or waits. */
  #preempt(execution: Execution): void {
    const failure: Failure = { code: "preempted", words: "another command took over" }
    if (execution.inlet !== undefined) {
      // Never refused: where the table is full it is run without being remembered.
      if (this.#table.hasRoom() || this.#table.size < this.#spec.command.remember.count + FIRST_SEEN) {
        this.#table.add(execution)
      }
    }
    const waiting = this.#queue.splice(0)
    this.#core.counters.queueDepth -= waiting.length
    for (const running of [...this.#running]) this.#cut(running, failure)
    for (const queued of waiting) {
      queued.cancelTimer()
      this.#finish(queued, failure)
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
      if (execution.inlet !== undefined) {
        const failure: Failure = { code: "unavailable", words: "no handler" }
        for (const packet of execution.packets.splice(0)) {
          this.#refuse(execution.inlet, packet, execution.params, execution.id, failure)
        }
      }
    })
  }

  #next(): void {
    while (this.#handler !== undefined && this.#queue.length > 0) {
      const first = this.#queue[0]!
      if (!first.preempts && (!this.#gateOpen || this.#running.size >= this.#spec.command.concurrency)) return
      this.#unqueue(first)
      first.cancelTimer()
      if (this.#expired(first)) {
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
        this.#acknowledge(execution, execution.packets.splice(0))
        if (execution.state === "running") this.#run(execution)
      },
      (error: unknown) => {
        this.#core.reporter.error(error, { channel: this.#spec.name })
        this.#finish(execution, { code: "unavailable", words: "the journal cannot be written" })
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
      result = this.#handler?.(execution.request, contextOf(execution))
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
      this.#finish(execution, undefined, this.#successReply(inlet, inlet.reply, execution, value))
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
      execution.reply =
        success ??
        (failure &&
          this.#failureReply(inlet, execution.params, execution.id, failure, execution.correlationData, execution))
      this.#table.replied(execution)
      this.#answer(execution)
    }
    if (this.#running.size === 0) this.#idle?.resolve()
    this.#next()
  }

  /** C-4: journal first, then the reply; C-6: then the acknowledgement. */
  #answer(execution: Execution): void {
    execution.replyState = execution.reply === undefined ? "none" : "waiting"
    const send = (): void => {
      if (execution.reply === undefined) this.#acknowledge(execution, execution.packets.splice(0))
      else this.#sendReply(execution, execution.reply)
    }
    if (this.#journal === undefined) send()
    else {
      this.#journal.done(execution).then(send, (error: unknown) => {
        this.#core.reporter.error(error, { channel: this.#spec.name })
        send()
      })
    }
  }

  #sendReply(execution: Execution, reply: OutboundMessage): Promise<void> {
    execution.replyState = "sending"
    return this.#core.send(reply).then(
      () => {
        execution.replyState = "acknowledged"
        this.#acknowledge(execution, execution.packets.splice(0))
        this.#journal?.acknowledged(execution).catch(() => {})
      },
      (error: unknown) => {
        execution.replyState = "waiting"
        if (isSdkError(error, "unavailable") && error.details.reasonCode === undefined) {
          // Sent and lost with the session: again, at once where the next connection is there already.
          if (error.sent && this.#core.isReady) this.#sendReply(execution, reply)
          return
        }
        // The broker will never take it: whoever waits runs into its deadline, and the request is settled.
        execution.replyState = "none"
        this.#acknowledge(execution, execution.packets.splice(0))
        this.#core.reporter.error(error, { channel: this.#spec.name, topic: reply.topic })
      },
    )
  }

  async #sendWaiting(): Promise<void> {
    const sent: Promise<void>[] = []
    for (const execution of this.#table.values()) {
      const { reply, replyState } = execution
      if (execution.state === "done" && reply !== undefined && replyState === "waiting") {
        sent.push(this.#sendReply(execution, reply))
      }
    }
    await Promise.all(sent)
  }

  #acknowledge(execution: Execution, packets: readonly InboundMessage[]): void {
    for (const packet of packets) packet.acknowledge()
    execution.mark = this.#core.fence.mark
  }

  #busy(execution: Execution): void {
    const { inlet } = execution
    const [packet] = execution.packets
    if (inlet === undefined || packet === undefined) return
    if (this.#table.needsProof()) this.#askForProof(inlet)
    this.#rememberRefusal(execution.key)
    const retryAfterMs = RETRY_AFTER_MS
    this.#refuse(inlet, packet, execution.params, execution.id, { code: "busy", words: "queue full", retryAfterMs })
  }

  #rememberRefusal(key: string): void {
    this.#refused.delete(key)
    if (this.#refused.size >= FIRST_SEEN) this.#refused.delete(this.#refused.keys().next().value!)
    this.#refused.set(key, this.#core.fence.mark)
  }

  /** Where nothing else makes the broker answer, ids could never be forgotten. */
  #askForProof(inlet: Inlet): void {
    const { incoming } = inlet
    this.#core.roundTrip(incoming.topics.filter(this.#spec.bound), incoming.leg.qos).catch(() => {})
  }

  /** Answers without running or remembering; the request is acknowledged with its answer. */
  #refuse(inlet: Inlet, packet: InboundMessage, params: Params, id: unknown, failure: Failure): void {
    const reply = this.#failureReply(inlet, params, id, failure, packet.properties?.correlationData)
    if (reply === undefined) {
      packet.acknowledge()
      return
    }
    this.#core.send(reply).then(
      () => packet.acknowledge(),
      (error: unknown) => {
        packet.acknowledge()
        if (!isSdkError(error, "unavailable")) this.#core.reporter.error(error, { channel: this.#spec.name })
      },
    )
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
    this.#refuse(inlet, message, params, id ?? "unknown", { code: "invalid_payload", words })
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

  #expiryOf(inlet: Inlet, key: string, message: InboundMessage): number | undefined {
    const now = this.#core.clock.monotonic()
    const announced = message.properties?.messageExpirySeconds
    if (announced !== undefined) return now + announced * 1000
    const { expiryMs } = inlet.incoming.leg
    if (expiryMs === undefined) return undefined
    let first = this.#firstSeen.get(key)
    if (first === undefined) {
      first = now
      if (this.#firstSeen.size >= FIRST_SEEN) this.#firstSeen.delete(this.#firstSeen.keys().next().value!)
      this.#firstSeen.set(key, first)
    }
    return first + expiryMs
  }

  #expired(execution: Execution): boolean {
    return execution.expiresAt !== undefined && this.#core.clock.monotonic() >= execution.expiresAt
  }

  /** C-5: acknowledged, counted, not run, not answered. */
  #dropExpired(execution: Execution): void {
    this.#core.reporter.dropped(execution.inlet?.incoming.leg.id ?? this.#spec.name, "expired")
    this.#acknowledge(execution, execution.packets.splice(0))
  }

  #dropExpiredFromQueue(): void {
    for (const queued of [...this.#queue]) {
      if (!this.#expired(queued) || !this.#unqueue(queued)) continue
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

  #successReply(inlet: Inlet, reply: OutgoingLeg, execution: Execution, value: unknown): OutboundMessage {
    const { correlate, outcome } = inlet.command
    const message: Record<string, unknown> = { ...(value as Record<string, unknown> | undefined) }
    if ("field" in correlate.reply) message[correlate.reply.field] = execution.id
    if (outcome !== undefined) message[outcome.field] ??= outcome.success[0]
    return this.#replyPacket(
      inlet,
      reply,
      execution.params,
      execution.id,
      message,
      execution.correlationData,
      execution,
    )
  }

  #failureReply(
    inlet: Inlet,
    params: Params,
    id: unknown,
    failure: Failure,
    correlationData: Uint8Array | undefined,
    execution?: Execution,
  ): OutboundMessage | undefined {
    const { reply } = inlet
    if (reply === undefined) return undefined
    let problem: unknown
    for (const message of failureReplies(inlet.command, id, failure)) {
      try {
        return this.#replyPacket(inlet, reply, params, id, message, correlationData, execution)
      } catch (error) {
        problem = error
      }
    }
    if (problem !== undefined) this.#core.reporter.error(problem, { channel: this.#spec.name })
    return undefined
  }

  #replyPacket(
    inlet: Inlet,
    reply: OutgoingLeg,
    params: Params,
    id: unknown,
    message: Record<string, unknown>,
    correlationData: Uint8Array | undefined,
    execution: Execution | undefined,
  ): OutboundMessage {
    const topic = replyTopic(reply, inlet.command, params, id)
    if (topic === undefined) throw new SdkError("invalid_argument", `${reply.leg.id}: the id cannot stand in a topic`)
    const beganAt = execution?.beganAt ?? this.#core.clock.monotonic()
    const payload = reply.encode(message, undefined, {
      id: String(id),
      elapsedMs: Math.max(0, this.#core.clock.monotonic() - beganAt),
    })
    return reply.packet(topic, payload, undefined, {
      expiryMs: reply.leg.expiryMs,
      correlationData,
      traceparent: execution?.traceparent,
    })
  }
}

function createExecution(
  inlet: Inlet,
  key: string,
  message: InboundMessage,
  params: Params,
  id: unknown,
  request: unknown,
  digest: string,
  preempts: boolean,
): Execution {
  return {
    key,
    inlet,
    id,
    request,
    digest,
    topic: message.topic,
    params,
    correlationData: message.properties?.correlationData?.slice(),
    traceparent: traceparentOf(message.properties),
    expiresAt: undefined,
    safeAction: false,
    preempts,
    packets: [message],
    state: "queued",
    beganAt: 0,
    doneAt: 0,
    abort: new AbortController(),
    cancelTimer: () => {},
    reply: undefined,
    replyState: "none",
    mark: 0,
    bytes: 0,
  }
}

function createSafeExecution(id: string, request: unknown, topic: string): Execution {
  return {
    key: `safe\n${id}`,
    inlet: undefined,
    id,
    request,
    digest: "",
    topic,
    params: {},
    correlationData: undefined,
    traceparent: undefined,
    expiresAt: undefined,
    safeAction: true,
    preempts: true,
    packets: [],
    state: "queued",
    beganAt: 0,
    doneAt: 0,
    abort: new AbortController(),
    cancelTimer: () => {},
    reply: undefined,
    replyState: "none",
    mark: 0,
    bytes: 0,
  }
}

function contextOf(execution: Execution): CommandContext {
  return {
    id: String(execution.id),
    signal: execution.abort.signal,
    topic: execution.topic,
    broadcast: execution.inlet?.broadcast ?? false,
    safeAction: execution.safeAction,
    ...(execution.traceparent === undefined ? {} : { traceparent: execution.traceparent }),
  }
}

/** True where the request has every declared field with the declared value. */
function agrees(declared: Readonly<Record<string, unknown>> | undefined, request: unknown): boolean {
  if (declared === undefined || typeof request !== "object" || request === null) return false
  const fields = request as Record<string, unknown>
  return Object.entries(declared).every(([name, value]) => fields[name] === value)
}
