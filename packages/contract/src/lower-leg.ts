import type {
  ChannelKind,
  ContractIr,
  DropPolicy,
  Format,
  LegIr,
  LegName,
  Party,
  Qos,
  VersionRuleIr,
} from "@fleetwire/ir"
import { findMessage, legDefaults, maxEncodedBytes } from "@fleetwire/ir"
import type { LegOptions } from "./channel.js"
import type { Acceptance, Place, Report } from "./diagnostic.js"
import { OptionReader } from "./options.js"
import { readVersionRule } from "./version-rule.js"

/** Options of a leg, in the order in which they are explained. */
export const LEG_OPTIONS = [
  "qos",
  "expiry",
  "formats",
  "sends",
  "maxBytes",
  "growth",
  "acknowledge",
  "versions",
  "queue",
  "outbox",
]

const FORMATS: readonly Format[] = ["json", "compact", "protobuf", "text", "bytes"]
const DROPS: readonly DropPolicy[] = ["oldest", "newest", "latest-only", "reject"]

/** Octets that later versions of a message may add unless `growth` says otherwise. */
export const DEFAULT_GROWTH = 256
/** `maxBytes` of a message that has no worst case, because something in it is unbounded. */
export const UNBOUNDED_CAP = 65_536

/** A leg before its payload is measured, which needs every message. */
export interface LegDraft {
  readonly name: LegName
  readonly channel: string
  readonly from: Party
  readonly topic: string
  readonly message: string
  readonly qos: Qos
  readonly retain: boolean
  readonly expiryMs?: number
  readonly accepts: readonly Format[]
  readonly sends: Format
  readonly maxBytes?: number
  readonly growth: number
  readonly acknowledge: LegIr["acknowledge"]
  readonly versions?: VersionRuleIr
  readonly queue: LegIr["queue"]
  readonly outbox: LegIr["outbox"]
  readonly place: Place
}

export interface LegRequest {
  readonly channel: string
  readonly kind: ChannelKind
  readonly name: LegName
  readonly topic: string
  readonly message: string
  readonly from: Party
  readonly options: LegOptions
  readonly place: Place
  readonly accept: Acceptance
}

/** Reads the options of a leg and fills in what its kind means. */
export function draftLeg(request: LegRequest, report: Report): LegDraft {
  const { kind, name, place, accept } = request
  const defaults = legDefaults(kind, name)
  const options = new OptionReader(request.options, place, report)
  const qos = options.oneOf<Qos>("qos", [0, 1, 2]) ?? defaults.qos
  const expiryMs = options.duration("expiry")
  const acknowledge = options.oneOf("acknowledge", ["on-handled", "on-receipt"] as const)
  if (acknowledge === "on-handled" && qos === 0) report.add("contract/on-handled-qos-0", place, {}, accept)
  const listed = readFormats(options)
  const sends = options.oneOf("sends", FORMATS) ?? listed[0]!
  if (!listed.includes(sends)) report.add("contract/sends-outside-formats", place, { sends })
  const maxBytes = options.size("maxBytes")
  const versions = readVersionRule(options)
  const queue = options.inside("queue")
  const outbox = options.inside("outbox")
  queue.only(["bound", "drop"])
  outbox.only(["bound", "drop", "durable"])
  return {
    name,
    channel: request.channel,
    from: request.from,
    topic: request.topic,
    message: request.message,
    qos,
    retain: defaults.retain,
    ...(expiryMs !== undefined && { expiryMs }),
    accepts: [...new Set(listed)].sort(),
    sends,
    ...(maxBytes !== undefined && { maxBytes }),
    growth: options.raw("growth") === 0 ? 0 : (options.size("growth") ?? DEFAULT_GROWTH),
    acknowledge: acknowledge ?? (qos === 0 ? "on-receipt" : defaults.acknowledge),
    ...(versions !== undefined && { versions }),
    queue: {
      bound: queue.count("bound", 1) ?? defaults.queue.bound,
      drop: queue.oneOf("drop", DROPS) ?? defaults.queue.drop,
    },
    outbox: {
      bound: outbox.count("bound") ?? defaults.outbox.bound,
      drop: outbox.oneOf("drop", DROPS) ?? defaults.outbox.drop,
      durable: outbox.flag("durable") ?? defaults.outbox.durable,
    },
    place,
  }
}

function readFormats(options: OptionReader): readonly Format[] {
  const listed = options.list("formats")
  if (listed === undefined) return ["json"]
  if (listed.length === 0) {
    const values = { option: "formats", received: "`[]`", expected: "a list of formats", example: '`["json"]`' }
    options.report.add("contract/option-value", options.place, values)
    return ["json"]
  }
  const known = listed.filter((format): format is Format => FORMATS.includes(format as Format))
  for (const format of listed) options.check("formats", format, FORMATS)
  return known.length === 0 ? ["json"] : known
}

/** The longest of all formats that a reader accepts: none of them may be refused for its length. */
function worstOf({ message, accepts }: LegDraft, ir: ContractIr): number | undefined {
  const sizes = accepts.map((format) => maxEncodedBytes(ir, message, format))
  return sizes.reduce((most, size) => (most === undefined || size === undefined ? undefined : Math.max(most, size)), 0)
}

/** Measures the payload of a leg (W-5) and settles the leg. `ir` holds the numbered messages. */
export function settleLeg(draft: LegDraft, ir: ContractIr, report: Report, accept: Acceptance): LegIr {
  const { place, growth, channel: _channel, maxBytes: declared, ...leg } = draft
  const { message, sends } = draft
  const worst = findMessage(ir, message) === undefined ? undefined : worstOf(draft, ir)
  if (declared !== undefined && worst !== undefined && declared < worst) {
    report.add("contract/max-bytes", place, { declared, needed: worst, message, format: sends }, accept)
  }
  return { ...leg, maxBytes: declared ?? (worst === undefined ? UNBOUNDED_CAP : worst + growth) }
}
