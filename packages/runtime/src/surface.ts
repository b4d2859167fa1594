import type { Format, Issue } from "./codec.js"
import type { SdkError } from "./sdk-error.js"
import type {
  Clock,
  LinkOptions,
  ProtocolVersion,
  Random,
  ReconnectPolicy,
  TlsOptions,
  Transport,
} from "./transport.js"

/*
 * What users of generated SDKs see. Generated interfaces are made of these with the contract's own message types.
 */

/** How to reach the broker, and the seams that tests replace. */
export interface ConnectOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string
  /** Default `5`, and `3.1.1` where the transport has nothing else. */
  readonly protocol?: ProtocolVersion
  readonly username?: string
  readonly password?: string | Uint8Array
  readonly tls?: TlsOptions
  /** In front of every topic of the deployment, such as `acme/staging`; not part of the contract (T-4). */
  readonly topicPrefix?: string
  /** Default `<contract>.<role>.<identity>` (S-1). */
  readonly clientId?: string
  readonly keepAliveSeconds?: number
  readonly session?: LinkOptions["session"]
  readonly reconnect?: Partial<ReconnectPolicy>
  /** Milliseconds until `connect` gives up. Default 30 000. */
  readonly connectTimeoutMs?: number
  /** Default: MQTT.js, through `@fleetwire/mqtt`. */
  readonly transport?: Transport
  readonly clock?: Clock
  readonly random?: Random
  readonly observer?: Observer
}

export interface DeviceOptions extends ConnectOptions {
  /** Where applied config, journal and durable outbox live. Default: memory. */
  readonly store?: DeviceStore
}

export interface ControllerOptions extends ConnectOptions {
  /** Tells instances of one role apart; default: random. A persistent session needs a fixed one. */
  readonly instance?: string
  /** Where durable outboxes and dead letters live; one store for each instance. Default: memory. */
  readonly store?: DeviceStore
}

/** Small named values that outlive a process; the file implementation is Node's, firmware has its own. */
export interface DeviceStore {
  get(key: string): Promise<Uint8Array | undefined>
  set(key: string, value: Uint8Array): Promise<void>
  delete(key: string): Promise<void>
}

/** Told of everything that is no caller's outcome. Every method is optional; none may throw. */
export interface Observer {
  onState?(state: ConnectionState): void
  /** An inbound message that the contract refuses (W-6). `payload` is a copy. */
  onInvalid?(event: {
    readonly channel: string
    readonly topic: string
    readonly issues: readonly Issue[]
    readonly payload: Uint8Array
  }): void
  /** A topic that fits no template (T-6). */
  onUnroutable?(event: { readonly topic: string; readonly payload: Uint8Array }): void
  /** A handler threw, was late, or a background task of the client failed. */
  onError?(error: SdkError, context: { readonly channel?: string; readonly topic?: string }): void
  /** Something known to be lost (M-6). Channel `*`: all of them, where the broker lost the session. */
  onDropped?(event: { readonly channel: string; readonly cause: DropCause; readonly count: number }): void
  /** A reply that no call waits for any more (C-9). */
  onLateReply?(event: { readonly channel: string; readonly id: string }): void
}

export type DropCause = "bound" | "expired" | "session-lost" | "offline-qos0" | "closed"

/** `idle → connecting → establishing → ready ⇄ disconnected → closed`; `failed` is final, with the error. */
export type ConnectionState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly attempt: number }
  /** CONNACK received: subscriptions, birth and barriers under way (P-2). */
  | { readonly kind: "establishing"; readonly sessionPresent: boolean }
  | { readonly kind: "ready" }
  | { readonly kind: "disconnected"; readonly reason: string; readonly retryInMs: number }
  | { readonly kind: "failed"; readonly error: SdkError }
  | { readonly kind: "closed" }

export interface Counters {
  readonly in: number
  readonly out: number
  readonly invalid: number
  readonly unroutable: number
  /** Messages that the contract's rule says are another version's (W-7): skipped, and not invalid. */
  readonly otherVersion: number
  readonly duplicate: number
  readonly late: number
  readonly redelivered: number
  /** Connections that ended by a topic alias that stood for nothing, or was never offered, on either side (0x94). */
  readonly aliasFaults: number
  readonly dropped: Readonly<Record<DropCause, number>>
  /** Messages waiting for handlers now. */
  readonly queueDepth: number
}

/** What devices and controllers have in common. */
export interface Client extends AsyncDisposable {
  readonly state: ConnectionState
  readonly counters: Counters
  readonly clientId: string
  /** Resolves when the client is ready (P-2); rejects with the final error. Safe to call again. */
  connect(): Promise<void>
  /** Graceful: what is under way finishes or is declared unfinished within `deadlineMs` (default 5 000). */
  close(options?: { readonly deadlineMs?: number }): Promise<void>
  /** Cuts the connection without goodbye, as a dying process would: the broker publishes the will. */
  abort(): void
}

export interface PublishOptions {
  readonly format?: Format
  /** Overrides the channel's expiry. */
  readonly expiryMs?: number
  readonly signal?: AbortSignal
  /** W3C trace context to send along, at MQTT 5 (S-4). */
  readonly traceparent?: string
}

/** Publishes what this side says. Resolves when the broker has it (QoS 0: when it is written). */
export interface Publisher<In> {
  publish(message: In, options?: PublishOptions): Promise<void>
}

export interface StatePublisher<In> extends Publisher<In> {
  /** Clears the retained state (M-1). */
  clear(options?: PublishOptions): Promise<void>
}

export interface MessageMeta {
  readonly topic: string
  readonly qos: 0 | 1 | 2
  readonly retained: boolean
  readonly dup: boolean
  /** Packet identifier at QoS 1 and 2, where the transport knows it: with `dup` it tells a redelivery from a new message. */
  readonly packetId?: number
  readonly format: Format
  /** `Clock.now()` at receipt. */
  readonly receivedAt: number
  /** W3C trace context, where it came along. */
  readonly traceparent?: string
  /** Octets of the payload. */
  readonly size: number
}

/** What a stream delivers: the params of its topic by name, the message, and how it came. */
export type Delivery<T, Params> = Params & { readonly message: T; readonly meta: MessageMeta }

export type StateDelivery<T, Params> =
  | (Params & { readonly kind: "value"; readonly message: T; readonly meta: MessageMeta })
  | (Params & { readonly kind: "cleared" | "expired"; readonly meta: MessageMeta })

export interface HandleOptions {
  /** Handlers under way at once; one at a time per device (M-8). Default 1. */
  readonly concurrency?: number
  /** Milliseconds a handler may take. Default 10 000. */
  readonly deadlineMs?: number
  /** What becomes of a message whose handler throws or is late (M-3). Default: what the contract declares, or `handled`. */
  readonly onFailure?:
    | "handled"
    | {
        readonly retry?: { readonly times: number; readonly delayMs: number }
        /**
         * Takes what failed for good; then it is acknowledged. `channel`: the channel that the contract declares, and the
         * default where it declares one. `store`: the client's store, to be read with `readDeadLetters`.
         */
        readonly deadLetter?: "channel" | "store" | ((delivery: unknown, error: SdkError) => void | Promise<void>)
      }
  /** Overrides the channel's declared acknowledgement (M-2): a durable reader takes `on-handled` everywhere. */
  readonly acknowledge?: "on-handled" | "on-receipt"
  /** Ends the subscription when it is aborted. */
  readonly signal?: AbortSignal
}

export interface Subscription extends AsyncDisposable {
  /** Resolves when the broker has granted the subscription; rejects with `unauthorized` where it refused. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

/**
 * Messages of one channel. Call it to iterate (bounded in memory by the channel's queue), or attach a handler.
 * Params left out of `filter` match every value.
 */
export interface Stream<D, Filter> {
  (filter?: Filter, options?: { readonly signal?: AbortSignal }): AsyncIterable<D> & Subscription
  handle(
    handler: (delivery: D) => void | Promise<void>,
    options?: HandleOptions & { readonly filter?: Filter },
  ): Subscription
}

export interface CommandContext {
  readonly id: string
  /** Aborted when the command is pre-empted, timed out or cancelled, or the device closes. Its `reason` is the SdkError. */
  readonly signal: AbortSignal
  readonly topic: string
  /** The command came by broadcast. */
  readonly broadcast: boolean
  /** It was not asked for: the declared safe action, run for an invalid request or a lost link. */
  readonly safeAction: boolean
  readonly traceparent?: string
}

/** What a handler has besides where the command declares progress. */
export interface ProgressContext<Progress> extends CommandContext {
  /**
   * Tells the caller how far it is. Resolves when the broker has it (QoS 0: when it is written); rejects with
   * `invalid_argument` for a message that does not fit, and with what ended the command once it is over. It goes nowhere
   * where nobody waits for it: for a broadcast and for the safe action.
   */
  progress(message: Progress): Promise<void>
}

/** Serves a command that declares progress. */
export interface ProgressServer<Request, Reply, Progress> {
  handle(handler: (request: Request, context: ProgressContext<Progress>) => Reply | Promise<Reply>): void
}

/** Serves a command. One handler; a second call replaces it. */
export interface CommandServer<Request, Reply> {
  handle(handler: (request: Request, context: CommandContext) => Reply | Promise<Reply>): void
}

/** Serves an action: a command without id and reply. */
export interface ActionServer<Request> {
  handle(handler: (request: Request, context: Omit<CommandContext, "id">) => void | Promise<void>): void
}

export interface ConfigContext {
  /** Version of the device's own desired config that went in, and of the fleet's; 0 where there is none. */
  readonly version: number
  readonly fleetVersion: number
  /** The config was persisted before and is applied again after a start. */
  readonly restored: boolean
}

/** `rejected` needs a reason; `reboot_required` is reported once, and after the boot `applied`. */
export type ConfigVerdict =
  | { readonly outcome: "applied" }
  | { readonly outcome: "reboot_required" }
  | { readonly outcome: "rejected"; readonly reason: string }

export interface ConfigReader<Config> {
  /** The effective config: the fleet's overlaid by the device's own. Undefined before the first. */
  readonly current: Config | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing.
  handle(apply: (config: Config, context: ConfigContext) => ConfigVerdict | void | Promise<ConfigVerdict | void>): void
}

export interface PresencePublisher {
  /** What was last said. */
  readonly online: boolean
}

export interface CallOptions {
  /** Milliseconds to wait, retries included. Default: the contract's timeout. */
  readonly timeoutMs?: number
  /** The request's id; default: 96 random bits. The same key means the same execution (C-3). */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  readonly format?: Format
  /** Retry `busy` inside the deadline. Default true. */
  readonly retryBusy?: boolean
  /** Send although presence says offline, and wait until expiry. Default false. */
  readonly queueOffline?: boolean
  /** W3C trace context to send along, at MQTT 5 (S-4). */
  readonly traceparent?: string
}

/** Calls a command. Rejects with `SdkError`; exactly one outcome (C-9). */
export type RemoteCommand<In, Response> = (request: In, options?: CallOptions) => Promise<Response>

/** A call that tells on the way. The promise is its one outcome, whether anybody reads the progress or not. */
export interface ProgressCall<Response, Progress> extends Promise<Response> {
  /**
   * What the handler said so far and says from now on, in order; it ends with the call, whatever its outcome. Bounded by
   * the leg's queue: what a slow reader missed is dropped and counted.
   */
  readonly progress: AsyncIterable<Progress>
}

/** Calls a command that declares progress (C-12). */
export type ProgressCommand<In, Response, Progress> = (
  request: In,
  options?: CallOptions,
) => ProgressCall<Response, Progress>

export type RemoteAction<In> = (request: In, options?: PublishOptions) => Promise<void>

export interface RemoteConfig<In, Report> {
  /** Publishes the desired config, retained. Resolves when the broker has it. */
  set(config: In, options?: PublishOptions): Promise<void>
  /**
   * Publishes it and waits for the device's report of this version. A version that the device has applied before is reported
   * again, and not applied, whatever else it says now: raise it with every change (F-1).
   */
  apply(config: In, options?: CallOptions): Promise<Report>
  /** Withdraws the device's own override. */
  clear(options?: PublishOptions): Promise<void>
}

export type PresenceState = "online" | "offline" | "unknown"

export interface PresenceEntry<T> {
  readonly device: string
  readonly state: PresenceState
  /** Last payload; absent while unknown. */
  readonly message?: T
  /** `Clock.now()` when it was received. */
  readonly since?: number
}

export interface PresenceView<T> extends AsyncIterable<PresenceEntry<T>> {
  /** True once every retained status was seen, as far as can be known (P-5). */
  readonly ready: Promise<void>
  readonly completeness: "none" | "quiet-time" | "barrier"
  get(device: string): PresenceEntry<T>
  entries(): readonly PresenceEntry<T>[]
  on(event: "change", listener: (entry: PresenceEntry<T>) => void): () => void
}

export type BroadcastOutcome<Response> =
  | { readonly kind: "reply"; readonly device: string; readonly message: Response }
  | { readonly kind: "failure"; readonly device: string; readonly error: SdkError }
  | { readonly kind: "silent"; readonly device: string }

/** Resolves when the broker has it. */
export type Broadcast<In> = (request: In, options?: PublishOptions) => Promise<void>

/** Iterates outcomes until the deadline, then the known-online devices that did not answer (B-2). */
export type BroadcastCall<In, Response> = (
  request: In,
  options?: CallOptions,
) => AsyncIterable<BroadcastOutcome<Response>>
