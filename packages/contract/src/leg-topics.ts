import type { LegOptions } from "./channel.js"
import type { ReplyTopic } from "./command.js"
import { defined } from "./defined.js"
import type { OptionReader } from "./options.js"

/** The reply's topic and options; formats and QoS of the request unless it says otherwise. */
export function readReply(reply: ReplyTopic, inherited: LegOptions): { topic: string; legOptions: LegOptions } {
  if (typeof reply === "string") {
    const { formats, sends, qos } = inherited
    return { topic: reply, legOptions: defined({ formats, sends, qos }) as LegOptions }
  }
  // A reply that is no topic is reported by the template's parser.
  const { topic, ...legOptions } = typeof reply === "object" && reply !== null ? reply : { topic: reply }
  return { topic, legOptions }
}

/** The topic and options of a config's report. */
export function readReported(options: OptionReader, desired: string): { topic: string; legOptions: LegOptions } {
  const written = options.raw("reported")
  const fallback = `${String(desired)}/reported`
  if (typeof written === "string") return { topic: written, legOptions: {} }
  const { topic, ...legOptions } = (options.object("reported") ?? {}) as LegOptions & { readonly topic?: string }
  return { topic: topic ?? fallback, legOptions }
}
