import { expect, it } from "vitest"
import { OctetReader, utf8Length, variableLength, writeText, writeVariable } from "./octets.js"

it.each(["", "a", "é", "漢", "😀", "a\ud800b", "\udc00", "\ud83d\ud83d\ude00", "x".repeat(300)])(
  "measures and writes %j as the platform does",
  (text) => {
    const want = new TextEncoder().encode(text)
    expect(utf8Length(text)).toBe(want.length)
    const target = new Uint8Array(want.length + 4)
    expect(writeText(target, 1, text, want.length)).toBe(want.length + 3)
    expect(Buffer.from(target.subarray(3, 3 + want.length))).toEqual(Buffer.from(want))
    expect((target[1]! << 8) | target[2]!).toBe(want.length)
  },
)

it.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455])("writes and reads %i", (value) => {
  const target = Buffer.alloc(5)
  const end = writeVariable(target, 0, value)
  expect(end).toBe(variableLength(value))
  expect(new OctetReader(target, 0, end).variable()).toBe(value)
})

it("refuses to read past the end of its packet", () => {
  const octets = Buffer.from([0, 5, 0x61, 0x62, 0x63, 0x64, 0x65])
  expect(() => new OctetReader(octets, 0, 6).text()).toThrow(expect.objectContaining({ reasonCode: 0x81 }))
  expect(new OctetReader(octets, 0, 7).text()).toBe("abcde")
  expect(() => new OctetReader(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]), 0, 5).variable()).toThrow(/five octets/)
})
