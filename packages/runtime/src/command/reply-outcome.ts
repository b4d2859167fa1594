import type { CommandSemantics, OutcomeDescriptor } from "../descriptor.js"
import { SdkError, type SdkErrorCode } from "../sdk-error.js"

/** A failure as it travels in a contract's own response. */
export interface Failure {
  readonly code: SdkErrorCode
  /** For humans; never payload or secret. */
  readonly words: string
  readonly retryAfterMs?: number
}

/** Codes that another side may say, with whether the command may have had its effect when it says so. */
const REMOTE_CODES: ReadonlyMap<string, boolean> = new Map([
  ["invalid_payload", false],
  // Not run when it was said; but a device that restarts before the broker had its acknowledgement gets the request again.
  ["busy", true],
  // Another request under this id began, and who is to say that it was not the caller's own.
  ["conflict", true],
  ["expired", false],
  ["unavailable", true],
  ["unsupported", false],
  ["unauthorized", false],
  ["timeout", true],
  ["preempted", true],
  ["interrupted", true],
  ["canceled", true],
  ["command_failed", true],
])

const IN_BRACKETS = /^\[([a-z_]+)((?: [a-z_]+=[^\s\]]*)*)\] ?/

/**
 * The failure in the contract's response, fullest first: with words, without them, without detail. Several, because a
 * response may bound its detail more tightly than a failure is worded.
 */
export function failureReplies(command: CommandSemantics, id: unknown, failure: Failure): Record<string, unknown>[] {
  const { outcome, correlate } = command
  if (outcome === undefined) return []
  const base: Record<string, unknown> = { [outcome.field]: outcome.failure }
  if ("field" in correlate.reply && id !== undefined) base[correlate.reply.field] = id
  if (outcome.code !== undefined) base[outcome.code] = failure.code
  if (outcome.retryAfterMs !== undefined && failure.retryAfterMs !== undefined) {
    base[outcome.retryAfterMs] = failure.retryAfterMs
  }
  if (outcome.detail === undefined) return [base]
  const retry = failure.retryAfterMs === undefined ? "" : ` retry_after_ms=${failure.retryAfterMs}`
  const head = `[${failure.code}${retry}]`
  const detail = outcome.detail
  const texts = [`${head} ${failure.words}`, `${head} ${failure.words.slice(0, 32)}`, head]
  return [...texts.map((text) => ({ ...base, [detail]: text })), base]
}

/** What a reply means to its caller: undefined for success, else the error it is rejected with. */
export function errorOfReply(outcome: OutcomeDescriptor | undefined, reply: unknown): SdkError | undefined {
  if (outcome === undefined || typeof reply !== "object" || reply === null) return undefined
  const fields = reply as Record<string, unknown>
  const status = fields[outcome.field]
  if (typeof status === "string" && outcome.success.includes(status)) return undefined
  const detail = outcome.detail === undefined ? undefined : fields[outcome.detail]
  const text = typeof detail === "string" ? detail : ""
  const bracketed = IN_BRACKETS.exec(text)
  const declared = outcome.code === undefined ? undefined : fields[outcome.code]
  const word = typeof declared === "string" ? declared : bracketed?.[1]
  const mayHaveRun = word === undefined ? undefined : REMOTE_CODES.get(word)
  const options = { origin: "remote", sent: true } as const
  if (mayHaveRun === undefined || word === "command_failed") {
    const words = bracketed === null ? text : text.slice(bracketed[0].length)
    return new SdkError("command_failed", words === "" ? "the command failed" : words, {
      ...options,
      mayHaveRun: true,
      details: { reply },
    })
  }
  const retryAfterMs = retryAfterOf(outcome, fields, bracketed?.[2])
  return new SdkError(word as SdkErrorCode, text.slice(bracketed?.[0].length ?? 0) || "refused by the other side", {
    ...options,
    mayHaveRun,
    details: { reply, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  })
}

function retryAfterOf(
  outcome: OutcomeDescriptor,
  fields: Record<string, unknown>,
  pairs: string | undefined,
): number | undefined {
  const declared = outcome.retryAfterMs === undefined ? undefined : fields[outcome.retryAfterMs]
  if (typeof declared === "number" && declared >= 0) return declared
  const found = /retry_after_ms=(\d{1,9})(?: |$)/.exec(pairs?.trim() ?? "")
  return found === null ? undefined : Number(found[1])
}
