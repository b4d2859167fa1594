import type { CommandSemanticsIr, Party } from "@fleetwire/ir"
import type { TSchema } from "@sinclair/typebox"
import type { LegOptions } from "./channel.js"
import type { MakeLeg } from "./channel-draft.js"
import type { ReplyTopic } from "./command.js"
import { objectOf } from "./command-request.js"
import { readReply } from "./leg-topics.js"
import type { LegDraft } from "./lower-leg.js"
import type { Messages } from "./lower-messages.js"
import type { OptionReader } from "./options.js"
import { pascalCase } from "./words.js"

/** A command as it was read so far: its reply's topic and options, and how a reply finds its request. */
export interface ProgressParts {
  readonly name: string
  readonly options: OptionReader
  readonly topic: string
  readonly legOptions: LegOptions
  readonly command: CommandSemanticsIr
  /** Who answers. */
  readonly party: Party
}

/** The leg of what a handler says while it runs (C-12); none where the command declares nothing of the kind. */
export function lowerProgress(parts: ProgressParts, leg: MakeLeg, messages: Messages): readonly LegDraft[] {
  const { name, options, command, party } = parts
  const { report, place } = options
  const written = options.raw("progress") as TSchema | undefined
  if (written === undefined) {
    if (options.has("progressTopic")) report.add("contract/progress-topic", place)
    return []
  }
  const message = messages.add(written, place, `${pascalCase(name)}Progress`)
  const { qos, formats, sends } = parts.legOptions
  const inherited = { ...(qos !== undefined && { qos }), ...(formats && { formats }), ...(sends && { sends }) }
  const { topic, legOptions } = readReply(
    (options.raw("progressTopic") as ReplyTopic | undefined) ?? `${parts.topic}/progress`,
    inherited,
  )
  const { reply } = command.correlate
  if ("field" in reply) {
    const field = objectOf(message, messages)?.fields.find((candidate) => candidate.name === reply.field)
    if (field?.type.kind !== "string") report.add("contract/progress-id", place, { message, field: reply.field })
    else messages.setAuto(message, reply.field, "id")
  }
  return [leg("progress", topic, message, party, { ...inherited, ...legOptions })]
}
