import type { ChannelIr, ChannelKind, CommandSemanticsIr, LegName, Party } from "@fleetwire/ir"
import type { Template } from "@fleetwire/topic"
import type { TSchema } from "@sinclair/typebox"
import type { Channel, LegOptions } from "./channel.js"
import { article } from "./channel-words.js"
import type { CommandOptions, ReplyTopic } from "./command.js"
import { configReport, versionType } from "./config-report.js"
import { Acceptance, type Place, Report } from "./diagnostic.js"
import { EXECUTION_OPTIONS, lowerCommand } from "./lower-command.js"
import { draftLeg, LEG_OPTIONS, type LegDraft } from "./lower-leg.js"
import type { Messages } from "./lower-messages.js"
import { lowerPresence } from "./lower-presence.js"
import { defined } from "./lower-type.js"
import { OptionReader } from "./options.js"
import { pascalCase } from "./words.js"

const COMMON = ["doc", "deprecated", "since", "from", "accept", ...LEG_OPTIONS]

const OWN: Readonly<Record<ChannelKind, readonly string[]>> = {
  telemetry: ["every"],
  event: ["every"],
  state: ["every"],
  presence: ["online", "offline", "willDelay"],
  command: ["request", "reply", "response", ...EXECUTION_OPTIONS],
  action: ["idempotent"],
  config: ["fleet", "reported", "versionField"],
  broadcast: ["as", "replies", "reply", "response", ...EXECUTION_OPTIONS],
}

/** How long a request is worth something, unless its author says otherwise. */
const REQUEST_EXPIRY_MS = 30_000

/** What lowering a channel needs from the contract around it. */
export interface ChannelScope {
  readonly messages: Messages
  readonly channels: Readonly<Record<string, Channel>>
  /** Names of the roles. */
  readonly roles: readonly string[]
  /** The template of a topic; a bad one is reported once and gives none. */
  template(topic: string, place: Place): Template | undefined
}

/** A channel before its payloads are measured. */
export interface ChannelDraft {
  readonly name: string
  readonly kind: ChannelKind
  readonly from: Party
  /** The one role that may write, where the author named one. */
  readonly fromRole?: string
  readonly legs: readonly LegDraft[]
  readonly place: Place
  readonly accept: Acceptance
  /** Everything of the intermediate form but the legs. */
  readonly rest: WithoutLegs<ChannelIr>
}

type WithoutLegs<C> = C extends unknown ? Omit<C, "legs"> : never

/** Reads one channel: legs in the order of their names, semantics by kind. */
export function draftChannel(name: string, channel: Channel, scope: ChannelScope): ChannelDraft {
  const { messages } = scope
  const { report } = messages
  const place: Place = { path: `channels.${name}`, at: channel.at }
  const options = new OptionReader(channel.options, place, report)
  options.only([...COMMON, ...OWN[channel.kind], "retain"])
  if (options.has("retain")) reportRetain(channel.kind, place, report)
  const accept = new Acceptance(acceptTable(options))
  const { from, fromRole } = readFrom(channel, options, place, scope)
  const message = messages.add(channel.message, place, pascalCase(name))
  const doc = options.text("doc")
  const everyMs = options.duration("every")
  const reasons = acceptTable(options)
  const base = {
    name,
    from,
    ...defined({ doc, deprecated: options.text("deprecated"), since: options.text("since") }),
    ...(everyMs !== undefined && { everyMs }),
    ...(Object.keys(reasons).length > 0 && { accept: reasons }),
  }
  const leg = (legName: LegName, topic: string, legMessage: string, party: Party, legOptions: LegOptions): LegDraft => {
    const path = legName === "message" ? place.path : `${place.path}.${legName}`
    scope.template(topic, { ...place, path })
    return draftLeg(
      {
        channel: name,
        kind: channel.kind,
        name: legName,
        topic,
        message: legMessage,
        from: party,
        options: legOptions,
        place: { ...place, path },
        accept,
      },
      report,
    )
  }
  const finish = (legs: readonly LegDraft[], rest: object): ChannelDraft => ({
    name,
    kind: channel.kind,
    from,
    ...(fromRole !== undefined && { fromRole }),
    legs,
    place,
    accept,
    rest: { kind: channel.kind, ...base, ...rest } as WithoutLegs<ChannelIr>,
  })
  const own = channel.options as LegOptions
  const opposite: Party = from === "device" ? "controller" : "device"

  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return finish([leg("message", channel.topic, message, from, own)], {})
    case "presence":
      return finish(
        [leg("message", channel.topic, message, from, own)],
        lowerPresence(message, options, place, messages),
      )
    case "action": {
      const request = leg("request", channel.topic, message, from, { expiry: "30 s", ...own })
      const idempotent = options.flag("idempotent") ?? false
      if (request.qos > 0 && !idempotent) report.add("contract/action-not-idempotent", place, {}, accept)
      return finish([request], { idempotent })
    }
    case "command": {
      const request = leg("request", channel.topic, message, from, { expiry: "30 s", ...own })
      const { reply, response } = channel.options as CommandOptions<TSchema, TSchema, ReplyTopic>
      const responseName = messages.add(response, place, `${pascalCase(name)}Response`)
      const { topic, legOptions } = readReply(reply, own)
      const replyLeg = leg("reply", topic, responseName, opposite, legOptions)
      const replyTemplate = scope.template(topic, place)
      const command = lowerCommand(
        {
          request: message,
          response: responseName,
          ...(replyTemplate && { replyTemplate }),
          expiryMs: request.expiryMs ?? REQUEST_EXPIRY_MS,
          options: channel.options,
          place,
          accept,
          report,
        },
        messages,
      )
      return finish([request, replyLeg], { command })
    }
    case "config": {
      const versionField = options.text("versionField") ?? "version"
      const fleet = options.text("fleet")
      const reported = readReported(options, channel.topic)
      const reportName = `${message}Report`
      messages.builtIn(configReport(message, versionType(message, versionField, place, messages)))
      const legs = [leg("desired", channel.topic, message, "controller", own)]
      if (fleet !== undefined) legs.push(leg("fleet", fleet, message, "controller", own))
      legs.push(leg("reported", reported.topic, reportName, "device", reported.legOptions))
      return finish(legs, { versionField })
    }
    case "broadcast":
      return finish(...lowerBroadcast(name, channel, message, own, options, scope, leg, place, accept))
  }
}

function reportRetain(kind: ChannelKind, place: Place, report: Messages["report"]): void {
  const kept = kind === "state" || kind === "presence" || kind === "config"
  const retained = kept ? "always retained" : "never retained"
  const advice = kept ? "remove it" : "remove it; what must be there for late readers is a state or a config"
  report.add("contract/retain-option", place, { kind: article(kind), retained, advice })
}

type MakeLeg = (name: LegName, topic: string, message: string, from: Party, options: LegOptions) => LegDraft

function lowerBroadcast(
  name: string,
  channel: Channel,
  message: string,
  own: LegOptions,
  options: OptionReader,
  scope: ChannelScope,
  leg: MakeLeg,
  place: Place,
  accept: Acceptance,
): [readonly LegDraft[], object] {
  const { messages } = scope
  const { report } = messages
  const request = leg("request", channel.topic, message, "controller", { expiry: "30 s", ...own })
  const replies = options.oneOf("replies", ["none", "each"]) ?? "none"
  const as = options.text("as")
  const source = as === undefined ? undefined : asCommand(as, message, scope, place)
  const written = { ...(source?.options as object | undefined), ...(channel.options as object) }
  const merged = written as Partial<CommandOptions<TSchema, TSchema, ReplyTopic>>
  const { reply, response } = merged
  const legs = [request]
  let responseName: string | undefined
  let replyTemplate: Template | undefined
  if (replies === "each") {
    if (reply === undefined || response === undefined) {
      const needed = reply === undefined ? "a reply topic" : "a response"
      report.add("contract/broadcast-reply", place, { needed })
    } else {
      responseName = messages.add(response, place, `${pascalCase(name)}Response`)
      const { topic, legOptions } = readReply(reply, {})
      legs.push(leg("reply", topic, responseName, "device", legOptions))
      replyTemplate = scope.template(topic, place)
    }
  }
  const command: CommandSemanticsIr = lowerCommand(
    {
      request: message,
      ...(responseName !== undefined && { response: responseName }),
      ...(replyTemplate !== undefined && { replyTemplate }),
      expiryMs: request.expiryMs ?? REQUEST_EXPIRY_MS,
      options: written,
      place,
      accept,
      // What the broadcast takes over unchanged was reported with the command.
      report: source === undefined || EXECUTION_OPTIONS.some((option) => options.has(option)) ? report : new Report(),
    },
    messages,
  )
  return [legs, { replies, ...(as !== undefined && { as }), command }]
}

function asCommand(as: string, message: string, scope: ChannelScope, place: Place): Channel | undefined {
  const { messages } = scope
  const found = Object.hasOwn(scope.channels, as) ? scope.channels[as] : undefined
  const add = (problem: string) => messages.report.add("contract/broadcast-as", place, { as, problem })
  if (found === undefined) add("is no channel")
  else if (found.kind !== "command") add(`is no command but ${found.kind}`)
  else if (messages.add(found.message, place, pascalCase(as)) !== message) add("has another request message")
  else return found
  return undefined
}

function readReply(reply: ReplyTopic, inherited: LegOptions): { topic: string; legOptions: LegOptions } {
  if (typeof reply === "string") {
    const { formats, sends, qos } = inherited
    return { topic: reply, legOptions: defined({ formats, sends, qos }) as LegOptions }
  }
  // A reply that is no topic is reported by the template's parser.
  const { topic, ...legOptions } = typeof reply === "object" && reply !== null ? reply : { topic: reply }
  return { topic, legOptions }
}

function readReported(options: OptionReader, desired: string): { topic: string; legOptions: LegOptions } {
  const written = options.raw("reported")
  const fallback = `${String(desired)}/reported`
  if (typeof written === "string") return { topic: written, legOptions: {} }
  const { topic, ...legOptions } = (options.object("reported") ?? {}) as LegOptions & { readonly topic?: string }
  return { topic: topic ?? fallback, legOptions }
}

function acceptTable(options: OptionReader): Readonly<Record<string, string>> {
  const table = options.object("accept") ?? {}
  return Object.fromEntries(
    Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  )
}

function readFrom(
  channel: Channel,
  options: OptionReader,
  place: Place,
  scope: ChannelScope,
): { readonly from: Party; readonly fromRole?: string } {
  const { report } = scope.messages
  const usual: Party = ["command", "action", "config", "broadcast"].includes(channel.kind) ? "controller" : "device"
  const written = options.text("from")
  if (written === undefined) return { from: usual }
  const party: Party = written === "device" ? "device" : "controller"
  if (written !== party && !scope.roles.includes(written)) {
    const known = ["device", "controller", ...scope.roles].map((role) => `\`${role}\``).join(", ")
    report.add("contract/from", place, { from: written, known })
    return { from: usual }
  }
  const fixed =
    channel.kind === "presence" ? "device" : ["config", "broadcast"].includes(channel.kind) ? "controller" : undefined
  if (fixed !== undefined && party !== fixed) {
    report.add("contract/from-fixed", place, {
      kind: article(channel.kind),
      fixed: `the ${fixed}`,
      from: `the ${party}`,
    })
    return { from: usual }
  }
  return { from: party, ...(written !== party && { fromRole: written }) }
}
