import type { ChannelKind, LegName, Party } from "@fleetwire/ir"
import type { TSchema } from "@sinclair/typebox"
import type { Channel, LegOptions } from "./channel.js"
import { type ChannelDraft, type ChannelRest, type ChannelScope, REQUEST_EXPIRY_MS } from "./channel-draft.js"
import { article } from "./channel-words.js"
import type { CommandOptions, ReplyTopic } from "./command.js"
import { configReport, versionType } from "./config-report.js"
import { defined } from "./defined.js"
import { Acceptance, type Place } from "./diagnostic.js"
import { readReply, readReported } from "./leg-topics.js"
import { lowerBroadcast } from "./lower-broadcast.js"
import { EXECUTION_OPTIONS, lowerCommand } from "./lower-command.js"
import { draftLeg, LEG_OPTIONS, type LegDraft } from "./lower-leg.js"
import type { Messages } from "./lower-messages.js"
import { lowerPresence } from "./lower-presence.js"
import { lowerProgress } from "./lower-progress.js"
import { OptionReader } from "./options.js"
import { pascalCase } from "./words.js"

const COMMON = ["doc", "deprecated", "since", "from", "accept", ...LEG_OPTIONS]

const OWN: Readonly<Record<ChannelKind, readonly string[]>> = {
  telemetry: ["every", "deadLetter"],
  event: ["every", "deadLetter"],
  state: ["every", "deadLetter"],
  presence: ["online", "offline", "willDelay"],
  command: ["request", "reply", "response", "progress", "progressTopic", ...EXECUTION_OPTIONS],
  action: ["idempotent"],
  config: ["fleet", "reported", "versionField"],
  broadcast: ["as", "replies", "reply", "response", ...EXECUTION_OPTIONS],
}

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
    rest: { kind: channel.kind, ...base, ...rest } as ChannelRest,
  })
  const own = channel.options as LegOptions
  const opposite: Party = from === "device" ? "controller" : "device"

  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return finish(
        [leg("message", channel.topic, message, from, own)],
        defined({ deadLetter: options.text("deadLetter") }),
      )
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
      const progress = lowerProgress({ name, options, topic, legOptions, command, party: opposite }, leg, messages)
      return finish([request, replyLeg, ...progress], { command })
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
      return finish(...lowerBroadcast({ name, channel, message, options, place, accept }, leg, scope))
  }
}

function reportRetain(kind: ChannelKind, place: Place, report: Messages["report"]): void {
  const kept = kind === "state" || kind === "presence" || kind === "config"
  const retained = kept ? "always retained" : "never retained"
  const advice = kept ? "remove it" : "remove it; what must be there for late readers is a state or a config"
  report.add("contract/retain-option", place, { kind: article(kind), retained, advice })
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
