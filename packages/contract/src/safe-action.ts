import type { CommandSemanticsIr, JsonValue } from "@fleetwire/ir"
import { type CommandRequest, objectOf } from "./command-request.js"
import { lowerLiteral } from "./literal.js"
import type { Messages } from "./lower-messages.js"
import type { OptionReader } from "./options.js"

/** Fields of a request with fixed values. */
export type Fields = { readonly [field: string]: JsonValue }

/** Fields as the author wrote them under an option. */
export interface WrittenFields {
  readonly option: string
  readonly written: Readonly<Record<string, unknown>> | undefined
  /** They must be a request by themselves. */
  readonly whole?: boolean
}

/** Fields of a request with fixed values; `whole` where they must be a request by themselves. */
export function lowerFields(
  { option, written, whole }: WrittenFields,
  command: CommandRequest,
  messages: Messages,
): Fields | undefined {
  if (written === undefined) return undefined
  const { report } = command
  const place = { ...command.place, path: `${command.place.path}.${option}` }
  const object = objectOf(command.request, messages)
  if (object === undefined) {
    report.add("contract/safe-action", place, { option, message: command.request, problem: "it is no object" })
    return undefined
  }
  const literal = lowerLiteral(object, written, { messages: messages.find, partial: true })
  if (!literal.ok) {
    const where = literal.path === "" ? "" : `${literal.path}: `
    report.add("contract/safe-action", place, {
      option,
      message: command.request,
      problem: `${where}${literal.problem}`,
    })
    return undefined
  }
  const value = literal.value as Fields
  if (whole === true) {
    for (const { name, required, auto } of object.fields) {
      if (required && auto === undefined && value[name] === undefined) {
        report.add("contract/safe-action-incomplete", place, { option, field: name })
      }
    }
  }
  return value
}

/** The safe action of a lost link, and how long the link has been lost by then. */
export function lowerLinkLost(
  command: CommandRequest,
  options: OptionReader,
  messages: Messages,
): CommandSemanticsIr["onLinkLost"] {
  const written = options.object("onLinkLost")
  if (written === undefined) return undefined
  const { after: _after, ...fields } = written
  const reader = options.inside("onLinkLost")
  const afterMs = reader.duration("after")
  if (!reader.has("after")) {
    const values = { option: "after", received: "missing", expected: "a duration", example: '`after: "2 s"`' }
    command.report.add("contract/option-value", reader.place, values)
  }
  const action = lowerFields({ option: "onLinkLost", written: fields, whole: true }, command, messages)
  return action === undefined || afterMs === undefined ? undefined : { action, afterMs }
}

/** A safe action must be what callers can ask for at any load (C-8). */
export function checkPreempt(
  actions: {
    readonly preempt: Fields | undefined
    readonly onInvalid: Fields | undefined
    readonly onLinkLost: Fields | undefined
  },
  { place, report, accept }: CommandRequest,
): void {
  const { preempt, ...safe } = actions
  for (const [option, fields] of Object.entries(safe)) {
    if (fields === undefined) continue
    if (preempt === undefined) {
      report.add("contract/no-preempt", place, { preempt: JSON.stringify(fields) })
      return
    }
    const matched = Object.entries(preempt).every(
      ([name, value]) => JSON.stringify(fields[name]) === JSON.stringify(value),
    )
    if (!matched) report.add("contract/preempt-safe", place, { option }, accept)
  }
}
