import type { Direction, LabCommand, WireShape } from "@fleetwire/broker-lab"
import type { ProtocolVersion } from "@fleetwire/runtime"

/** Everything one run does, from its seed alone. Times are milliseconds after the run's start signal. */
export interface Plan {
  readonly seed: number
  readonly protocol: ProtocolVersion
  /** How long work and faults last; then everything is healed. */
  readonly workMs: number
  readonly semantics: Semantics
  /** The broker saves its state once, at the start signal: killed later, it comes back with that. */
  readonly snapshot: boolean
  readonly actors: readonly ActorPlan[]
  readonly faults: readonly Fault[]
}

/** What the contract of a run declares; the rest is the car fleet's. */
export interface Semantics {
  readonly journal: "none" | "required"
  /** QoS of the event stream. */
  readonly eventQos: 1 | 2
  /** The event stream's outbox outlives its process. */
  readonly durableOutbox: boolean
  readonly concurrency: number
  readonly queueBound: number
  readonly executionTimeoutMs: number
}

export type ActorPlan = DevicePlan | ControllerPlan

interface ActorBasics {
  /** Identity of a device, instance of a controller. */
  readonly name: string
  /** How one process of it after the other ends. The one that outlives this list runs to the end of the run. */
  readonly deaths: readonly Death[]
}

/** A `kill -9`. */
export interface Death {
  readonly cause:
    | { readonly kind: "at"; readonly ms: number }
    /** By its own hand, in the middle of what it does. */
    | { readonly kind: "point"; readonly point: CrashPoint; readonly nth: number }
  /** Milliseconds until the next process; undefined: it stays dead. */
  readonly restartMs: number | undefined
  /** Octets of a record that was never finished, left at the end of the device's store. */
  readonly tornOctets: number
}

/** Where a process can end itself. `*-before`: before the store was written; `*-after`: once it was. */
export type CrashPoint =
  | "journal-before"
  | "journal-after"
  | "outbox-before"
  | "outbox-after"
  | "handler-begin"
  | "handler-end"
  | "config-apply"
  | "receive"
  | "handled"
  | "call"

export interface DevicePlan extends ActorBasics {
  readonly kind: "device"
  readonly work: readonly DeviceWork[]
}

export type DeviceWork =
  | { readonly kind: "event"; readonly at: number }
  | { readonly kind: "telemetry"; readonly at: number }
  | { readonly kind: "state"; readonly at: number }

export interface ControllerPlan extends ActorBasics {
  readonly kind: "controller"
  /** The durable reader of every stream, or somebody's phone with a clean session. */
  readonly role: "backend" | "app"
  /** Handlers of the event stream under way at once. */
  readonly concurrency: number
  /** Every so many events take so long. */
  readonly slow: { readonly every: number; readonly ms: number }
  readonly work: readonly ControllerWork[]
}

export type ControllerWork =
  | {
      readonly kind: "call"
      readonly at: number
      readonly device: string
      /** Idempotency key; the same one appears again in repeats. */
      readonly id: string
      readonly action: "forward" | "backward" | "left" | "stop"
      /** What the handler takes. */
      readonly durationMs: number
      readonly timeoutMs: number
      readonly retryBusy: boolean
      readonly queueOffline: boolean
      /** The caller loses interest after so long. */
      readonly cancelMs: number | undefined
    }
  | {
      readonly kind: "broadcast"
      readonly at: number
      readonly id: string
      readonly action: "forward" | "stop"
      readonly durationMs: number
      readonly timeoutMs: number
    }
  | { readonly kind: "config"; readonly at: number; readonly device: string; readonly version: number }

/** What is done to broker and wire. */
export type Fault =
  | { readonly kind: "broker-kill"; readonly at: number; readonly downMs: number }
  | { readonly kind: "broker-restart"; readonly at: number; readonly downMs: number }
  | { readonly kind: "broker-pause"; readonly at: number; readonly forMs: number }
  /** Of one actor's connections, or of all. */
  | { readonly kind: "cut"; readonly at: number; readonly actor: string | undefined }
  | { readonly kind: "half-open"; readonly at: number }
  | {
      readonly kind: "black-hole"
      readonly at: number
      readonly forMs: number
      readonly direction: Direction | undefined
    }
  | { readonly kind: "refuse"; readonly at: number; readonly forMs: number }
  | { readonly kind: "shape"; readonly at: number; readonly forMs: number; readonly shape: WireShape }
  | {
      readonly kind: "packet"
      readonly at: number
      readonly direction: Direction
      readonly cmd: LabCommand
      readonly nth: number
      /** Only packets of command and reply topics: no TCP loses one message of a stream and passes the next. */
      readonly commandsOnly: boolean
      readonly action: PacketAction
    }

export type PacketAction =
  | { readonly kind: "drop" }
  | { readonly kind: "repeat"; readonly times: number }
  | { readonly kind: "delay"; readonly ms: number; readonly blocking: boolean }
  | { readonly kind: "reset"; readonly after: boolean }
