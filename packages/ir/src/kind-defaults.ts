import type { ChannelKind, Format, LegIr, LegName, Party, Qos } from "./channel-ir.js"
import type { ContractIr } from "./contract-ir.js"
import { maxEncodedBytes } from "./encoded-size.js"

/** What a leg is when its author says nothing (protocol M-1, M-2, M-7, P-1, C-6, F-1). */
export interface LegDefaults {
  readonly from: Party
  readonly qos: Qos
  readonly retain: boolean
  readonly acknowledge: LegIr["acknowledge"]
  readonly queue: LegIr["queue"]
  readonly outbox: LegIr["outbox"]
}

const QUEUE = { bound: 1000, drop: "oldest" } as const
const KEEP_ALL = { bound: 1000, drop: "reject", durable: false } as const
const NEWEST = { bound: 1000, drop: "latest-only", durable: false } as const

const TELEMETRY: LegDefaults = {
  from: "device",
  qos: 0,
  retain: false,
  acknowledge: "on-receipt",
  queue: QUEUE,
  outbox: { bound: 100, drop: "oldest", durable: false },
}
const EVENT: LegDefaults = { ...TELEMETRY, qos: 1, acknowledge: "on-handled", outbox: KEEP_ALL }
const STATE: LegDefaults = { ...TELEMETRY, qos: 1, retain: true, outbox: NEWEST }
const REQUEST: LegDefaults = {
  from: "controller",
  qos: 1,
  retain: false,
  acknowledge: "on-handled",
  queue: { bound: 64, drop: "reject" },
  outbox: { bound: 100, drop: "reject", durable: false },
}
const REPLY: LegDefaults = { ...TELEMETRY, qos: 1, outbox: KEEP_ALL }
const DESIRED: LegDefaults = { ...REQUEST, retain: true, queue: { bound: 64, drop: "latest-only" }, outbox: NEWEST }

/** Defaults of a leg by channel kind and leg name, as the device sees it: `from` turns round when the channel says so. */
export function legDefaults(kind: ChannelKind, leg: LegName): LegDefaults {
  switch (kind) {
    case "telemetry":
      return TELEMETRY
    case "event":
      return EVENT
    case "state":
    case "presence":
      return STATE
    case "command":
    case "action":
    case "broadcast":
      return leg === "request" ? REQUEST : REPLY
    case "config":
      return leg === "reported" ? STATE : DESIRED
  }
}

/** Room for fields that later versions add, in octets, where a contract says nothing of it (W-5). */
const GROWTH = 256
/** `maxBytes` of a message without a worst case, because something in it is unbounded. */
const UNBOUNDED = 65_536

/** What `maxBytes` of a leg is when its author says nothing: the longest payload of all formats, and room to grow. */
export function usualMaxBytes(ir: ContractIr, message: string, formats: readonly Format[]): number {
  const sizes = formats.map((format) => maxEncodedBytes(ir, message, format))
  return sizes.some((size) => size === undefined) ? UNBOUNDED : Math.max(...(sizes as number[])) + GROWTH
}
