import type { CommandSemanticsIr, JsonValue, ObjectIr, OutcomeIr } from "@fleetwire/ir"
import type { Template } from "@fleetwire/topic"
import type { Acceptance, Place, Report } from "./diagnostic.js"
import { lowerLiteral } from "./literal.js"
import type { Messages } from "./lower-messages.js"
import { defined } from "./lower-type.js"
import { OptionReader, show } from "./options.js"

/** Options of a command that say how requests are run. */
export const EXECUTION_OPTIONS = [
  "correlate",
  "outcome",
  "timeout",
  "executionTimeout",
  "concurrency",
  "queueBound",
  "preempt",
  "onInvalid",
  "onLinkLost",
  "remember",
  "idempotent",
  "journal",
  "cancel",
]

const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_QUEUE_BOUND = 16
const REMEMBERED = { count: 256, bytes: 65_536 }
/** How much longer than the expiry an id is kept (C-3). */
const REMEMBER_BEYOND_EXPIRY_MS = 60_000
/** Characters of an id of 96 random bits in hexadecimal, as engines write it: the least an id field must hold. */
const ID_ROOM = 24

export interface CommandRequest {
  readonly request: string
  /** Absent where nobody answers. */
  readonly response?: string
  readonly replyTemplate?: Template
  readonly expiryMs: number
  readonly options: object
  readonly place: Place
  readonly accept: Acceptance
  readonly report: Report
}

/** Reads how requests are run, and fills in what was not said. */
export function lowerCommand(command: CommandRequest, messages: Messages): CommandSemanticsIr {
  const { place, accept, expiryMs, report } = command
  const options = new OptionReader(command.options, place, report)
  const timeoutMs = options.duration("timeout") ?? DEFAULT_TIMEOUT_MS
  if (expiryMs < timeoutMs) {
    report.add("contract/expiry-timeout", place, { expiry: expiryMs, timeout: timeoutMs }, accept)
  }
  const correlate = lowerCorrelate(command, options, messages)
  const outcome = lowerOutcome(command, options, messages)
  const preempt = lowerFields("preempt", options.object("preempt"), command, messages, false)
  const onInvalid = lowerFields("onInvalid", options.object("onInvalid"), command, messages, true)
  const onLinkLost = lowerLinkLost(command, options, messages)
  checkPreempt({ preempt, onInvalid, onLinkLost: onLinkLost?.action }, place, report, accept)
  const remember = new OptionReader(
    options.object("remember") ?? {},
    { ...place, path: `${place.path}.remember` },
    report,
  )
  remember.only(["count", "bytes", "for"])
  const retentionMs = remember.duration("for") ?? expiryMs + REMEMBER_BEYOND_EXPIRY_MS
  if (retentionMs <= expiryMs) report.add("contract/remember", place, { kept: retentionMs, expiry: expiryMs })
  const cancel = options.flag("cancel")
  return {
    correlate,
    ...(outcome !== undefined && { outcome }),
    timeoutMs,
    executionTimeoutMs: options.duration("executionTimeout") ?? timeoutMs,
    concurrency: options.count("concurrency", 1) ?? 1,
    queueBound: options.count("queueBound") ?? DEFAULT_QUEUE_BOUND,
    remember: {
      count: remember.count("count", 1) ?? REMEMBERED.count,
      bytes: remember.size("bytes") ?? REMEMBERED.bytes,
      retentionMs,
    },
    idempotent: options.flag("idempotent") ?? false,
    journal: options.oneOf("journal", ["none", "optional", "required"]) ?? "none",
    ...(preempt !== undefined && { preempt }),
    ...(onInvalid !== undefined && { onInvalid }),
    ...(onLinkLost !== undefined && { onLinkLost }),
    ...(cancel !== undefined && { cancel }),
  }
}

function objectOf(name: string | undefined, messages: Messages): ObjectIr | undefined {
  const type = name === undefined ? undefined : messages.find(name)?.type
  return type?.kind === "object" ? type : undefined
}

function lowerCorrelate(
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
    return { request: name ?? "id", reply: back }
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

function lowerOutcome(command: CommandRequest, options: OptionReader, messages: Messages): OutcomeIr | undefined {
  const { place, accept, response, report } = command
  if (response === undefined) return undefined
  const written = options.object("outcome")
  if (written === undefined) {
    report.add("contract/no-outcome", place, {}, accept)
    return undefined
  }
  const here = { ...place, path: `${place.path}.outcome` }
  const outcome = new OptionReader(written, here, report)
  outcome.only(["field", "success", "failure", "code", "detail", "retryAfterMs"])
  const names = {
    field: outcome.text("field"),
    code: outcome.text("code"),
    detail: outcome.text("detail"),
    retryAfterMs: outcome.text("retryAfterMs"),
  }
  const success = outcome.texts("success") ?? []
  const failure = outcome.text("failure")
  if (names.field === undefined || failure === undefined || success.length === 0) {
    report.add("contract/outcome", here, {
      problem: "it needs `field`, `success` and `failure`",
      advice: "add what is missing",
    })
    return undefined
  }
  const fields = objectOf(response, messages)?.fields ?? []
  for (const [option, name] of Object.entries(names)) {
    if (name !== undefined && !fields.some((field) => field.name === name)) {
      const known = fields.map((field) => `\`${field.name}\``).join(", ") || "none"
      report.add("contract/outcome", here, {
        problem: `\`${response}\` has no field \`${name}\` for \`${option}\``,
        advice: `name one of ${known}`,
      })
    }
  }
  const type = fields.find((field) => field.name === names.field)?.type
  for (const value of [...success, failure]) {
    const literal = type === undefined ? undefined : lowerLiteral(type, value, { messages: messages.find })
    if (literal?.ok === false) {
      report.add("contract/outcome", here, {
        problem: `\`${value}\` does not fit \`${names.field}\`: ${literal.problem}`,
        advice: "use a value of the field",
      })
    }
  }
  if (success.includes(failure)) {
    report.add("contract/outcome", here, {
      problem: `\`${failure}\` is both success and failure`,
      advice: "let them differ",
    })
  }
  const { field, ...rest } = names
  return { field, success, failure, ...defined(rest) }
}

type Fields = { readonly [field: string]: JsonValue }

function lowerFields(
  option: string,
  written: Readonly<Record<string, unknown>> | undefined,
  command: CommandRequest,
  messages: Messages,
  whole: boolean,
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
  if (whole) {
    for (const { name, required, auto } of object.fields) {
      if (required && auto === undefined && value[name] === undefined) {
        report.add("contract/safe-action-incomplete", place, { option, field: name })
      }
    }
  }
  return value
}

function lowerLinkLost(
  command: CommandRequest,
  options: OptionReader,
  messages: Messages,
): CommandSemanticsIr["onLinkLost"] {
  const written = options.object("onLinkLost")
  if (written === undefined) return undefined
  const { after: _after, ...fields } = written
  const place = { ...command.place, path: `${command.place.path}.onLinkLost` }
  const reader = new OptionReader(written, place, command.report)
  const afterMs = reader.duration("after")
  if (!reader.has("after")) {
    const values = { option: "after", received: "missing", expected: "a duration", example: '`after: "2 s"`' }
    command.report.add("contract/option-value", place, values)
  }
  const action = lowerFields("onLinkLost", fields, command, messages, true)
  return action === undefined || afterMs === undefined ? undefined : { action, afterMs }
}

function checkPreempt(
  actions: {
    readonly preempt: Fields | undefined
    readonly onInvalid: Fields | undefined
    readonly onLinkLost: Fields | undefined
  },
  place: Place,
  report: Report,
  accept: Acceptance,
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
