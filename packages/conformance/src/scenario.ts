import type { ChannelKind } from "@fleetwire/ir"
import type { MqttVersion } from "./raw-client.js"
import type { PacketMatcher, Pattern } from "./wire-match.js"

/** Which side a scenario puts under test; the kit plays the other. */
export type Side = "device" | "controller"

/** What a client library can do (Z-3). */
export type Capability = "manualAck" | "publishDone" | "publishQos" | "subscribeQos" | "mqtt5" | "fragments"

/** One protocol case, as a YAML file of `schemas/scenarios` says it. `scenario.schema.json` there is its shape. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /** Clauses that it proves. */
  readonly clauses: readonly string[]
  readonly side: Side
  /** Default: both. */
  readonly mqtt?: readonly MqttVersion[]
  readonly needs?: Needs
  readonly broker?: BrokerSetUp
  readonly subject?: SubjectSetUp
  readonly steps: readonly Step[]
}

/** What must be there for a scenario to say something. */
export interface Needs {
  /** Alias → the first channel of the contract that fits. None fits: not applicable. */
  readonly channels?: Readonly<Record<string, ChannelNeed>>
  /** Not applicable to an adapter that lacks one. */
  readonly capabilities?: readonly Capability[]
  /** What the kit must be able to do with the subject; otherwise not observable. */
  readonly subject?: readonly SubjectFeature[]
  /** Samples of the profile, such as `cmd.slow`; otherwise not observable. */
  readonly samples?: readonly string[]
  /** Of the device's session or the role's, as the contract declares it. */
  readonly session?: "persistent" | "clean"
  /** The device's param has reserved values. */
  readonly reserved?: boolean
}

/**
 * `exec`: start, kill. `lines`: speaks the line protocol. `store`: keeps state in a file. `wire`: goes through the proxy.
 * `refusals`: remembers what it refused (C-8).
 */
export type SubjectFeature = "exec" | "lines" | "store" | "prefix" | "wire" | "broker" | "refusals"

export interface ChannelNeed {
  readonly kind: ChannelKind | readonly ChannelKind[]
  /** Who publishes it. */
  readonly from?: "device" | "controller"
  /** Features of the contract that it must have. */
  readonly has?: readonly ChannelFeature[]
  /** Features that it must not have. */
  readonly lacks?: readonly ChannelFeature[]
  /** Least QoS of its first leg. */
  readonly qos?: 0 | 1 | 2
}

export type ChannelFeature =
  | "preempt"
  | "onInvalid"
  | "onLinkLost"
  | "outcome"
  | "cancel"
  | "progress"
  | "fleet"
  | "reply"
  | "journal"
  | "journal-required"
  | "idempotent"
  | "as"
  | "session"
  | "json"
  | "object"
  | "short-expiry"
  | "short-execution"
  | "on-handled"
  | "durable"
  | "text"
  | "formats"
  | "default"
  | "expiry"
  | "queue-1000"
  | "small-outbox"
  | "countable-outbox"
  | "roomy-outbox"
  | "small-queue"
  | "reply-qos1"
  | "replies"
  | "small-memory"
  | "trusted-clock"
  | "dead-letter"
  | "dead-letters"
  | "probe"

export interface BrokerSetUp {
  /** Default `mosquitto`. `scripted` does exactly what the scenario says. */
  readonly kind?: "mosquitto" | "scripted"
  readonly persistence?: boolean
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** Properties of CONNACK of the scripted broker. */
  readonly connack?: Readonly<Record<string, unknown>>
}

export interface SubjectSetUp {
  /** With a store that outlives it; false: without one, although it could have it. */
  readonly store?: boolean
  readonly prefix?: string
  readonly keepAliveSeconds?: number
  readonly spreadMs?: number
  /** Of a controller. Default: the first that has every right that the scenario needs. */
  readonly role?: string
  /** Identity, instead of one that fits the contract; `$reserved` is a reserved one. */
  readonly identity?: string
}

/** One step. `given`: where it fails the scenario says nothing (not observable), instead of failing. */
export type Step = { readonly given?: true; readonly note?: string } & StepBody

export type StepBody =
  | { readonly start: StartStep }
  | { readonly stop: "term" | "kill" }
  /** It ends by itself within so many milliseconds; `never`: it does not. */
  | { readonly exit: { readonly within: number; readonly code?: number; readonly never?: true } }
  | { readonly publish: PublishStep }
  | { readonly expect: ExpectStep }
  | { readonly silence: ExpectStep & { readonly ms: number } }
  | { readonly wire: WireStep }
  | { readonly link: "cut" | "refuse" | "black-hole" | "half-open" | "heal" }
  | { readonly fault: FaultStep }
  | {
      readonly broker:
        | "restart"
        | "kill"
        | "start"
        | "stop"
        | "pause"
        | "resume"
        | "hold-acks"
        | "release-acks"
        | "lose-sessions"
    }
  | { readonly answer: ServerPacketStep }
  /** A quick request and its answer; where none comes the scenario says nothing. */
  | { readonly probe: string }
  /** Milliseconds; `link-lost`: longer than the contract's `onLinkLost` waits; `memory`: longer than ids are remembered. */
  | { readonly wait: number | "link-lost" | "memory" }
  | { readonly mark: string }
  | { readonly elapsed: { readonly since: string; readonly below?: number; readonly above?: number } }
  | { readonly client: ClientStep }
  | { readonly tell: TellStep }
  | { readonly line: LineStep }
  | { readonly "no-line": LineStep & { readonly ms: number } }
  | {
      readonly "in-order": {
        readonly verb: string
        readonly ref: string
        readonly leg: string
        readonly count: number
        readonly within?: number
      }
    }
  | { readonly sum: SumStep }
  | { readonly distinct: { readonly leg: string; readonly field: string } }
  | { readonly valid: { readonly least?: number } }

export interface StartStep {
  /** Milliseconds until it is online (device) or ready (controller). Default 15 000. */
  readonly within?: number
  /** Do not wait for that. */
  readonly nowait?: boolean
  /** Further subjects of other identities. */
  readonly more?: number
}

export interface PublishStep {
  /** Such as `cmd.request`. */
  readonly leg?: string
  /** A topic that is none of the contract's. */
  readonly topic?: string
  /** Default `quick`. */
  readonly sample?: string
  /** Path → value laid over the sample; null takes a field away. */
  readonly with?: Readonly<Record<string, unknown>>
  readonly id?: string
  /** Remembers the octets. */
  readonly as?: string
  /** Sends remembered octets again. */
  readonly again?: string
  /** Payload as text; `{id:a}` stands for an id. */
  readonly text?: string
  readonly hex?: string
  /** Payload of so many octets that are nothing. */
  readonly octets?: number
  /** At MQTT 5: tells that whoever asked for this id wants it no longer. */
  readonly cancel?: boolean
  /** Fields that hold the time of sending hold one so many milliseconds earlier. */
  readonly agoMs?: number
  readonly spoil?:
    | "missing"
    | "range"
    | "enum"
    | "syntax"
    | "type"
    | "null"
    | "duplicate"
    | "utf8"
    | "oversize"
    | "unknown-field"
    | "exponent"
    | "no-default"
  /** Of a config: its version. */
  readonly version?: number
  readonly qos?: 0 | 1 | 2
  readonly retain?: boolean
  readonly expirySeconds?: number | null
  readonly contentType?: string | null
  readonly responseTopic?: string
  readonly correlation?: string
  readonly traceparent?: string
  readonly userOctets?: number
  /** Replies to a request that was remembered by `expect … as`. */
  readonly reply?: string
  readonly outcome?: "success" | "failure"
  readonly code?: string
  readonly retryAfterMs?: number
  readonly format?: "json" | "compact" | "protobuf" | "text" | "bytes"
  /** Device that it is for, or that says it. Default: the one under test, or the first that the kit plays. */
  readonly device?: string
  /** `over-queue`: more than the command's concurrency and queue hold; `memory`: as many ids as it remembers. */
  readonly times?: number | "over-queue" | "memory"
  /** The first free text field gets `kit-1`, `kit-2`, …. */
  readonly number?: boolean
  /** Wait for the broker's acknowledgement. Default true. */
  readonly confirm?: boolean
}

export interface ExpectStep {
  readonly leg: string
  readonly for?: string
  readonly outcome?: "success" | "failure"
  readonly code?: string | readonly string[]
  readonly where?: Readonly<Record<string, Pattern>>
  readonly retained?: boolean
  readonly qos?: number
  /** The octets are those remembered. */
  readonly same?: string
  readonly as?: string
  readonly within?: number
  readonly count?: number
  readonly device?: string
  readonly properties?: Readonly<Record<string, Pattern>>
  /** Payload of no octets. */
  readonly empty?: boolean
  /** Its id has room for 96 random bits. */
  readonly longId?: boolean
  /** A field that has a default is written although nobody gave it. */
  readonly hasDefaults?: boolean
  /** Its octets are others than those remembered. */
  readonly differs?: string
  /** At MQTT 5 its Correlation Data is the request's, which is its id. */
  readonly correlated?: boolean
  /** It says when to come again. */
  readonly retryAfter?: boolean
  /** A reply to this correlation name. */
  readonly correlation?: string
  /** Look at what came before as well, consumed or not. */
  readonly all?: boolean
}

export interface WireStep {
  /** These packets, in this order, others between them. */
  readonly sequence?: readonly PacketMatcher[]
  /** Every `later` packet has an `earlier` one before it. */
  readonly order?: { readonly earlier: PacketMatcher; readonly later: PacketMatcher }
  readonly never?: PacketMatcher
  readonly every?: { readonly of: PacketMatcher; readonly is: PacketMatcher }
  readonly count?: {
    readonly of: PacketMatcher
    readonly exactly?: number
    readonly atLeast?: number
    readonly atMost?: number
  }
  /** Packets that arrive within a second of each other, at most. */
  readonly perSecond?: { readonly of: PacketMatcher; readonly atMost: number }
  /** Every birth carries the number of the will of its connection, and no two are equal. */
  readonly sessionsPair?: string
  /** Numbered messages of a leg arrived, at least once each; `inOrder`: each for the first time in its order. */
  readonly numbered?: { readonly leg: string; readonly count: number; readonly inOrder?: boolean }
  /** A message was sent again on a later connection, with the same identifier and DUP. */
  readonly redelivered?: { readonly leg: string; readonly for: string }
  /** The first `count` such packets are spread over `least` milliseconds, and are all there `most` after the beginning. */
  readonly spread?: {
    readonly of: PacketMatcher
    readonly count: number
    readonly least: number
    readonly most: number
  }
  /** Milliseconds: the subject is never silent for longer. */
  readonly silenceBelow?: number
  /** Without the kit's proxy the step is left out. */
  readonly attached?: "skip"
  /** There need not be any such packet. */
  readonly optional?: boolean
  /** Name of a mark; default: the beginning. */
  readonly since?: string
  /** Milliseconds to wait for it to become true. Default 5 000 for what must come, 0 for what must not. */
  readonly within?: number
}

export interface FaultStep {
  readonly direction: "to-broker" | "to-client"
  readonly packet: PacketMatcher
  readonly nth?: number
  readonly action: "drop" | "delay" | "repeat" | "reset" | "reset-after" | "black-hole"
  readonly ms?: number
}

/** A packet that the scripted broker sends to the subject. */
export interface ServerPacketStep {
  readonly disconnect?: number
  readonly subackCode?: number
  readonly connackCode?: number
  readonly sessionPresent?: boolean
  /** SUBACK refuses every subscription. */
  readonly refuseSubscriptions?: boolean
  /** CONNACK says that the client is not authorised. */
  readonly unauthorized?: boolean
  /** Octets as they are, in hexadecimal digits. */
  readonly hex?: string
  readonly end?: boolean
}

/** What reached a handler, what waits and what the subject counted as dropped is what the broker sent. */
export interface SumStep {
  /** Lines of the watch with this ref. */
  readonly ref: string
  readonly leg: string
  /** Ref of the line that holds the counters. */
  readonly counters: string
}

/** Another client of the broker. */
export interface ClientStep {
  readonly name: string
  readonly do: "connect" | "subscribe" | "publish" | "disconnect" | "destroy"
  /** `subject` stands for the client id of the subject. */
  readonly clientId?: string
  readonly clean?: boolean
  readonly topic?: string
  readonly qos?: 0 | 1 | 2
  readonly payload?: string
  readonly retain?: boolean
  readonly willLeg?: string
  /** Sample that its will says. */
  readonly willSample?: string
}

/** A line to the subject. Words as `schemas/scenarios/README.md` describes them. */
export interface TellStep {
  readonly verb:
    | "call"
    | "cancel"
    | "broadcast"
    | "publish"
    | "clear"
    | "config"
    | "watch"
    | "presence"
    | "counters"
    | "close"
  readonly ref?: string
  readonly channel?: string
  readonly device?: string
  readonly sample?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly version?: number
  readonly id?: string
  readonly words?: Readonly<Record<string, string | number | boolean>>
  /** `over-outbox`: more than the channel's outbox holds. */
  readonly times?: number | "over-outbox"
  /** The first free text field gets `kit-1`, `kit-2`, …, counted from `from` (default 1). */
  readonly number?: boolean
  readonly from?: number
}

/** A line that the subject writes. */
export interface LineStep {
  readonly verb: string
  readonly ref?: string
  readonly words?: Readonly<Record<string, Pattern>>
  readonly where?: Readonly<Record<string, Pattern>>
  readonly within?: number
  readonly count?: number
  readonly as?: string
  readonly all?: boolean
  /** Fields of a sample of the channel with that alias, such as `config.own`. */
  readonly whereSample?: string
}
