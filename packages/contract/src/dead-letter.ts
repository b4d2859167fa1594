import type { ObjectIr } from "@fleetwire/ir"
import type { ChannelDraft } from "./channel-draft.js"
import type { CheckScope } from "./check-scope.js"
import { message } from "./message.js"
import { t } from "./t.js"

/** What a reader publishes of a message that its handler could not handle (M-3): make an event from the controller of it. */
export const DeadLetter = message(
  "DeadLetter",
  {
    timestamp: t.unixSeconds({ auto: "now", doc: "When the handler gave up." }),
    channel: t.string({ maxLength: 128, doc: "The leg, such as `alarm.message`." }),
    topic: t.string({ maxLength: 512 }),
    content_type: t.optional(t.string({ maxLength: 128, doc: "As it came, at MQTT 5." })),
    code: t.string({ maxLength: 32, doc: "Code of the last error." }),
    reason: t.string({ maxLength: 200, doc: "For humans." }),
    payload: t.bytes({ maxLength: 65_536, doc: "As it came." }),
  },
  { doc: "A message that its reader could not handle." },
)

const NEEDED = { channel: "string", topic: "string", code: "string", reason: "string", payload: "bytes" } as const

/** Whoever reads a channel must be able to publish where it says that failures go, and that must be able to hold them. */
export function checkDeadLetter(draft: ChannelDraft, { ir, drafts, report }: CheckScope): void {
  const wanted = "deadLetter" in draft.rest ? draft.rest.deadLetter : undefined
  if (wanted === undefined) return
  const add = (problem: string): void => report.add("contract/dead-letter", draft.place, { wanted, problem })
  const target = drafts.find(({ name }) => name === wanted)
  const type = ir.messages.find(({ name }) => name === target?.legs[0]?.message)?.type
  if (target === undefined) add("is no channel")
  else if (draft.from !== "device") add("serves controllers only, and devices read this channel")
  else if (target.kind !== "event" || target.from !== "controller") add("is no event from the controller")
  else if (target.legs.some(({ topic }) => topic.includes("{"))) add("has a param in its topic")
  else if (type?.kind !== "object" || !holdsDeadLetters(type)) add("has another message than `DeadLetter`")
  for (const role of ir.roles) {
    if (role.read.includes(`${draft.name}.message`) && !role.publish.includes(`${wanted}.message`)) {
      add(`is not published by role \`${role.name}\`, which reads \`${draft.name}\``)
    }
  }
}

function holdsDeadLetters(type: ObjectIr): boolean {
  const others = type.fields.filter(({ name }) => !Object.hasOwn(NEEDED, name))
  return (
    Object.entries(NEEDED).every(([name, kind]) =>
      type.fields.some((field) => field.name === name && field.type.kind === kind),
    ) && others.every((field) => !field.required || field.auto !== undefined)
  )
}
