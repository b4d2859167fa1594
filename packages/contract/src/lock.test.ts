import { describe, expect, it } from "vitest"
import { smallContract } from "../test/small-contract.js"
import { formatLock, type Lock, lowerContract, parseLock } from "./index.js"

const first = lowerContract(smallContract()).lock!
const text = formatLock(first)

describe("parseLock", () => {
  it("reads what formatLock wrote", () => {
    expect(parseLock(text)).toEqual({ lock: first, diagnostics: [] })
  })

  it.each([
    {
      given: text.slice(0, -10),
      code: "lock/json",
      message: /^the lock is not JSON: /,
      help: "restore it from version control",
    },
    {
      given: text.replace('  "ir": {', '<<<<<<< HEAD\n  "ir": {'),
      code: "lock/conflict",
      message: /^the lock has merge-conflict markers at line 3$/,
      help: "run `fleetwire lock resolve --onto main` with the branch whose numbers stay, then `fleetwire generate`",
    },
    {
      given: "[]",
      code: "lock/shape",
      message: /^the lock is not a lock: it is no object$/,
      help: "restore it from version control",
    },
    {
      given: text.replace(/"predecessor": null/, '"predecessor": 5'),
      code: "lock/shape",
      message: /^the lock is not a lock: `predecessor` is missing$/,
      help: "restore it from version control",
    },
    {
      given: text.replace(/"lock": 1/, '"lock": 2'),
      code: "lock/newer",
      message: /^the lock has version 2; this fleetwire reads up to 1$/,
      help: "update @fleetwire/cli",
    },
    {
      given: text.replace('"number": 1', '"number": 2'),
      code: "lock/edited",
      message: /^the lock was edited by hand: its digest is [0-9a-f]{12}, its content has [0-9a-f]{12}$/,
      help: "restore it from version control; numbers change only through the contract",
    },
  ])("refuses with $code", ({ given, code, message, help }) => {
    expect(given).not.toBe(text)
    const { lock, diagnostics } = parseLock(given)
    expect(lock).toBeUndefined()
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ code, help, target: { path: "contract.lock.json" } })
    expect(diagnostics[0]!.message).toMatch(message)
  })

  it("finds an edit of the predecessor as well", () => {
    const forged = text.replace('"predecessor": null', `"predecessor": "${"0".repeat(64)}"`)
    expect(parseLock(forged).diagnostics.map(({ code }) => code)).toEqual(["lock/edited"])
  })
})

describe("createLock", () => {
  it("keeps the lock itself where nothing changed", () => {
    expect(lowerContract(smallContract(), first).lock).toBe(first)
  })

  it("names its predecessor where something did", () => {
    const next = lowerContract(smallContract({ version: "1.1.0" }), first).lock as Lock
    expect(next.predecessor).toBe(first.digest)
    expect(next.digest).not.toBe(first.digest)
    expect(parseLock(formatLock(next)).diagnostics).toEqual([])
  })

  it("refuses the lock of another contract", () => {
    const { lock, diagnostics } = lowerContract(smallContract({ name: "other" }), first)
    expect(lock).toBeUndefined()
    expect(diagnostics).toMatchObject([
      {
        code: "lock/other-contract",
        message: "the lock belongs to contract `demo`, not `other`",
        help: "keep one lock beside each contract, or rename the contract back",
      },
    ])
  })
})
