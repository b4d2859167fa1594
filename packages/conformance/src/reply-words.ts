import type { CommandSemanticsIr } from "@fleetwire/ir"
import { valueAt } from "./wire-match.js"

/** What a reply says became of its request. */
export interface ReplyWords {
  readonly outcome: "success" | "failure"
  /** Closed error code, where the reply names one. */
  readonly code?: string
  readonly retryAfterMs?: number
  readonly detail?: string
}

/** Reads a reply by the contract's `outcome`; undefined where the contract has no such words. */
export function readReply(semantics: CommandSemanticsIr, message: unknown): ReplyWords | undefined {
  const { outcome } = semantics
  if (outcome === undefined) return undefined
  const value = valueAt(message, outcome.field)
  const said = outcome.success.includes(String(value)) ? "success" : "failure"
  const detail = outcome.detail === undefined ? undefined : valueAt(message, outcome.detail)
  const text = typeof detail === "string" ? detail : ""
  const bracket = /^\[([a-z_]+)((?: [a-z_]+=\S+)*)\]/.exec(text)
  const code = outcome.code === undefined ? bracket?.[1] : valueAt(message, outcome.code)
  const inWords = /retry_after_ms=(\d+)/.exec(bracket?.[2] ?? "")?.[1]
  const retry = outcome.retryAfterMs === undefined ? inWords : valueAt(message, outcome.retryAfterMs)
  return {
    outcome: said,
    ...(said === "failure" && typeof code === "string" ? { code } : {}),
    ...(retry === undefined ? {} : { retryAfterMs: Number(retry) }),
    ...(text === "" ? {} : { detail: text }),
  }
}

/** Fields of a reply that says so. */
export function writeReply(
  semantics: CommandSemanticsIr,
  words: { readonly outcome: "success" | "failure"; readonly code?: string; readonly retryAfterMs?: number },
): Record<string, unknown> {
  const { outcome } = semantics
  if (outcome === undefined) return {}
  if (words.outcome === "success")
    return {
      [outcome.field]: outcome.success[0],
      ...(outcome.detail === undefined ? {} : { [outcome.detail]: "done" }),
    }
  const code = words.code ?? "command_failed"
  const retry = words.retryAfterMs === undefined ? "" : ` retry_after_ms=${words.retryAfterMs}`
  return {
    [outcome.field]: outcome.failure,
    ...(outcome.code === undefined ? {} : { [outcome.code]: code }),
    ...(outcome.retryAfterMs === undefined || words.retryAfterMs === undefined
      ? {}
      : { [outcome.retryAfterMs]: words.retryAfterMs }),
    ...(outcome.detail === undefined
      ? {}
      : { [outcome.detail]: outcome.code === undefined ? `[${code}${retry}] said by the kit` : "said by the kit" }),
  }
}
