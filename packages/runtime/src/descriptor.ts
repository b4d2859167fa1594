import type { Format, PayloadCodecs } from "./codec.js"

/*
 * What generated code tells the engines about a contract. Plain data plus generated codecs; types carry the message
 * shapes. Part of the versioned surface `codegen-v1`: fields are only ever added, and optional.
 */

export interface ContractDescriptor {
  /** Contract name, such as `iot-car`; begins the client id. */
  readonly name: string
  readonly version: string
  /** Hex SHA-256 of the canonical intermediate form. */
  readonly digest: string
  readonly device: DeviceDescriptor
}

export interface DeviceDescriptor {
  /** Param that identifies a device. */
  readonly param: string
  readonly session: SessionDescriptor
  readonly reconnectSpreadSeconds: number
  readonly keepAliveSeconds: number
}

export type SessionDescriptor =
  | { readonly kind: "clean" }
  | { readonly kind: "persistent"; readonly expirySeconds: number }

export interface RoleDescriptor {
  readonly name: string
  readonly session: SessionDescriptor
  readonly reconnectSpreadSeconds: number
  readonly keepAliveSeconds: number
  /** Legs this role may publish and read, such as `drive.request`. */
  readonly publish: readonly string[]
  readonly read: readonly string[]
  /** Name of the channel that a presence view is probed with (P-5). */
  readonly probe?: string
}

export interface ParamDescriptor {
  readonly name: string
  readonly maxLength: number
  readonly reserved: readonly string[]
  /** Pattern of the param, generated as straight code; absent: any level. */
  readonly test?: (value: string) => boolean
  /** Pattern as written, for messages. */
  readonly pattern?: string
}

export type DropPolicy = "oldest" | "newest" | "latest-only" | "reject"

/** What the sender's engine writes into top-level fields that the caller leaves out. */
export interface AutoField {
  readonly field: string
  readonly fill: "now" | "identity" | "id" | "elapsed" | "session"
  /** For `now`: the field's epoch. */
  readonly epoch?: "unix-seconds" | "unix-milliseconds" | "boot-milliseconds" | "iso"
  /** The field is a 64-bit integer, so a bigint in TypeScript. */
  readonly big?: boolean
}

/** How payloads of this version are told from another's on the same topic (W-7). `short` is the field's key in `compact`. */
export type VersionRule =
  | { readonly kind: "any" }
  | { readonly kind: "has" | "lacks"; readonly field: string; readonly short?: string }

/** One topic and what travels on it. `T` is the value after decoding. */
export interface LegDescriptor<T> {
  /** `channel.leg`, such as `drive.request`. */
  readonly id: string
  readonly template: string
  /** Params of the template in order of appearance. */
  readonly params: readonly ParamDescriptor[]
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly expiryMs?: number
  readonly accepts: readonly Format[]
  readonly sends: Format
  readonly maxBytes: number
  readonly acknowledge: "on-handled" | "on-receipt"
  readonly versions?: VersionRule
  readonly queue: { readonly bound: number; readonly drop: DropPolicy }
  readonly outbox: { readonly bound: number; readonly drop: DropPolicy; readonly durable: boolean }
  readonly auto: readonly AutoField[]
  readonly codecs: PayloadCodecs<T>
}

export interface StreamDescriptor<T> {
  readonly kind: "telemetry" | "event" | "state"
  readonly name: string
  readonly from: "device" | "controller"
  readonly message: LegDescriptor<T>
  /** Name of the channel that takes what a reader could not handle (M-3). */
  readonly deadLetter?: string
}

export interface PresenceDescriptor<T> {
  readonly kind: "presence"
  readonly name: string
  readonly message: LegDescriptor<T>
  /** Constant part: an object whose fields are compared, or a scalar. */
  readonly online: unknown
  readonly offline: unknown
  readonly willDelayMs: number
}

export interface OutcomeDescriptor {
  readonly field: string
  readonly success: readonly string[]
  readonly failure: string
  readonly code?: string
  readonly detail?: string
  readonly retryAfterMs?: string
}

export interface CommandSemantics {
  readonly correlate: {
    readonly request: string
    /** What a request without an id is called; it is run each time and never remembered. */
    readonly anonymous?: string
    readonly reply: { readonly field: string } | { readonly param: string }
  }
  readonly outcome?: OutcomeDescriptor
  readonly timeoutMs: number
  readonly executionTimeoutMs: number
  readonly concurrency: number
  readonly queueBound: number
  readonly remember: { readonly count: number; readonly bytes: number; readonly retentionMs: number }
  readonly idempotent: boolean
  readonly journal: "none" | "optional" | "required"
  readonly preempt?: Readonly<Record<string, unknown>>
  readonly onInvalid?: Readonly<Record<string, unknown>>
  readonly onLinkLost?: { readonly action: Readonly<Record<string, unknown>>; readonly afterMs: number }
  readonly cancel?: boolean
  /** Where the id stands in a request, for reading it out of one that is invalid otherwise (C-7). */
  readonly idOnWire?: { readonly number: number; readonly short?: string }
  /** Field by which a request expires where MQTT carries no expiry (C-5). */
  readonly trustedClock?: {
    readonly field: string
    readonly epoch: "unix-seconds" | "unix-milliseconds" | "iso"
  }
}

export interface CommandDescriptor<Request, Response> {
  readonly kind: "command"
  readonly name: string
  readonly from: "device" | "controller"
  readonly request: LegDescriptor<Request>
  readonly reply: LegDescriptor<Response>
  /** What a handler says while it runs (C-12). */
  // biome-ignore lint/suspicious/noExplicitAny: its type is stated where it is used.
  readonly progress?: LegDescriptor<any>
  readonly command: CommandSemantics
}

export interface ActionDescriptor<Request> {
  readonly kind: "action"
  readonly name: string
  readonly from: "device" | "controller"
  readonly request: LegDescriptor<Request>
  readonly idempotent: boolean
}

export interface ConfigDescriptor<Config, Report> {
  readonly kind: "config"
  readonly name: string
  readonly desired: LegDescriptor<Config>
  readonly fleet?: LegDescriptor<Config>
  readonly reported: LegDescriptor<Report>
  readonly versionField: string
  /** Fields that are objects, each with those within: overlaid field by field (F-2). Absent: none is. */
  readonly objects?: ObjectFields
}

/** A tree of the fields that are objects. */
export interface ObjectFields {
  readonly [field: string]: ObjectFields
}

export interface BroadcastDescriptor<Request, Response> {
  readonly kind: "broadcast"
  readonly name: string
  readonly request: LegDescriptor<Request>
  readonly reply?: LegDescriptor<Response>
  readonly replies: "none" | "each"
  /** Name of the command whose handler serves the broadcast. */
  readonly as?: string
  readonly command: CommandSemantics
}

// biome-ignore lint/suspicious/noExplicitAny: a list of channels holds messages of every shape; codecs are invariant.
type Any = any

export type ChannelDescriptor =
  | StreamDescriptor<Any>
  | PresenceDescriptor<Any>
  | CommandDescriptor<Any, Any>
  | ActionDescriptor<Any>
  | ConfigDescriptor<Any, Any>
  | BroadcastDescriptor<Any, Any>
