import { type CommandSemanticsIr, canonicalJson, type JsonValue } from "@fleetwire/ir"
import type { ChannelChange } from "./channel-change.js"
import type { Verdict } from "./verdict.js"

/** Compares what is promised about requests: who waits how long, what is remembered, what stops what. */
export function compareCommands(
  old: CommandSemanticsIr,
  next: CommandSemanticsIr,
  path: string,
): readonly ChannelChange[] {
  const found: ChannelChange[] = []
  const add = (code: ChannelChange["code"], what: string, verdict: Verdict) => found.push({ code, path, what, verdict })
  const differ = (key: keyof CommandSemanticsIr) => text(old[key]) !== text(next[key])
  const became = (key: keyof CommandSemanticsIr) => `${text(old[key])} became ${text(next[key])}`

  if (differ("correlate")) add("command/correlation-changed", became("correlate"), "breaks")
  if (differ("outcome")) add("command/outcome-changed", became("outcome"), "silent")
  const numbers = [
    ["timeoutMs", "command/timeout-shortened", "command/timeout-lengthened"],
    ["executionTimeoutMs", "command/execution-timeout-shortened", "command/execution-timeout-lengthened"],
    ["concurrency", "command/concurrency-lowered", "command/concurrency-raised"],
    ["queueBound", "command/queue-lowered", "command/queue-raised"],
  ] as const
  for (const [key, less, more] of numbers) {
    if (next[key] < old[key]) add(less, became(key), "silent")
    else if (next[key] > old[key]) add(more, became(key), "safe")
  }
  if (differ("remember")) {
    const facets = ["count", "bytes", "retentionMs"] as const
    const less = facets.some((facet) => next.remember[facet] < old.remember[facet])
    add(less ? "command/memory-shortened" : "command/memory-lengthened", became("remember"), less ? "silent" : "safe")
  }
  if (old.idempotent && !next.idempotent) add("command/idempotence-dropped", "no longer idempotent", "silent")
  if (!old.idempotent && next.idempotent) add("command/idempotence-promised", "idempotent", "devices first")
  if (old.journal !== next.journal) {
    const strength = ["none", "optional", "required"]
    if (strength.indexOf(next.journal) < strength.indexOf(old.journal))
      add("command/journal-weakened", became("journal"), "silent")
    else {
      // Callers rely on a journal only where it is required.
      const relied = next.journal === "required"
      add("command/journal-strengthened", became("journal"), relied ? "devices first" : "safe")
    }
  }
  if (differ("preempt")) add("command/preempt-changed", became("preempt"), "silent")
  if (differ("onInvalid")) add("command/on-invalid-changed", became("onInvalid"), "silent")
  if (differ("onLinkLost")) add("command/on-link-lost-changed", became("onLinkLost"), "silent")
  if (differ("trustedClock")) add("command/trusted-clock-changed", became("trustedClock"), "silent")
  if ((old.cancel ?? false) !== (next.cancel ?? false)) {
    if (next.cancel === true) add("command/cancel-added", "the executor is told", "devices first")
    else add("command/cancel-removed", "the executor is no longer told", "controllers first")
  }
  return found
}

function text(value: unknown): string {
  return value === undefined ? "nothing" : canonicalJson(value as JsonValue)
}
