import type { OutcomeIr } from "@fleetwire/ir"
import { type CommandRequest, objectOf } from "./command-request.js"
import { defined } from "./defined.js"
import { lowerLiteral } from "./literal.js"
import type { Messages } from "./lower-messages.js"
import { OptionReader } from "./options.js"

/** How a reply says success or failure. */
export function lowerOutcome(
  command: CommandRequest,
  options: OptionReader,
  messages: Messages,
): OutcomeIr | undefined {
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
