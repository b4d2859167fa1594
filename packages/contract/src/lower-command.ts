import type { CommandSemanticsIr } from "@fleetwire/ir"
import type { CommandRequest } from "./command-request.js"
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
  checkPreempt({ preempt, onInvalid, onLinkLost: onLinkLost?.action }, command)
  const remember = options.inside("remember")
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
