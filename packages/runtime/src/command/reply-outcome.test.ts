import { describe, expect, it } from "vitest"
import { semantics } from "../../test/fixtures/car-contract.js"
import { errorOfReply, failureReplies } from "./reply-outcome.js"

const outcome = semantics.outcome!
const coded = { ...outcome, code: "error_code", retryAfterMs: "retry_ms" }

describe("a failure in the contract's response", () => {
  it("begins the detail with its code in brackets where there is no field for it", () => {
    const [fullest] = failureReplies(semantics, "a", { code: "busy", words: "queue full", retryAfterMs: 250 })
    expect(fullest).toEqual({ command_id: "a", status: "error", message: "[busy retry_after_ms=250] queue full" })
  })

  it("uses the fields that the contract has for it", () => {
    const command = { ...semantics, outcome: coded }
    const [fullest] = failureReplies(command, "a", { code: "busy", words: "queue full", retryAfterMs: 250 })
    expect(fullest).toMatchObject({ error_code: "busy", retry_ms: 250 })
    expect(errorOfReply(coded, fullest)).toMatchObject({ code: "busy", details: { retryAfterMs: 250 } })
  })

  it("is nothing where the contract has no outcome", () => {
    const { outcome: _, ...bare } = semantics
    expect(failureReplies(bare, "a", { code: "busy", words: "queue full" })).toEqual([])
    expect(errorOfReply(undefined, { anything: true })).toBeUndefined()
  })

  it("gets shorter until it fits", () => {
    const texts = failureReplies(semantics, "a", { code: "invalid_payload", words: "w".repeat(99) }).map(
      (reply) => String(reply.message ?? "").length,
    )
    expect(texts).toEqual([99 + 18, 32 + 18, 17, 0])
  })
})

describe("a reply as its caller sees it", () => {
  it.each([
    { given: { status: "success" }, want: undefined },
    { given: { status: "error", message: "[busy retry_after_ms=9] x" }, want: { code: "busy", retry: 9 } },
    { given: { status: "error", message: "[busy] x" }, want: { code: "busy", retry: undefined } },
    { given: { status: "error", message: "[busy other=1 retry_after_ms=7] x" }, want: { code: "busy", retry: 7 } },
    { given: { status: "error", message: "[BUSY] x" }, want: { code: "command_failed", retry: undefined } },
    { given: { status: "error", message: "x [busy]" }, want: { code: "command_failed", retry: undefined } },
    { given: { status: "something new" }, want: { code: "command_failed", retry: undefined } },
    { given: {}, want: { code: "command_failed", retry: undefined } },
  ])("$given", ({ given, want }) => {
    const error = errorOfReply(outcome, given)
    expect(error && { code: error.code, retry: error.details.retryAfterMs }).toEqual(want)
    expect(error?.origin).toBe(want && "remote")
  })
})
