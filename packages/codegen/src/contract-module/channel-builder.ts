import {
  type ActionChannelIr,
  type BroadcastChannelIr,
  type ChannelIr,
  type CommandSemanticsIr,
  type ContractIr,
  findMessage,
  type JsonValue,
  type LegIr,
  legDefaults,
  resolveType,
  usualMaxBytes,
} from "@fleetwire/ir"
import { type Code, code, join, string } from "../core/code.js"
import { duration } from "../core/durations.js"
import { type LiteralValue, wideLiteral } from "../core/literal.js"
import { symbol } from "../core/symbol.js"
import { isEmptyLiteral, valueLiteral } from "./value-literal.js"

type Options = { readonly [option: string]: LiteralValue | undefined }

/** How long a request is worth something unless it says otherwise. */
const REQUEST_EXPIRY_MS = 30_000
const REMEMBER_BEYOND_EXPIRY_MS = 60_000
const EXECUTION = { timeoutMs: 5_000, concurrency: 1, queueBound: 16, count: 256, bytes: 65_536 }

/** What a channel's printer needs to know of its surroundings. */
export interface ChannelWorld {
  readonly ir: ContractIr
  /** Prints the constant that holds a message. */
  readonly reference: (message: string) => Code
}

/** A channel as its builder makes it, such as `telemetry("cars/{id}/telemetry", Telemetry, { every: "1 s" })`. */
export function channelBuilder(channel: ChannelIr, world: ChannelWorld): Code {
  const first = channel.legs[0]!
  const own = { ...common(channel), ...kindOptions(channel, world) }
  const options = channel.kind === "command" ? { request: world.reference(first.message), ...own } : own
  const builder = symbol(channel.kind, "@fleetwire/contract")
  const message = channel.kind === "command" ? [] : [world.reference(first.message)]
  const args = [string(first.topic), ...message, ...(isEmptyLiteral(options) ? [] : [wideLiteral(options)])]
  return code`${builder}(${join(args, code`, `)})`
}

function common(channel: ChannelIr): Options {
  const { doc, deprecated, since, everyMs } = channel
  const usual = legDefaults(channel.kind, channel.legs[0]!.name).from
  return {
    doc,
    deprecated,
    since,
    every: everyMs === undefined ? undefined : duration(everyMs),
    from: channel.from === usual ? undefined : channel.from,
  }
}

function kindOptions(channel: ChannelIr, world: ChannelWorld): Options {
  const { ir } = world
  const first = channel.legs[0]!
  const accept = channel.accept
  const own = (implied: Partial<LegIr> = {}): Options => legOptions(first, channel, ir, implied)
  const leg = (name: LegIr["name"]): LegIr | undefined => channel.legs.find((one) => one.name === name)
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return { ...own(), deadLetter: channel.deadLetter, accept }
    case "presence": {
      const said = (value: JsonValue) => valueLiteral(ir, resolveType(ir, findMessage(ir, first.message)!.type), value)
      return {
        ...own(),
        online: said(channel.online),
        offline: said(channel.offline),
        willDelay: channel.willDelayMs === 0 ? undefined : duration(channel.willDelayMs),
        accept,
      }
    }
    case "action":
      return { ...own({ expiryMs: REQUEST_EXPIRY_MS }), idempotent: idempotent(channel), accept }
    case "command": {
      const reply = leg("reply")!
      const { accepts, sends, qos } = first
      return {
        reply: topicWithOptions(reply, legOptions(reply, channel, ir, { accepts, sends, qos })),
        response: world.reference(reply.message),
        ...progressOptions(channel, reply, world),
        ...own({ expiryMs: REQUEST_EXPIRY_MS }),
        ...execution(channel.command, first, world),
        accept,
      }
    }
    case "config": {
      const reported = leg("reported")!
      const options = legOptions(reported, channel, ir)
      const usual = reported.topic === `${first.topic}/reported`
      return {
        fleet: leg("fleet")?.topic,
        reported:
          usual && isEmptyLiteral(options)
            ? undefined
            : isEmptyLiteral(options)
              ? reported.topic
              : { topic: usual ? undefined : reported.topic, ...options },
        versionField: channel.versionField === "version" ? undefined : channel.versionField,
        ...own(),
        accept,
      }
    }
    case "broadcast":
      return { ...broadcastOptions(channel, world), ...own({ expiryMs: REQUEST_EXPIRY_MS }), accept }
  }
}

/** What a handler says while it runs; formats and QoS are those of the reply unless it says otherwise. */
function progressOptions(channel: ChannelIr, reply: LegIr, world: ChannelWorld): Options {
  const progress = channel.legs.find(({ name }) => name === "progress")
  if (progress === undefined) return {}
  const { accepts, sends, qos } = reply
  const options = legOptions(progress, channel, world.ir, { accepts, sends, qos })
  const usual = progress.topic === `${reply.topic}/progress` && isEmptyLiteral(options)
  return {
    progress: world.reference(progress.message),
    progressTopic: usual ? undefined : topicWithOptions(progress, options),
  }
}

function idempotent(channel: ActionChannelIr): true | undefined {
  return channel.idempotent ? true : undefined
}

/** What a broadcast adds to the command that it stands for; everything, where it stands for none. */
function broadcastOptions(channel: BroadcastChannelIr, world: ChannelWorld): Options {
  const replies = channel.replies === "none" ? undefined : channel.replies
  const request = channel.legs[0]!
  if (channel.as !== undefined) {
    const source = world.ir.channels.find(({ name }) => name === channel.as)
    const [base, mine] = [
      source?.kind === "command" ? execution(source.command, source.legs[0]!, world) : {},
      execution(channel.command, request, world),
    ]
    const differs = Object.entries(mine).filter(([name, value]) => text(base[name]) !== text(value))
    return { as: channel.as, replies, ...Object.fromEntries(differs) }
  }
  const reply = channel.legs.find(({ name }) => name === "reply")
  return {
    replies,
    reply: reply === undefined ? undefined : topicWithOptions(reply, legOptions(reply, channel, world.ir)),
    response: reply === undefined ? undefined : world.reference(reply.message),
    ...execution(channel.command, request, world),
  }
}

function topicWithOptions(leg: LegIr, options: Options): LiteralValue {
  return isEmptyLiteral(options) ? leg.topic : { topic: leg.topic, ...options }
}

/** Options of a leg that differ from what its kind means, or from what it takes over (`implied`). */
function legOptions(leg: LegIr, channel: ChannelIr, ir: ContractIr, implied: Partial<LegIr> = {}): Options {
  const usual = legDefaults(channel.kind, leg.name)
  const qos = implied.qos ?? usual.qos
  const [accepts, sends] = [implied.accepts ?? ["json"], implied.sends ?? "json"]
  const formats = [leg.sends, ...leg.accepts.filter((format) => format !== leg.sends)]
  const sameFormats = text(leg.accepts) === text(accepts) && leg.sends === sends
  const acknowledge = leg.qos === 0 ? "on-receipt" : usual.acknowledge
  return {
    qos: leg.qos === qos ? undefined : leg.qos,
    expiry: leg.expiryMs === undefined || leg.expiryMs === implied.expiryMs ? undefined : duration(leg.expiryMs),
    formats: sameFormats ? undefined : formats,
    maxBytes: leg.maxBytes === usualMaxBytes(ir, leg.message, leg.accepts) ? undefined : leg.maxBytes,
    acknowledge: leg.acknowledge === acknowledge ? undefined : leg.acknowledge,
    versions: versionsOption(leg),
    queue: text(leg.queue) === text(usual.queue) ? undefined : { ...leg.queue },
    outbox: text(leg.outbox) === text(usual.outbox) ? undefined : { ...leg.outbox },
  }
}

function versionsOption({ versions }: LegIr): LiteralValue | undefined {
  return versions === undefined || versions.kind === "any" ? versions?.kind : { [versions.kind]: versions.field }
}

/** How requests are run, as far as it differs from what is usual. */
function execution(command: CommandSemanticsIr, request: LegIr, { ir }: ChannelWorld): Options {
  const { correlate, outcome, remember } = command
  const type = resolveType(ir, findMessage(ir, request.message)!.type)
  const fields = (value: { readonly [field: string]: JsonValue } | undefined) =>
    value === undefined ? undefined : (valueLiteral(ir, type, value) as { readonly [key: string]: LiteralValue })
  const kept = {
    count: remember.count === EXECUTION.count ? undefined : remember.count,
    bytes: remember.bytes === EXECUTION.bytes ? undefined : remember.bytes,
    for:
      remember.retentionMs === (request.expiryMs ?? REQUEST_EXPIRY_MS) + REMEMBER_BEYOND_EXPIRY_MS
        ? undefined
        : duration(remember.retentionMs),
  }
  return {
    correlate: [
      correlate.request,
      "field" in correlate.reply ? correlate.reply.field : { param: correlate.reply.param },
    ],
    outcome: outcome === undefined ? undefined : { ...outcome, success: [...outcome.success] },
    timeout: command.timeoutMs === EXECUTION.timeoutMs ? undefined : duration(command.timeoutMs),
    executionTimeout:
      command.executionTimeoutMs === command.timeoutMs ? undefined : duration(command.executionTimeoutMs),
    concurrency: command.concurrency === EXECUTION.concurrency ? undefined : command.concurrency,
    queueBound: command.queueBound === EXECUTION.queueBound ? undefined : command.queueBound,
    remember: isEmptyLiteral(kept) ? undefined : kept,
    idempotent: command.idempotent ? true : undefined,
    journal: command.journal === "optional" ? undefined : command.journal,
    preempt: fields(command.preempt),
    onInvalid: fields(command.onInvalid),
    onLinkLost:
      command.onLinkLost === undefined
        ? undefined
        : { ...fields(command.onLinkLost.action), after: duration(command.onLinkLost.afterMs) },
    cancel: command.cancel,
    trustClock: command.trustedClock,
  }
}

/** A literal's identity: two that print alike are alike. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? ""
}
