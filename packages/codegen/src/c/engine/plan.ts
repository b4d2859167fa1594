import type {
  BroadcastChannelIr,
  CommandChannelIr,
  ConfigChannelIr,
  ContractIr,
  LegIr,
  PresenceChannelIr,
} from "@fleetwire/ir"
import { maxEncodedBytes, topicParamNames } from "@fleetwire/ir"
import type { CModel, CObject } from "../model.js"
import { lowerName } from "../names.js"
import { type CLeg, legsOf } from "../topics.js"
import { byteLength } from "../unit.js"

/** A leg with its number. */
export interface PlannedLeg extends CLeg {
  readonly number: number
}

/** Ways in that share a handler: a command, and broadcasts that are served as it. */
export interface Lane {
  readonly number: number
  /** Name of the channel in functions, such as `drive`. */
  readonly name: string
  readonly channel: CommandChannelIr | BroadcastChannelIr
  readonly requests: readonly PlannedLeg[]
  /** Absent where nobody is answered. */
  readonly reply: PlannedLeg | undefined
  readonly request: CObject
  readonly response: CObject | undefined
  /** Requests of these legs are answered. */
  readonly answered: ReadonlySet<number>
}

/** What the engine of a contract's device is made of. */
export interface EnginePlan {
  readonly model: CModel
  readonly legs: readonly PlannedLeg[]
  readonly presence: { readonly channel: PresenceChannelIr; readonly leg: PlannedLeg; readonly object: CObject }
  readonly lanes: readonly Lane[]
  readonly config:
    | {
        readonly channel: ConfigChannelIr
        readonly name: string
        readonly desired: PlannedLeg
        readonly fleet: PlannedLeg | undefined
        readonly reported: PlannedLeg
        readonly object: CObject
        readonly report: CObject
      }
    | undefined
  /** What the device says by itself. */
  readonly said: readonly { readonly name: string; readonly leg: PlannedLeg; readonly object: CObject }[]
  /** What controllers say that is no command with an id: actions and streams. */
  readonly heard: readonly { readonly name: string; readonly leg: PlannedLeg; readonly object: CObject }[]
  /** Most octets of an id. */
  readonly idMax: number
  /** Octets that reading, writing and one configuration need at most. */
  readonly readMax: number
  readonly writeMax: number
  readonly configMax: number
  /** The longest remembered reply. */
  readonly replyMax: number
}

/** Plans the engine; a text where the contract has what the engine does not carry. */
export function planEngine(model: CModel): EnginePlan | string {
  const { ir } = model
  const legs = legsOf(ir).map((leg, index): PlannedLeg => ({ ...leg, number: index + 1 }))
  const legOf = (topic: string | undefined): PlannedLeg | undefined => legs.find(({ leg }) => leg.topic === topic)
  const objectOf = (leg: LegIr): CObject => model.messages.find(({ message }) => message.name === leg.message)!.object
  const presences = ir.channels.filter((channel): channel is PresenceChannelIr => channel.kind === "presence")
  const [presence] = presences
  if (presence === undefined || presences.length > 1) return "it has not exactly one presence channel"
  const configs = ir.channels.filter((channel): channel is ConfigChannelIr => channel.kind === "config")
  if (configs.length > 1) return "it has more than one config channel"
  const foreign = foreignParam(ir)
  if (foreign !== undefined) return `a topic of a device has the param ${foreign}`
  if (ir.channels.some((channel) => channel.legs.some(({ sends }) => sends === "bytes")))
    return "a channel carries octets"

  const lanes: Lane[] = []
  for (const channel of ir.channels) {
    if (channel.kind !== "command" && channel.kind !== "broadcast") continue
    if (channel.kind === "command" && channel.from !== "controller") continue
    if (channel.kind === "broadcast" && channel.as !== undefined) continue
    const request = channel.legs.find(({ name }) => name === "request")!
    const reply = channel.legs.find(({ name }) => name === "reply")
    const served = ir.channels.filter(
      (each): each is BroadcastChannelIr => each.kind === "broadcast" && each.as === channel.name,
    )
    const own = legOf(request.topic)!
    const shared = served.map((each) => ({
      each,
      leg: legOf(each.legs.find(({ name }) => name === "request")!.topic)!,
    }))
    lanes.push({
      number: lanes.length,
      name: lowerName(channel.name),
      channel,
      requests: [own, ...shared.map(({ leg }) => leg)],
      reply: legOf(reply?.topic),
      request: objectOf(request),
      response: reply === undefined ? undefined : objectOf(reply),
      answered: new Set([
        own.number,
        ...shared.filter(({ each }) => each.replies === "each").map(({ leg }) => leg.number),
      ]),
    })
  }
  if (lanes.length === 0) return "it has no command"
  const config = configs[0]
  const desired = config && legOf(config.legs.find(({ name }) => name === "desired")!.topic)!
  const reported = config && legOf(config.legs.find(({ name }) => name === "reported")!.topic)!
  const streams = ir.channels.filter(({ kind }) => ["telemetry", "event", "state", "action"].includes(kind))
  const plain = (from: LegIr["from"]) =>
    streams.flatMap((channel) =>
      channel.legs
        .filter((leg) => leg.from === from)
        .map((leg) => ({ name: lowerName(channel.name), leg: legOf(leg.topic)!, object: objectOf(leg) })),
    )
  const configMax = desired?.leg.maxBytes ?? 0
  const reads = legs.filter(({ leg }) => leg.from === "controller" || leg.name === "message").map(({ leg }) => leg)
  const said = legs.filter(({ leg }) => leg.from === "device")
  const replies = lanes.flatMap(({ reply }) => (reply === undefined ? [] : [sizeOf(ir, reply.leg)]))
  return {
    model,
    legs,
    presence: { channel: presence, leg: legOf(presence.legs[0]!.topic)!, object: objectOf(presence.legs[0]!) },
    lanes,
    config:
      config === undefined
        ? undefined
        : {
            channel: config,
            name: lowerName(config.name),
            desired: desired!,
            fleet: legOf(config.legs.find(({ name }) => name === "fleet")?.topic),
            reported: reported!,
            object: objectOf(desired!.leg),
            report: objectOf(reported!.leg),
          },
    said: plain("device"),
    heard: plain("controller"),
    idMax: Math.min(255, Math.max(...lanes.map(idMaxOf))),
    readMax: Math.max(
      2 * configMax,
      ...reads
        .filter(({ from, topic }) => from === "controller" || topic === presence.legs[0]!.topic)
        .map(({ maxBytes }) => maxBytes),
    ),
    writeMax: Math.max(...said.map(({ leg }) => sizeOf(ir, leg)), configMax + 8),
    configMax,
    replyMax: Math.max(0, ...replies),
  }
}

/** Octets of the longest canonical encoding of what a leg sends. */
function sizeOf(ir: ContractIr, leg: LegIr): number {
  return (leg.sends === "bytes" ? undefined : maxEncodedBytes(ir, leg.message, leg.sends)) ?? leg.maxBytes
}

function idMaxOf({ channel, request }: Lane): number {
  const field = request.fields.find((each) => each.field.name === channel.command.correlate.request)
  if (field?.type.kind !== "string") return 255
  return field.type.maxBytes ?? (field.type.maxLength === undefined ? 255 : 4 * field.type.maxLength)
}

/** A param in a topic of a device that neither the device nor an id fills. */
function foreignParam(ir: ContractIr): string | undefined {
  for (const channel of ir.channels) {
    const bound = new Set([ir.device.param])
    if (channel.kind === "command" || channel.kind === "broadcast") {
      const { reply } = channel.command.correlate
      if ("param" in reply) bound.add(reply.param)
    }
    for (const leg of channel.legs) for (const name of topicParamNames(leg.topic)) if (!bound.has(name)) return name
  }
  return undefined
}

/** Octets of a topic with its end, without a deployment's prefix. */
export function topicOctets(plan: EnginePlan): number {
  const param = plan.model.ir.params.find(({ name }) => name === plan.model.ir.device.param)!
  const octets = 4 * param.maxLength
  return 1 + Math.max(...plan.legs.map(({ leg }) => byteLength(leg.topic.replaceAll(/\{[^}]*\}/g, "")) + octets))
}

/** Octets of RAM for one remembered command: what is known of it, its id, and the longest reply. */
export function rememberedOctets(plan: EnginePlan): number {
  return 12 + plan.idMax + plan.replyMax
}
