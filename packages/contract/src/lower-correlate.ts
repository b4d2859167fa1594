import type { CommandSemanticsIr } from "@fleetwire/ir"
import { type CommandRequest, objectOf } from "./command-request.js"
import type { Messages } from "./lower-messages.js"
import { type OptionReader, show } from "./options.js"

/** Characters of an id of 96 random bits in hexadecimal, as engines write it: the least an id field must hold. */
const ID_ROOM = 24

/** How a reply finds its request: as written, or by what both spell alike. */
export function lowerCorrelate(
  command: CommandRequest,
  options: OptionReader,
  messages: Messages,
): CommandSemanticsIr["correlate"] {
  const { place, report } = command
  const fields = objectOf(command.request, messages)?.fields ?? []
  const replyFields = objectOf(command.response, messages)?.fields ?? []
  const params = command.replyTemplate?.params ?? []
  const listed = options.list("correlate")
  if (listed === undefined) {
    const byParam = fields.find(({ name }) => params.includes(name))
    if (byParam !== undefined) return settle(byParam.name, { param: byParam.name })
    const ids = fields.filter(({ name, auto }) => auto === "id" || /^(id|.*_id|.*Id)$/.test(name))
    const shared = ids.find(
      ({ name }) => command.response === undefined || replyFields.some((reply) => reply.name === name),
    )
    if (shared === undefined) report.add("contract/correlate", place)
    return settle(shared?.name, { field: shared?.name ?? "id" })
  }
  const [request, reply] = listed
  if (typeof request !== "string" || listed.length !== 2) {
    const expected = "the request's field and the reply's"
    const example = '`["id", "command_id"]` or `["id", { param: "request_id" }]`'
    report.add("contract/option-value", place, { option: "correlate", received: show(listed), expected, example })
    return { request: "id", reply: { field: "id" } }
  }
  const param = typeof reply === "object" && reply !== null ? (reply as { param?: unknown }).param : undefined
  if (typeof param === "string") {
    if (!params.includes(param)) {
      report.add("contract/correlate-param", place, { param, topic: command.replyTemplate?.text ?? "" })
    }
    return settle(request, { param })
  }
  return settle(request, { field: String(reply) })

  function settle(
    name: string | undefined,
    back: { readonly field: string } | { readonly param: string },
  ): CommandSemanticsIr["correlate"] {
    if (name !== undefined) checkIdField(command.request, name, command, messages)
    if ("field" in back && command.response !== undefined && name !== undefined) {
      checkIdField(command.response, back.field, command, messages)
    }
    const preset = fields.find((field) => field.name === name)?.default
    return { request: name ?? "id", ...(typeof preset === "string" && { anonymous: preset }), reply: back }
  }
}

function checkIdField(message: string, name: string, command: CommandRequest, messages: Messages): void {
  const { place, report } = command
  const fields = objectOf(message, messages)?.fields ?? []
  const field = fields.find((candidate) => candidate.name === name)
  if (field === undefined) {
    const known = fields.map((candidate) => `\`${candidate.name}\``).join(", ") || "none"
    report.add("contract/correlate-field", place, { message, field: name, known })
    return
  }
  const room = field.type.kind === "string" ? (field.type.maxLength ?? Number.POSITIVE_INFINITY) : 0
  if (room < ID_ROOM) report.add("contract/correlate-type", place, { message, field: name, room: ID_ROOM })
  messages.setAuto(message, name, "id")
}
