import type { CommandSemanticsIr, LegIr, ObjectIr } from "@fleetwire/ir"
import { type Code, code, doc, join, key, string } from "../core/code.js"
import { pascalCase, wordsOf } from "../core/name-policy.js"
import { type ClientWorld, messageOf } from "./client-plan.js"
import { isSpared } from "./type-expression.js"

/** What a handler returns: often less than a sender of the message hands over. */
export interface ReplyInput {
  readonly type: Code
  /** The type's declaration, for the file of the client. */
  readonly declaration: Code
}

/**
 * The reply of a command's handler: the request's id and the outcome of success are written by the engine, so both may
 * be left out, as may whatever a sender may leave out anyway.
 */
export function replyInput(channel: string, leg: LegIr, command: CommandSemanticsIr, world: ClientWorld): ReplyInput {
  const input = messageOf(leg, "input", world)
  const type = world.types.message(leg.message).type
  const spared = type.kind === "object" ? sparedFields(type, command) : []
  const name = world.local(`${pascalCase(wordsOf(channel))}Reply`, `reply ${channel}`)
  const words = doc(`What a handler of \`${channel}\` returns: the SDK writes the rest, success included.`)
  if (spared.length === 0) {
    return {
      type: code`${name}`,
      declaration: code`
        ${words}
        export type ${name} = ${input}
      `,
    }
  }
  const omitted = join(
    spared.map((field) => string(field)),
    code` | `,
  )
  return {
    type: code`${name}`,
    declaration: code`
      ${words}
      export interface ${name} extends Omit<${input}, ${omitted}> {
        ${spared.map((field) => code`readonly ${key(field)}?: ${input}[${string(field)}]`)}
      }
    `,
  }
}

function sparedFields(type: ObjectIr, command: CommandSemanticsIr): readonly string[] {
  const reply = command.correlate.reply
  const written = ["field" in reply ? reply.field : undefined, command.outcome?.field]
  return type.fields
    .filter((field) => field.required && !isSpared(field, true) && written.includes(field.name))
    .map((field) => field.name)
}
