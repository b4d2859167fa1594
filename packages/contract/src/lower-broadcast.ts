import type { CommandSemanticsIr } from "@fleetwire/ir"
import type { Template } from "@fleetwire/topic"
import type { TSchema } from "@sinclair/typebox"
import type { Channel, LegOptions } from "./channel.js"
import { type ChannelScope, type MakeLeg, REQUEST_EXPIRY_MS } from "./channel-draft.js"
import type { CommandOptions, ReplyTopic } from "./command.js"
import { type Acceptance, type Place, Report } from "./diagnostic.js"
import { readReply } from "./leg-topics.js"
import { EXECUTION_OPTIONS, lowerCommand } from "./lower-command.js"
import type { LegDraft } from "./lower-leg.js"
import type { OptionReader } from "./options.js"
import { pascalCase } from "./words.js"

/** A broadcast as its channel was read so far. */
export interface BroadcastParts {
  readonly name: string
  readonly channel: Channel
  readonly message: string
  readonly options: OptionReader
  readonly place: Place
  readonly accept: Acceptance
}

/** Reads a broadcast: its legs, and how requests are run, taken over from the command that it stands for. */
export function lowerBroadcast(
  { name, channel, message, options, place, accept }: BroadcastParts,
  leg: MakeLeg,
  scope: ChannelScope,
): [readonly LegDraft[], object] {
  const own = channel.options as LegOptions
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
