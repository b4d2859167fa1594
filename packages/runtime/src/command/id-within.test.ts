import { expect, it } from "vitest"
import { readIdWithin } from "./id-within.js"

const command = {
  correlate: { request: "id", reply: { field: "id" } },
  idOnWire: { number: 2, short: "i" },
} as const
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"))

it.each([
  { format: "json", payload: utf8('{"id":"a1","speed":"fast"}'), want: "a1" },
  { format: "json", payload: utf8('{"id":7}'), want: undefined },
  { format: "json", payload: utf8('{"id":"a1"'), want: undefined },
  { format: "compact", payload: utf8('{"i":"a1"}'), want: "a1" },
  { format: "compact", payload: utf8('{"id":"a1"}'), want: undefined },
  // Field 1 as varint, field 2 as text, and then rubbish.
  { format: "protobuf", payload: hex("08 96 01 12 02 61 31 ff"), want: "a1" },
  // Fixed fields are passed over; the last one counts.
  { format: "protobuf", payload: hex("0d 00 00 00 00 09 00 00 00 00 00 00 00 00 12 01 61 12 01 62"), want: "b" },
  // A length beyond the end, no field, invalid UTF-8, a wrong type.
  { format: "protobuf", payload: hex("12 7f 61"), want: undefined },
  { format: "protobuf", payload: hex("0a 01 61"), want: undefined },
  { format: "protobuf", payload: hex("12 01 ff"), want: undefined },
  { format: "protobuf", payload: hex("10 05"), want: undefined },
  { format: "text", payload: utf8("a1"), want: undefined },
  { format: undefined, payload: utf8('{"id":"a1"}'), want: undefined },
] as const)("C-7: reads the id of an otherwise invalid request: $format $want", ({ format, payload, want }) => {
  expect(readIdWithin(payload, format, command)).toBe(want)
})
