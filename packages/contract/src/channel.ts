import type { ChannelKind, DropPolicy, Format, Qos } from "@fleetwire/ir"
import type { TSchema } from "@sinclair/typebox"
import type { Duration } from "./duration.js"
import type { Origin } from "./origin.js"

/** A size in octets, or text such as `512 B`, `4 KiB`, `1 MiB`. */
export type Size = number | `${number} ${"B" | "KiB" | "MiB"}`

/** What one topic of a channel may say of itself. */
export interface LegOptions {
  readonly qos?: Qos
  /** How long an undelivered message is worth something. */
  readonly expiry?: Duration
  /** Formats that readers accept. The first is sent unless `sends` says otherwise. Default `["json"]`. */
  readonly formats?: readonly Format[]
  readonly sends?: Format
  /** A longer payload is refused unparsed. Default: the worst case of the message in the format that is sent, plus `growth`. */
  readonly maxBytes?: Size
  /** Room for fields that later versions add. Default 256 octets. */
  readonly growth?: Size
  readonly acknowledge?: "on-handled" | "on-receipt"
  /**
   * How readers tell payloads of this version from those of another on the same topic: by a top-level field that the
   * payload has or lacks; `any`: another version's are read as well. MQTT 5 with Content Type needs no rule.
   */
  readonly versions?: "any" | { readonly has: string } | { readonly lacks: string }
  /** Received messages that may wait in memory. */
  readonly queue?: { readonly bound: number; readonly drop?: DropPolicy }
  /** Messages that may wait while there is no connection. */
  readonly outbox?: { readonly bound?: number; readonly drop?: DropPolicy; readonly durable?: boolean }
}

/** What every channel may say. */
export interface ChannelOptions extends LegOptions {
  readonly doc?: string
  readonly deprecated?: string
  readonly since?: string
  /** Who publishes: the device, controllers, or one role by name. */
  readonly from?: "device" | "controller" | (string & {})
  /** Diagnostics that are meant so: code → reason. */
  readonly accept?: { readonly [code: string]: string }
}

/** One channel of a contract, as its builder made it. Channels of one kind differ in the type `Parts`. */
export interface Channel<K extends ChannelKind = ChannelKind, Topic extends string = string> {
  readonly kind: K
  readonly topic: Topic
  /** Message of the first leg: what is streamed, asked, or desired. */
  readonly message: TSchema
  readonly options: object
  readonly at: Origin
}
