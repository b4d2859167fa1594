import { describe, expect, it } from "vitest"
import { parseDevice, parseHistoryQuery } from "./query.js"

describe("parseHistoryQuery", () => {
  const good = [
    { given: "", want: { limit: 100 } },
    { given: "channel=telemetry&limit=10000", want: { channel: "telemetry", limit: 10_000 } },
    { given: "channel=drive.reply&after=12", want: { channel: "drive.reply", after: 12, limit: 100 } },
    { given: "from=0&to=1700000000000", want: { from: 0, to: 1_700_000_000_000, limit: 100 } },
    { given: "from=2026-01-31T12:00:00Z", want: { from: 1_769_860_800_000, limit: 100 } },
    { given: "to=2026-01-31T13:00:00.5%2B01:00", want: { to: 1_769_860_800_500, limit: 100 } },
    { given: "device=car-001", want: { device: "car-001", limit: 100 } },
  ]
  for (const { given, want } of good) {
    it(`reads "${given}"`, () => {
      expect(parseHistoryQuery(new URLSearchParams(given))).toEqual({ ok: true, value: want })
    })
  }

  const refused = [
    { given: "limit=0", want: "limit: not a whole number from 1 to 10000" },
    { given: "limit=10001", want: "limit: not a whole number from 1 to 10000" },
    { given: "limit=-1", want: "limit: not a whole number from 1 to 10000" },
    { given: "limit=1e3", want: "limit: not a whole number from 1 to 10000" },
    { given: "limit=1&limit=2", want: "limit: given more than once" },
    { given: "from=yesterday", want: "from: not milliseconds since 1970 and not a time such as 2026-01-31T12:00:00Z" },
    {
      given: "from=2026-13-31T12:00:00Z",
      want: "from: not milliseconds since 1970 and not a time such as 2026-01-31T12:00:00Z",
    },
    { given: "from=2&to=1", want: "from: later than to" },
    { given: "channel='%3B DROP TABLE messages", want: "channel: not a name such as telemetry or drive.reply" },
    { given: "after=x", want: "after: not a whole number" },
    { given: "chanel=telemetry", want: "unknown parameter; known are device, channel, from, to, after, limit" },
    { given: "device=../etc", want: "device: not 1 to 64 letters, digits, dots, dashes or underscores" },
  ]
  for (const { given, want } of refused) {
    it(`refuses "${given}"`, () => {
      expect(parseHistoryQuery(new URLSearchParams(given))).toEqual({ ok: false, message: want })
    })
  }

  it("takes no device from the query where the path names one", () => {
    expect(parseHistoryQuery(new URLSearchParams("device=car-002"), "car-001")).toMatchObject({ ok: false })
  })
})

describe("parseDevice", () => {
  for (const given of ["", ".", "..", "a/b", "%2e%2e", "a b", "é", "x".repeat(65)]) {
    it(`refuses "${given}"`, () => {
      expect(parseDevice(given).ok).toBe(false)
    })
  }
})
