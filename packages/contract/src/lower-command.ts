import type { CommandSemanticsIr } from "@fleetwire/ir"
import { type CommandRequest, objectOf } from "./command-request.js"
import { lowerCorrelate } from "./lower-correlate.js"
import type { Messages } from "./lower-messages.js"
import { lowerOutcome } from "./lower-outcome.js"
import { OptionReader } from "./options.js"
import { checkPreempt, lowerFields, lowerLinkLost } from "./safe-action.js"

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
  "trustClock",
]

const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_QUEUE_BOUND = 16
const REMEMBERED = { count: 256, bytes: 65_536 }
/** How much longer than the expiry an id is kept (C-3). */
const REMEMBER_BEYOND_EXPIRY_MS = 60_000

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
  const preempt = lowerFields({ option: "preempt", written: options.object("preempt") }, command, messages)
  const safe = { option: "onInvalid", written: options.object("onInvalid"), whole: true }
  const onInvalid = lowerFields(safe, command, messages)
  const onLinkLost = lowerLinkLost(command, options, messages)
  // Where what is written does not fit, that is what its author is told.
  if (preempt !== undefined || !options.has("preempt"))
    checkPreempt({ preempt, onInvalid, onLinkLost: onLinkLost?.action }, command)
  const remember = options.inside("remember")
  remember.only(["count", "bytes", "for"])
  const retentionMs = remember.duration("for", 0) ?? expiryMs + REMEMBER_BEYOND_EXPIRY_MS
  if (retentionMs <= expiryMs) report.add("contract/remember", place, { kept: retentionMs, expiry: expiryMs })
  const cancel = options.flag("cancel")
  const trustedClock = lowerTrustedClock(command, options, messages)
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
    journal: options.oneOf("journal", ["none", "optional", "required"]) ?? "optional",
    ...(preempt !== undefined && { preempt }),
    ...(onInvalid !== undefined && { onInvalid }),
    ...(onLinkLost !== undefined && { onLinkLost }),
    ...(cancel !== undefined && { cancel }),
    ...(trustedClock !== undefined && { trustedClock }),
  }
}

/** The field by whose time a request expires; it must be one that holds a moment. */
function lowerTrustedClock(command: CommandRequest, options: OptionReader, messages: Messages): string | undefined {
  const name = options.text("trustClock")
  if (name === undefined) return undefined
  const field = objectOf(command.request, messages)?.fields.find((candidate) => candidate.name === name)
  const moment =
    (field?.type.kind === "int" && (field.type.epoch === "unix-seconds" || field.type.epoch === "unix-milliseconds")) ||
    (field?.type.kind === "string" && field.type.format === "date-time")
  if (moment && field?.required === true) return name
  command.report.add("contract/trust-clock", command.place, { message: command.request, field: name })
  return undefined
}
