import type { JsonValue } from "./type-ir.js"

export type Format = "json" | "compact" | "protobuf" | "text" | "bytes"
export type Qos = 0 | 1 | 2

export type ChannelKind = "telemetry" | "event" | "state" | "presence" | "command" | "action" | "config" | "broadcast"

/** Who publishes a leg: the device, any controller role that may, or one role by name. */
export type Party = "device" | "controller"

export type LegName = "message" | "request" | "reply" | "progress" | "desired" | "fleet" | "reported"

export type DropPolicy = "oldest" | "newest" | "latest-only" | "reject"

/**
 * How a reader tells payloads of its own contract version from those of another on the same topic (W-7): `any` takes both
 * for its own; `has` and `lacks` go by the presence of one field of the payload.
 */
export type VersionRuleIr = { readonly kind: "any" } | { readonly kind: "has" | "lacks"; readonly field: string }

/**
 * One topic of a channel with what travels on it. Telemetry, event, state and presence have the leg `message`; command
 * has `request` and `reply` (and `progress` where declared); action has `request`; config has `desired`, `reported` and
 * `fleet` where declared; broadcast has `request`, and `reply` where devices answer.
 */
export interface LegIr {
  readonly name: LegName
  readonly from: Party
  /** Template, such as `iot-car/{carId}/telemetry`. */
  readonly topic: string
  /** Name of a message of the contract. */
  readonly message: string
  readonly qos: Qos
  readonly retain: boolean
  /** Milliseconds after which an undelivered message is worthless. */
  readonly expiryMs?: number
  /** Formats a reader accepts, `sends` among them; sorted. */
  readonly accepts: readonly Format[]
  /** Format that is sent unless the caller or Content Type says otherwise. */
  readonly sends: Format
  /** Octets; a longer payload is refused unparsed (W-5). */
  readonly maxBytes: number
  readonly acknowledge: "on-handled" | "on-receipt"
  /** Absent: nothing but Content Type tells versions apart, and no other version is expected on the topic. */
  readonly versions?: VersionRuleIr
  /** How many received messages may wait in memory before `drop` applies. */
  readonly queue: { readonly bound: number; readonly drop: DropPolicy }
  /** How many unsent messages may wait while there is no connection. */
  readonly outbox: { readonly bound: number; readonly drop: DropPolicy; readonly durable: boolean }
}

interface ChannelBase {
  readonly name: string
  readonly doc?: string
  readonly deprecated?: string
  readonly since?: string
  /** Milliseconds between messages in normal operation, for load figures and the emulator. */
  readonly everyMs?: number
  /** In a fixed order: the order of `LegName`. */
  readonly legs: readonly LegIr[]
  /** Roles or `device` allowed to write, narrowed by the contract; absent: whoever the roles table allows. */
  readonly from: Party
  /** Diagnostics accepted for this channel, code → reason. */
  readonly accept?: { readonly [code: string]: string }
}

export interface StreamChannelIr extends ChannelBase {
  readonly kind: "telemetry" | "event" | "state"
  /** Channel on which a reader publishes what its handler could not handle (M-3). */
  readonly deadLetter?: string
}

export interface PresenceChannelIr extends ChannelBase {
  readonly kind: "presence"
  /** What says `online` and `offline`: the constant part of the payload; `auto` fields are added when sent. */
  readonly online: JsonValue
  readonly offline: JsonValue
  readonly willDelayMs: number
}

/** How a reply says success or failure. */
export interface OutcomeIr {
  /** Field of the response, such as `status`. */
  readonly field: string
  /** Values that mean success; the first is written by default. */
  readonly success: readonly string[]
  /** Value written for a failure. Every value outside `success` is read as a failure. */
  readonly failure: string
  /** Field for the error code. Absent: `detail` begins with it in brackets, such as `[busy retry_after_ms=250] …`. */
  readonly code?: string
  /** Field for human words. */
  readonly detail?: string
  readonly retryAfterMs?: string
}

export interface CommandSemanticsIr {
  /** Name of the request's id field, and of the reply's; or a parameter of the reply topic. */
  readonly correlate: {
    readonly request: string
    /** Default of the request's id: what every request without one is called. Such requests are run each time. */
    readonly anonymous?: string
    readonly reply: { readonly field: string } | { readonly param: string }
  }
  readonly outcome?: OutcomeIr
  /** Milliseconds a caller waits unless it says otherwise. */
  readonly timeoutMs: number
  /** Milliseconds a handler may run before it is cut off. */
  readonly executionTimeoutMs: number
  readonly concurrency: number
  /** Requests that wait beyond `concurrency`; above it: `busy`. */
  readonly queueBound: number
  /** Outcomes remembered for duplicates: at most `count` ids and `bytes` octets, each for `retentionMs`. */
  readonly remember: { readonly count: number; readonly bytes: number; readonly retentionMs: number }
  readonly idempotent: boolean
  readonly journal: "none" | "optional" | "required"
  /** A request whose fields equal these pre-empts whatever runs. */
  readonly preempt?: { readonly [field: string]: JsonValue }
  /** The safe action: fields of a request that is run when one cannot be read. */
  readonly onInvalid?: { readonly [field: string]: JsonValue }
  readonly onLinkLost?: { readonly action: { readonly [field: string]: JsonValue }; readonly afterMs: number }
  /** The device is told when a caller cancels. */
  readonly cancel?: boolean
  /** Field of the request that holds when it was sent: expiry counts from it where MQTT carries none (C-5). */
  readonly trustedClock?: string
}

export interface CommandChannelIr extends ChannelBase {
  readonly kind: "command"
  readonly command: CommandSemanticsIr
}

/** A command without an id: at least once, no reply (C-15). */
export interface ActionChannelIr extends ChannelBase {
  readonly kind: "action"
  readonly idempotent: boolean
}

export interface ConfigChannelIr extends ChannelBase {
  readonly kind: "config"
  /** Field of the desired message that only rises. */
  readonly versionField: string
}

export interface BroadcastChannelIr extends ChannelBase {
  readonly kind: "broadcast"
  readonly replies: "none" | "each"
  /** Command whose handler, semantics and reply topic serve the broadcast too; absent: a handler of its own. */
  readonly as?: string
  readonly command: CommandSemanticsIr
}

export type ChannelIr =
  | StreamChannelIr
  | PresenceChannelIr
  | CommandChannelIr
  | ActionChannelIr
  | ConfigChannelIr
  | BroadcastChannelIr
