import { describe, expect, it } from "vitest"
import { isDate, isDateTime, isHostname, isIpv4, isTime, isUri, isUuid } from "./formats.js"

const cases = [
  {
    given: isDate,
    yes: ["2026-02-28", "2024-02-29", "2000-02-29", "0000-01-01"],
    no: ["2023-02-29", "1900-02-29", "2026-04-31", "2026-1-01", "2026-00-10", "2026-01-01 "],
  },
  {
    given: isTime,
    yes: ["00:00:00Z", "23:59:59.123456789+14:00"],
    no: ["24:00:00Z", "23:59:60Z", "00:00Z", "00:00:00", "00:00:00z", "00:00:00.Z"],
  },
  {
    given: isDateTime,
    yes: ["2026-01-01T00:00:00Z"],
    no: ["2026-01-01 00:00:00Z", "2026-01-01t00:00:00Z", "2026-02-30T00:00:00Z"],
  },
  {
    given: isUuid,
    yes: ["123e4567-e89b-12d3-A456-426614174000"],
    no: ["123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}"],
  },
  { given: isIpv4, yes: ["0.0.0.0", "255.255.255.255"], no: ["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5"] },
  {
    given: isHostname,
    yes: ["a", "example.com", `${"a".repeat(63)}.de`],
    no: ["", "-a", "a-", "a..b", "a.", "a".repeat(64), "a_b"],
  },
  { given: isUri, yes: ["urn:x", "https://example.com/%41?b#c"], no: ["", "x", "a b:c", "a:%4", "1a:b", "a:ü"] },
]

describe("formats", () => {
  for (const { given, yes, no } of cases)
    it(`${given.name} accepts and refuses as written`, () => {
      for (const text of yes) expect([text, given(text)]).toEqual([text, true])
      for (const text of no) expect([text, given(text)]).toEqual([text, false])
    })
})
