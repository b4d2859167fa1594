import { expect, it } from "vitest"
import { propertiesLength, readProperties, writeProperties } from "./message-properties.js"
import { OctetReader, variableLength } from "./octets.js"

it.each([
  { given: {} },
  { given: { payloadIsUtf8: false } },
  { given: { messageExpirySeconds: 0 } },
  { given: { messageExpirySeconds: 0xffff_ffff, contentType: "", responseTopic: "a/b" } },
  { given: { correlationData: Buffer.alloc(65_535, 1) } },
  { given: { userProperties: [["", ""] as const, ["k", "v".repeat(60_000)] as const, ["k", "é"] as const] } },
])("reads what it wrote", ({ given }) => {
  const length = propertiesLength(given)
  const target = Buffer.alloc(length + variableLength(length))
  expect(writeProperties(target, 0, given, length)).toBe(target.length)
  const reader = new OctetReader(target, 0, target.length)
  expect(readProperties(reader).properties ?? {}).toEqual(given)
  expect(reader.atEnd).toBe(true)
})

it.each([
  { given: { messageExpirySeconds: -1 }, want: /messageExpirySeconds/ },
  { given: { messageExpirySeconds: 0x1_0000_0000 }, want: /messageExpirySeconds/ },
  { given: { messageExpirySeconds: 1.5 }, want: /messageExpirySeconds/ },
  { given: { contentType: "x".repeat(65_536) }, want: /contentType/ },
  { given: { responseTopic: "a\0" }, want: /responseTopic/ },
  { given: { correlationData: new Uint8Array(65_536) }, want: /correlationData/ },
  { given: { userProperties: [["x".repeat(65_536), ""] as const] }, want: /userProperties/ },
])("refuses what no PUBLISH can say", ({ given, want }) => {
  expect(() => propertiesLength(given)).toThrow(expect.objectContaining({ code: "invalid_argument" }))
  expect(() => propertiesLength(given)).toThrow(want)
})

it.each([
  { given: "02", why: "longer than the packet" },
  { given: "0301", why: "longer than the packet" },
  { given: "0102", why: "ends within a value" },
  { given: "02037f", why: "text beyond the end" },
  { given: "0226000161", why: "ends within a pair" },
  { given: "01ff", why: "unknown" },
])("hangs up on properties that are $why", ({ given }) => {
  const octets = Buffer.from(given, "hex")
  expect(() => readProperties(new OctetReader(octets, 0, octets.length))).toThrow(
    expect.objectContaining({ reasonCode: 0x81 }),
  )
})
