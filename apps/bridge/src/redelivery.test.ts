import { describe, expect, it } from "vitest"
import { type Arrival, RedeliveryCheck } from "./redelivery.js"
import type { Receipt } from "./store.js"

/** Judges an arrival and, where it is new, keeps it at once. */
function take(check: RedeliveryCheck, arrival: Partial<Arrival> & { digest: string }): "new" | "known" {
  const verdict = check.judge({ leg: "log.message", dup: false, ...arrival })
  if (verdict.kind === "new") check.keeping(verdict.receipt, Promise.resolve())
  return verdict.kind
}

describe("RedeliveryCheck with packet identifiers", () => {
  const before: readonly Receipt[] = [{ leg: "log.message", slot: 7, digest: "a" }]
  const rows: readonly { given: Partial<Arrival> & { digest: string }; want: "new" | "known"; because: string }[] = [
    { given: { digest: "a", dup: true, packetId: 7 }, want: "known", because: "same identifier and content, DUP" },
    { given: { digest: "a", dup: false, packetId: 7 }, want: "new", because: "a first delivery has no DUP" },
    { given: { digest: "b", dup: true, packetId: 7 }, want: "new", because: "the content is another" },
    { given: { digest: "a", dup: true, packetId: 8 }, want: "new", because: "the identifier is another" },
    { given: { digest: "a", dup: true, packetId: 7, leg: "drive.reply" }, want: "new", because: "the leg is another" },
  ]
  for (const { given, want, because } of rows) {
    it(`says ${want}: ${because}`, () => {
      expect(take(new RedeliveryCheck(before), given)).toBe(want)
    })
  }

  it("keeps equal messages apart by their identifiers, however often they come again", () => {
    const check = new RedeliveryCheck([])
    check.connected(false)
    const first = [1, 2, 3].map((packetId) => take(check, { digest: "same", packetId }))
    check.connected(true)
    const again = [1, 2, 3, 4].map((packetId) => take(check, { digest: "same", packetId, dup: true }))
    expect({ first, again }).toEqual({ first: ["new", "new", "new"], again: ["known", "known", "known", "new"] })
  })

  it("forgets everything when the broker began a new session", () => {
    const check = new RedeliveryCheck(before)
    check.connected(false)
    expect(take(check, { digest: "a", dup: true, packetId: 7 })).toBe("new")
  })
})

describe("RedeliveryCheck without packet identifiers", () => {
  it("knows a content as often as it was kept before the connection", () => {
    const check = new RedeliveryCheck([])
    check.connected(false)
    take(check, { digest: "same" })
    take(check, { digest: "same" })
    check.connected(true)
    const again = [1, 2, 3, 4].map(() => take(check, { digest: "same", dup: true }))
    expect(again).toEqual(["known", "known", "new", "new"])
  })

  it("knows what an earlier process kept", () => {
    const check = new RedeliveryCheck([{ leg: "log.message", slot: -1, digest: "a" }])
    check.connected(true)
    expect([take(check, { digest: "a", dup: true }), take(check, { digest: "a", dup: true })]).toEqual(["known", "new"])
  })
})
