import { describe, expect, it } from "vitest"
import { isNumber, jsonObject } from "../../test/fixtures/json-codec.js"
import type { VersionRule } from "../descriptor.js"
import { decodeOurs, isOtherVersion } from "./version-rule.js"

const flat = jsonObject({ "speed?": isNumber }).json!
const nested = jsonObject({ sensors: (value) => (typeof value === "object" ? undefined : "not an object") }).json!
const has: VersionRule = { kind: "has", field: "sensors", short: "s" }
const lacks: VersionRule = { kind: "lacks", field: "sensors" }

describe("decodeOurs", () => {
  const rows = [
    { rule: has, codec: nested, given: '{"sensors":{}}', want: "ours" },
    { rule: has, codec: nested, given: '{"speed":1}', want: "another version's" },
    { rule: has, codec: nested, given: '{"sensors":1}', want: "invalid" },
    { rule: has, codec: nested, given: '{"\\u0073ensors":1}', want: "invalid" },
    { rule: has, codec: nested, given: "sensors", want: "invalid" },
    { rule: has, codec: nested, given: "[1]", want: "invalid" },
    { rule: lacks, codec: flat, given: '{"speed":1}', want: "ours" },
    { rule: lacks, codec: flat, given: '{"speed":"fast"}', want: "invalid" },
    { rule: lacks, codec: flat, given: '{"sensors":{"speed":1}}', want: "another version's" },
    { rule: lacks, codec: flat, given: '{"\\u0073ensors":null}', want: "another version's" },
    { rule: lacks, codec: flat, given: '{"speed":1,"of":["sensors"]}', want: "ours" },
    { rule: lacks, codec: flat, given: '{"of":{"sensors":1}}', want: "ours" },
    { rule: lacks, codec: flat, given: "{", want: "invalid" },
    { rule: { kind: "any" }, codec: flat, given: '{"sensors":{}}', want: "ours" },
  ] as const
  for (const { rule, codec, given, want } of rows) {
    it(`takes ${given} for ${want}, by ${rule.kind}`, () => {
      const read = decodeOurs(rule, codec, "json", new TextEncoder().encode(given))
      expect(read.ok ? "ours" : isOtherVersion(read.issues) ? "another version's" : "invalid").toBe(want)
    })
  }

  it("looks for the short key in compact, and into no other format", () => {
    const octets = new TextEncoder().encode('{"s":1}')
    const judged = (format: "compact" | "protobuf") => {
      const read = decodeOurs(has, nested, format, octets)
      return !read.ok && isOtherVersion(read.issues)
    }
    expect(judged("compact")).toBe(false)
    expect(decodeOurs(has, nested, "compact", new TextEncoder().encode('{"t":1}'))).toMatchObject({
      issues: [{ path: "/s", code: "version" }],
    })
    expect(judged("protobuf")).toBe(false)
  })
})
