import { refusePrefix } from "@fleetwire/topic"
import type { ContractDescriptor, SessionDescriptor } from "../descriptor.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import type { ConnectionState, ConnectOptions } from "../surface.js"
import { systemClock, systemRandom } from "../system-clock.js"
import type {
  Clock,
  ConnectedInfo,
  DisconnectReason,
  Link,
  OutboundMessage,
  ProtocolVersion,
  PublishOutcome,
  Random,
  Transport,
  Will,
} from "../transport.js"
import { AcknowledgementFence } from "./acknowledgement-fence.js"
import { type ConnectionEvent, nextState } from "./connection-state.js"
import { ClientCounters } from "./counters.js"
import { settlesWithin } from "./deadline.js"
import { createDeferred, type Deferred } from "./deferred.js"
import { InboundPath } from "./inbound-path.js"
import { noConnection } from "./no-connection.js"
import { Reporter } from "./reporter.js"
import { Router } from "./router.js"
import { ShortLives } from "./short-lives.js"
import { SubscriptionSet } from "./subscription-set.js"
import { timeLimit } from "./time-limit.js"

export interface CoreSpec {
  readonly contract: ContractDescriptor
  readonly clientId: string
  readonly session: SessionDescriptor
  readonly reconnectSpreadSeconds: number
  readonly keepAliveSeconds: number
  /** A refused subscription is the end: a device without its commands is none. */
  readonly needsEverySubscription: boolean
  /** Consumers come after `connect`: what a kept session delivers before them waits for them. */
  readonly consumersComeLate: boolean
}

/** A part of an engine that takes part in the connection's life. */
export interface CorePart {
  /** After SUBACK of everything and before `ready`, in order of registration (P-2). */
  establish?(info: ConnectedInfo, first: boolean): Promise<void>
  /** Ready to send. */
  ready?(info: ConnectedInfo, first: boolean): void
  lost?(): void
  /** Over for good, or until `connect` is called again. */
  end?(error: SdkError): void
  /** Acknowledges what it withholds, because the broker's window is closing (C-8). */
  relieve?(): void
  /** Graceful end while the connection may still be there. */
  close?(deadlineMs: number): Promise<void>
}

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000
const DEFAULT_CLOSE_DEADLINE_MS = 5_000
const BACK_OFF_BASE_MS = 500
const BACK_OFF_CAP_MS = 30_000
const STABLE_MS = 30_000
/** Reason code "Topic Alias invalid". */
const ALIAS_INVALID = 0x94
/** Unacknowledged messages that a broker sends, whatever Receive Maximum allows: Mosquitto's default. */
const USUAL_WINDOW = 20

/**
 * One connection and what an engine's parts share: state, subscriptions, routing, counters. It knows no channel kinds; the
 * way of a message in is `InboundPath`'s. Longer than most files because the order of P-2 and of a close is one thought.
 */
export class ClientCore {
  readonly contract: ContractDescriptor
  readonly clock: Clock
  readonly random: Random
  readonly protocol: ProtocolVersion
  readonly prefix: string
  readonly major: number
  readonly counters = new ClientCounters()
  readonly reporter: Reporter
  readonly router: Router
  readonly subscriptions: SubscriptionSet
  readonly fence = new AcknowledgementFence()
  readonly inbound: InboundPath
  /** Sum of the bounds of what waits unacknowledged in memory, for Receive Maximum (M-4). */
  receiveWindow = 0
  /** Runs when the first leg whose acknowledgements are withheld is attached (M-5). */
  onWithheld: () => void = () => {}
  /** Set by the presence part. */
  will: (() => Will | undefined) | undefined
  /** Set where duplicates are remembered (C-3). */
  fenced = false
  clientId: string
  readonly #spec: CoreSpec
  readonly #options: ConnectOptions
  readonly #transport: Transport
  readonly #connectTimeoutMs: number
  readonly #parts: CorePart[] = []
  readonly #startedAt: number
  #state: ConnectionState = { kind: "idle" }
  #withheldStreams = 0
  #link: Link | undefined
  #generation = 0
  #everReady = false
  #ready: Deferred<void> | undefined
  #cancelConnectTimeout: () => void = () => {}
  /** Since this client was opened. */
  #lastLoss: DisconnectReason | undefined
  #closing: Promise<void> | undefined
  #underWay = 0
  #quiet: Deferred<void> | undefined
  readonly #lives = new ShortLives(() =>
    this.reporter.error(
      new SdkError("unavailable", `suspected_takeover: another client seems to be called ${this.clientId}`),
      {},
    ),
  )

  constructor(spec: CoreSpec, options: ConnectOptions) {
    const { transport } = options
    if (transport === undefined) throw new SdkError("invalid_argument", "options.transport is needed")
    const prefixIssue = options.topicPrefix === undefined ? undefined : refusePrefix(options.topicPrefix)
    if (prefixIssue !== undefined) throw new SdkError("invalid_argument", prefixIssue.message)
    if (options.protocol !== undefined && options.protocol !== "5" && options.protocol !== "3.1.1") {
      throw new SdkError("invalid_argument", `options.protocol is "5" or "3.1.1", not ${String(options.protocol)}`)
    }
    this.#connectTimeoutMs = timeLimit("connectTimeoutMs", options.connectTimeoutMs, DEFAULT_CONNECT_TIMEOUT_MS)
    this.#spec = spec
    this.#options = options
    this.#transport = transport
    this.contract = spec.contract
    this.clientId = options.clientId ?? spec.clientId
    this.clock = options.clock ?? systemClock
    this.random = options.random ?? systemRandom
    this.protocol = options.protocol ?? (transport.capabilities.mqtt5 ? "5" : "3.1.1")
    this.prefix = options.topicPrefix ?? ""
    this.major = Number.parseInt(spec.contract.version, 10)
    this.reporter = new Reporter(options.observer, this.counters)
    this.subscriptions = new SubscriptionSet(() => this.router.forget())
    this.router = new Router(this.prefix, (topic) =>
      this.protocol === "5" ? this.subscriptions.canonicalId(topic) : undefined,
    )
    this.inbound = new InboundPath(this)
    this.#startedAt = this.clock.monotonic()
  }

  /** Legs whose acknowledgements are withheld now: replies and presence would wait behind them (M-5). */
  get withheldStreams(): number {
    return this.#withheldStreams
  }

  set withheldStreams(count: number) {
    const before = this.#withheldStreams
    this.#withheldStreams = count
    if (before === 0 && count > 0) this.onWithheld()
  }

  /** A part serves this leg as long as the client lives, and acknowledges it when it is handled. */
  serves(leg: { readonly acknowledge: string; readonly qos: number }): void {
    if (leg.acknowledge === "on-handled" && leg.qos > 0) this.withheldStreams++
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** May publish: subscriptions, birth and barriers are done. */
  get isReady(): boolean {
    return this.#state.kind === "ready"
  }

  get ended(): SdkError | undefined {
    if (this.#state.kind === "closed") return new SdkError("closed", "the client was closed")
    return this.#state.kind === "failed" ? this.#state.error : undefined
  }

  /** Why there is no connection after so many milliseconds of waiting. */
  noConnection(waitedMs: number): SdkError {
    return noConnection(this.#options.url, waitedMs, this.#lastLoss)
  }

  /** Milliseconds since this client was made: its boot. */
  get uptimeMs(): number {
    return this.clock.monotonic() - this.#startedAt
  }

  /**
   * C-8 before C-6: acknowledgements leave in order, so one that is withheld for long closes the broker's window, and a
   * stop behind it could not get in. Where half of the window is taken, parts let go of what they withhold: a crash then
   * costs its redelivery.
   */
  relieve(): void {
    const window = Math.min(this.protocol === "5" ? this.receiveWindow + 16 : USUAL_WINDOW, USUAL_WINDOW)
    for (const part of this.#parts) {
      if (this.fence.underWay * 2 < window) return
      part.relieve?.()
    }
  }

  get capabilities(): Transport["capabilities"] {
    return this.#transport.capabilities
  }

  add(part: CorePart): void {
    this.#parts.push(part)
  }

  remove(part: CorePart): void {
    const at = this.#parts.indexOf(part)
    if (at !== -1) this.#parts.splice(at, 1)
  }

  connect(): Promise<void> {
    if (this.#state.kind === "ready") return Promise.resolve()
    if (this.#closing !== undefined || this.#state.kind === "closed") {
      return Promise.reject(new SdkError("closed", "the client was closed"))
    }
    this.#ready ??= createDeferred()
    const { promise } = this.#ready
    if (this.#move({ kind: "open" })) this.#open()
    return promise
  }

  /** Sends now. Rejects with `unavailable`, `sent: false`, where there is no connection. */
  send(message: OutboundMessage): Promise<PublishOutcome> {
    const link = this.#link
    if (link === undefined || !link.connected) {
      return Promise.reject(new SdkError("unavailable", "there is no connection"))
    }
    this.counters.out++
    this.#underWay++
    const token = this.fenced && message.qos > 0 ? this.fence.begin() : undefined
    return link.publish(message).then(
      (outcome) => {
        if (token !== undefined) this.fence.end(token)
        this.#settled()
        return outcome
      },
      (error: unknown) => {
        this.#settled()
        throw error
      },
    )
  }

  /** Makes the broker answer something, where nothing else does: the filter is asked for again. */
  async roundTrip(filter: string, qos: 0 | 1 | 2): Promise<void> {
    const link = this.#link
    if (link === undefined || !link.connected) return
    const token = this.fence.begin()
    await link.subscribe([{ filter, qos, retainHandling: 2 }])
    this.fence.end(token)
  }

  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.deadlineMs ?? DEFAULT_CLOSE_DEADLINE_MS)
    return this.#closing
  }

  abort(): void {
    const link = this.#link
    if (link === undefined) return
    link.abort()
    this.#fail(new SdkError("unavailable", "the connection was cut on purpose"))
  }

  #open(): void {
    const { reconnect, username, password, tls } = this.#options
    const timeout = this.#connectTimeoutMs
    this.#lastLoss = undefined
    this.#cancelConnectTimeout = this.clock.after(timeout, () => {
      this.#fail(this.noConnection(timeout))
    })
    const generation = ++this.#generation
    const current = (): boolean => generation === this.#generation
    this.#link = this.#transport.open(
      {
        url: this.#options.url,
        protocol: this.protocol,
        clientId: this.clientId,
        session: this.#options.session ?? this.#spec.session,
        keepAliveSeconds: this.#options.keepAliveSeconds ?? this.#spec.keepAliveSeconds,
        ...(username === undefined
          ? {}
          : { credentials: { username, ...(password === undefined ? {} : { password }) } }),
        ...(tls === undefined ? {} : { tls }),
        will: () => this.will?.(),
        receiveMaximum: Math.min(65_535, this.receiveWindow + 16),
        reconnect: {
          enabled: true,
          spreadMs: this.#spec.reconnectSpreadSeconds * 1000,
          baseMs: BACK_OFF_BASE_MS,
          capMs: BACK_OFF_CAP_MS,
          stableMs: STABLE_MS,
          ...reconnect,
        },
        clock: this.clock,
        random: this.random,
      },
      {
        onConnected: (info) => {
          if (current()) this.#accepted(info)
        },
        onDisconnected: (reason) => {
          if (current()) this.#lost(reason)
        },
        onMessage: (message) => {
          if (current()) this.inbound.receive(message)
        },
      },
    )
  }

  #accepted(info: ConnectedInfo): void {
    if (!this.#move({ kind: "accepted", sessionPresent: info.sessionPresent })) return
    this.clientId = info.clientId
    this.#lives.began(this.clock.monotonic())
    this.fence.connected()
    if (this.#spec.consumersComeLate && info.sessionPresent && !this.#everReady) this.inbound.await()
    const kept = (this.#options.session ?? this.#spec.session).kind === "persistent"
    // What the broker held for us is gone, and nobody knows how much it was (Z-1, M-6).
    if (this.#everReady && kept && !info.sessionPresent) this.reporter.dropped("*", "session-lost")
    const state = this.#state
    this.#establish(info).catch((error: unknown) => {
      // A connection that was lost under way is no failure: the next one does it all again.
      if (this.#state !== state) return
      if (isSdkError(error, "unavailable")) {
        this.reporter.error(error, {})
        this.#link?.abort()
      } else {
        this.#fail(isSdkError(error) ? error : new SdkError("unavailable", "connecting failed", { cause: error }))
      }
    })
  }

  /** P-2: subscriptions, then what parts do (birth among them), then `ready`. */
  async #establish(info: ConnectedInfo): Promise<void> {
    const state = this.#state
    const first = !this.#everReady
    try {
      await this.subscriptions.restore(this.#link!, info.sessionPresent)
    } catch (error) {
      const refused = isSdkError(error, "unauthorized") || isSdkError(error, "unsupported")
      if (!refused || this.#spec.needsEverySubscription) throw error
      this.reporter.error(error, {})
    }
    for (const part of [...this.#parts]) {
      if (this.#state !== state) return
      await part.establish?.(info, first)
    }
    if (this.#state !== state || !this.#move({ kind: "established" })) return
    this.#everReady = true
    this.#cancelConnectTimeout()
    for (const part of [...this.#parts]) part.ready?.(info, first)
    this.#ready?.resolve()
    this.#ready = undefined
  }

  #lost(reason: DisconnectReason): void {
    this.#lastLoss = reason
    this.subscriptions.suspend()
    this.inbound.lost()
    this.#lives.ended(this.clock.monotonic())
    if (reason.code === ALIAS_INVALID) this.counters.aliasFaults++
    if (reason.final && reason.kind !== "closed") {
      this.#fail(errorOf(reason))
      return
    }
    const had = this.#state.kind === "ready" || this.#state.kind === "establishing"
    this.#move({ kind: "lost", reason: reason.message, retryInMs: reason.retryInMs ?? 0 })
    if (had) for (const part of [...this.#parts]) part.lost?.()
  }

  #fail(error: SdkError): void {
    const link = this.#link
    this.#link = undefined
    this.#generation++
    link?.close({ deadlineMs: 0 }).catch(() => {})
    const had = this.#state.kind === "ready" || this.#state.kind === "establishing"
    if (!this.#move({ kind: "fail", error })) return
    if (had) for (const part of [...this.#parts]) part.lost?.()
    this.#end(error)
  }

  #end(error: SdkError): void {
    this.#cancelConnectTimeout()
    this.subscriptions.end(error)
    for (const part of [...this.#parts]) part.end?.(error)
    this.#ready?.reject(error)
    this.#ready = undefined
  }

  async #close(deadlineMs: number): Promise<void> {
    const until = this.clock.monotonic() + deadlineMs
    const left = (): number => Math.max(0, until - this.clock.monotonic())
    const waiting = this.#ready
    this.#ready = undefined
    waiting?.reject(new SdkError("closed", "the client was closed"))
    this.#cancelConnectTimeout()
    if (this.#state.kind === "ready") {
      // Last registered first: presence, which came first, says goodbye last.
      for (const part of [...this.#parts].reverse()) {
        if (part.close !== undefined) await settlesWithin(this.clock, left(), part.close(left()))
      }
      if (this.#underWay > 0 && this.isReady) {
        this.#quiet = createDeferred()
        await settlesWithin(this.clock, left(), this.#quiet.promise)
      }
    }
    const link = this.#link
    this.#link = undefined
    this.#generation++
    this.inbound.discard()
    if (link !== undefined) await settlesWithin(this.clock, left() + 1, link.close({ deadlineMs: left() }))
    this.#move({ kind: "close" })
    this.#end(new SdkError("closed", "the client was closed"))
  }

  #settled(): void {
    if (--this.#underWay === 0) this.#quiet?.resolve()
  }

  #move(event: ConnectionEvent): boolean {
    const next = nextState(this.#state, event)
    if (next === undefined) return false
    this.#state = next
    this.reporter.state(next)
    return true
  }
}

function errorOf(reason: DisconnectReason): SdkError {
  const details = reason.code === undefined ? {} : { details: { reasonCode: reason.code } }
  if (reason.kind === "taken-over") {
    return new SdkError("unavailable", "another client took over the session (same client id)", details)
  }
  const unauthorized =
    reason.kind === "refused" && reason.code !== undefined && [4, 5, 0x86, 0x87, 0x8c].includes(reason.code)
  return new SdkError(unauthorized ? "unauthorized" : "unavailable", reason.message, details)
}
