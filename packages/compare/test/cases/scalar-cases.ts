// Long because it is one table.
import {
  bool,
  choice,
  constant,
  f32,
  f64,
  fromController,
  fromDevice,
  i8,
  i16,
  i32,
  i64,
  kept,
  octets,
  req,
  text,
  u8,
  u16,
  u32,
  u64,
  value,
} from "../contracts.js"
import { type Case, rowsFrom } from "./case.js"

const design = rowsFrom("evolution")
const buf = rowsFrom("buf")
const confluent = rowsFrom("confluent")
const apicurio = rowsFrom("apicurio")
const oasdiff = rowsFrom("oasdiff")
const own = rowsFrom("own")

/** Numbers, texts, octets and constants. */
export const scalarCases: readonly Case[] = [
  design("integer becomes number, JSON", "controllers first", "type/integer-to-number", value(i32(), f64())),
  design(
    "integer of controllers becomes number, JSON",
    "devices first",
    "type/integer-to-number",
    fromController({ v: req(i32()) }, { v: req(f64()) }),
  ),
  design("number becomes integer, JSON", "devices first", "type/number-to-integer", value(f64(), i32())),
  design("integer becomes number, protobuf", "breaks", "type/integer-to-number", value(i32(), f64(), "protobuf")),
  design("number becomes integer, protobuf", "breaks", "type/number-to-integer", value(f64(), i32(), "protobuf")),
  design(
    "u32 becomes i32 within the bounds of both, JSON",
    "safe",
    "type/integer-width-changed",
    value(u32({ max: 100 }), i32({ min: 0, max: 100 })),
  ),
  design("u32 becomes i32 beyond the bounds, JSON", "breaks", "type/bounds-moved", value(u32(), i32())),
  design(
    "u32 becomes i32, protobuf: 2 is read as 1",
    "silent",
    "type/integer-width-changed",
    value(u32({ max: 100 }), i32({ min: 0, max: 100 }), "protobuf"),
  ),
  design(
    "u32 becomes i32, protobuf, misread values out of bounds",
    "breaks",
    "type/integer-width-changed",
    value(u32({ min: 3, max: 3 }), i32({ min: -100, max: -50 }), "protobuf"),
  ),
  design("double becomes float, JSON", "silent", "type/float-width-changed", value(f64(-90, 90), f32(-90, 90))),
  design(
    "double becomes float, protobuf",
    "breaks",
    "type/float-width-changed",
    value(f64(-90, 90), f32(-90, 90), "protobuf"),
  ),
  design(
    "bounds widened by the device",
    "controllers first",
    "type/bounds-widened",
    value(u8({ max: 100 }), u8({ max: 200 })),
  ),
  design(
    "bounds widened by controllers",
    "devices first",
    "type/bounds-widened",
    fromController({ v: req(u8({ max: 100 })) }, { v: req(u8({ max: 200 })) }),
  ),
  design(
    "bounds narrowed by the device",
    "devices first",
    "type/bounds-narrowed",
    value(u8({ max: 100 }), u8({ max: 50 })),
  ),
  design(
    "bounds narrowed by controllers",
    "controllers first",
    "type/bounds-narrowed",
    fromController({ v: req(u8({ max: 100 })) }, { v: req(u8({ max: 50 })) }),
  ),
  design(
    "bounds of a state narrowed",
    "breaks",
    "type/bounds-narrowed",
    kept({ v: req(u8({ max: 100 })) }, { v: req(u8({ max: 50 })) }),
  ),
  design("maxLength raised", "controllers first", "type/length-widened", value(text(8), text(12))),
  design("maxLength raised beyond what old readers take", "breaks", "leg/too-large", value(text(8), text(400))),
  design(
    "epoch changed from since boot to Unix",
    "silent",
    "type/epoch-changed",
    value(u32({ epoch: "boot-milliseconds" }), u32({ epoch: "unix-seconds" })),
  ),

  buf(
    "FIELD_WIRE_COMPATIBLE_TYPE: u16 becomes u32 within old bounds",
    "safe",
    "type/integer-width-changed",
    value(u16(), u32({ max: 65_535 }), "protobuf", "json"),
  ),
  buf(
    "FIELD_WIRE_COMPATIBLE_TYPE: u16 becomes u32",
    "controllers first",
    "type/bounds-widened",
    value(u16(), u32(), "protobuf", "json"),
  ),
  buf(
    "FIELD_WIRE_COMPATIBLE_TYPE: u32 becomes u64, one wire type",
    "controllers first",
    "type/bounds-widened",
    value(u32(), u64(), "protobuf"),
  ),
  buf(
    "FIELD_WIRE_JSON_COMPATIBLE_TYPE: u32 becomes u64, JSON",
    "controllers first",
    "type/bounds-widened",
    value(u32(), u64()),
  ),
  buf(
    "u64 becomes u32 within the bounds",
    "safe",
    "type/integer-width-changed",
    value(u64({ max: "100" }), u32({ max: 100 }), "json", "protobuf"),
  ),
  buf(
    "i8 becomes i64 within the bounds",
    "safe",
    "type/integer-width-changed",
    value(i8(), i64({ min: "-128", max: "127" }), "json", "protobuf"),
  ),
  buf("varint becomes fixed, JSON", "safe", "type/integer-encoding-changed", value(u32(), u32({ fixed: true }))),
  buf(
    "varint becomes fixed, protobuf",
    "breaks",
    "type/integer-encoding-changed",
    value(u32(), u32({ fixed: true }), "protobuf"),
  ),
  buf(
    "fixed32 becomes sfixed32 within the positive half",
    "safe",
    "type/integer-width-changed",
    value(u32({ fixed: true, max: 9 }), i32({ fixed: true, min: 0, max: 9 }), "protobuf"),
  ),
  buf(
    "fixed32 becomes sfixed32: the upper half is read as negative",
    "silent",
    "type/integer-width-changed",
    value(u32({ fixed: true }), i32({ fixed: true }), "protobuf"),
  ),
  buf(
    "fixed32 becomes fixed64",
    "breaks",
    "type/integer-width-changed",
    value(u32({ fixed: true, max: 9 }), u64({ fixed: true, max: "9" }), "protobuf"),
  ),
  buf(
    "fixed32 becomes float: one wire type",
    "silent",
    "type/integer-to-number",
    value(u32({ fixed: true }), f32(), "protobuf"),
  ),
  buf("string becomes bytes, protobuf", "silent", "type/kind-changed", value(text(8), octets(8), "protobuf")),
  buf(
    "FIELD_SAME_UTF8_VALIDATION: bytes become string, JSON",
    "silent",
    "type/kind-changed",
    value(octets(3), text(8)),
  ),
  buf("bool becomes integer, JSON", "breaks", "type/kind-changed", value(bool, u8())),
  buf(
    "bool becomes integer, protobuf: true is read as 1",
    "silent",
    "type/kind-changed",
    value(bool, u8(), "protobuf"),
  ),
  buf("integer becomes string, protobuf", "breaks", "type/kind-changed", value(u8(), text(3), "protobuf")),

  confluent("TYPE_CHANGED: string becomes integer", "breaks", "type/kind-changed", value(text(3), u8())),
  confluent("MAX_LENGTH_ADDED", "devices first", "type/length-narrowed", value({ kind: "string" }, text(10))),
  confluent(
    "MAX_LENGTH_REMOVED: beyond what old readers take",
    "breaks",
    "leg/too-large",
    fromDevice({ v: req(text(10)) }, { v: req({ kind: "string" }) }),
  ),
  confluent("MAX_LENGTH_DECREASED", "devices first", "type/length-narrowed", value(text(10), text(8))),
  confluent("MIN_LENGTH_ADDED", "devices first", "type/length-narrowed", value(text(10), text(10, { minLength: 1 }))),
  confluent(
    "MIN_LENGTH_DECREASED",
    "controllers first",
    "type/length-widened",
    value(text(10, { minLength: 4 }), text(10, { minLength: 2 })),
  ),
  confluent(
    "MIN_LENGTH_INCREASED, MAX_LENGTH_INCREASED",
    "breaks",
    "type/length-moved",
    value(text(10, { minLength: 2 }), text(12, { minLength: 4 })),
  ),
  confluent("PATTERN_ADDED", "devices first", "type/pattern-narrowed", value(text(8), text(8, { pattern: "[a-z]+" }))),
  confluent(
    "PATTERN_REMOVED",
    "controllers first",
    "type/pattern-widened",
    value(text(8, { pattern: "[a-z]+" }), text(8)),
  ),
  confluent(
    "PATTERN_CHANGED to one that includes the old one",
    "controllers first",
    "type/pattern-widened",
    value(text(8, { pattern: "[a-z]+" }), text(8, { pattern: "[a-z0-9]+" })),
  ),
  confluent(
    "PATTERN_CHANGED to one that the old one includes",
    "devices first",
    "type/pattern-narrowed",
    value(text(8, { pattern: "[a-z]+" }), text(8, { pattern: "[a-f]+" })),
  ),
  confluent(
    "PATTERN_CHANGED, neither includes the other",
    "breaks",
    "type/pattern-moved",
    value(text(8, { pattern: "[a-f]+" }), text(8, { pattern: "[d-z]+" })),
  ),
  confluent(
    "PATTERN_CHANGED, written differently, the same language",
    "safe",
    "type/pattern-changed",
    value(text(8, { pattern: "a(b|c)" }), text(8, { pattern: "ab|ac" })),
  ),
  confluent("MAXIMUM_ADDED", "devices first", "type/bounds-narrowed", value(f64(), f64(undefined, 10))),
  confluent("MAXIMUM_REMOVED", "controllers first", "type/bounds-widened", value(f64(0, 10), f64(0))),
  confluent("MINIMUM_INCREASED", "devices first", "type/bounds-narrowed", value(i16({ min: -10 }), i16({ min: 0 }))),
  confluent("MINIMUM_DECREASED", "controllers first", "type/bounds-widened", value(i16({ min: 0 }), i16({ min: -10 }))),
  confluent("MULTIPLE_OF_ADDED", "devices first", "type/step-narrowed", value(u8(), u8({ multipleOf: 5 }))),
  confluent("MULTIPLE_OF_REMOVED", "controllers first", "type/step-widened", value(u8({ multipleOf: 5 }), u8())),
  confluent(
    "MULTIPLE_OF_EXPANDED to a multiple",
    "devices first",
    "type/step-narrowed",
    value(u8({ multipleOf: 5 }), u8({ multipleOf: 10 })),
  ),
  confluent(
    "MULTIPLE_OF_REDUCED to a divisor",
    "controllers first",
    "type/step-widened",
    value(u8({ multipleOf: 10 }), u8({ multipleOf: 5 })),
  ),
  confluent("MULTIPLE_OF_CHANGED", "breaks", "type/step-moved", value(u8({ multipleOf: 4 }), u8({ multipleOf: 6 }))),

  apicurio(
    "STRING_TYPE_FORMAT_ADDED",
    "devices first",
    "type/format-narrowed",
    value(text(40), text(40, { format: "uuid" })),
  ),
  apicurio(
    "STRING_TYPE_FORMAT_REMOVED",
    "controllers first",
    "type/format-widened",
    value(text(40, { format: "uuid" }), text(40)),
  ),
  apicurio(
    "STRING_TYPE_FORMAT_CHANGED",
    "breaks",
    "type/format-moved",
    value(text(40, { format: "date" }), text(40, { format: "date-time" })),
  ),
  apicurio("CONST_TYPE_VALUE_CHANGED, JSON", "breaks", "type/const-changed", value(constant("v1"), constant("v2"))),
  apicurio(
    "CONST_TYPE_VALUE_CHANGED, protobuf, where no constant travels",
    "silent",
    "type/const-changed",
    value(constant("v1"), constant("v2"), "protobuf"),
  ),
  apicurio("CONST becomes any text, JSON", "controllers first", "type/kind-changed", value(constant("v1"), text(4))),
  apicurio(
    "CONST becomes any text, protobuf",
    "silent",
    "type/kind-changed",
    value(constant("v1"), text(4), "protobuf"),
  ),
  apicurio("any text becomes a CONST, JSON", "devices first", "type/kind-changed", value(text(4), constant("v1"))),
  apicurio(
    "NUMBER_TYPE_INTEGER_REQUIRED for controllers",
    "controllers first",
    "type/number-to-integer",
    fromController({ v: req(f64(0, 10)) }, { v: req(u8({ max: 10 })) }),
  ),
  apicurio(
    "enum becomes free text, JSON",
    "controllers first",
    "type/kind-changed",
    value(choice(["on", "off"]), text(8)),
  ),
  apicurio(
    "enum becomes free text, protobuf",
    "breaks",
    "type/kind-changed",
    value(choice(["on", "off"]), text(8), "protobuf"),
  ),
  apicurio(
    "free text becomes an enum, JSON",
    "devices first",
    "type/kind-changed",
    value(text(8), choice(["on", "off"])),
  ),

  oasdiff(
    "request-property-max-length-decreased",
    "controllers first",
    "type/length-narrowed",
    fromController({ v: req(text(10)) }, { v: req(text(8)) }),
  ),
  oasdiff(
    "response-property-max-length-increased",
    "controllers first",
    "type/length-widened",
    value(text(10), text(11)),
  ),
  oasdiff(
    "request-property-pattern-changed to a wider one",
    "devices first",
    "type/pattern-widened",
    fromController({ v: req(text(8, { pattern: "[a-z]+" })) }, { v: req(text(8, { pattern: "[a-z-]+" })) }),
  ),
  oasdiff(
    "response-property-min-decreased of a state",
    "controllers first",
    "type/bounds-widened",
    kept({ v: req(i8({ min: 0 })) }, { v: req(i8({ min: -5 })) }),
  ),
  oasdiff("response-property-type-changed: number as text", "breaks", "type/kind-changed", value(f64(), text(30))),

  own(
    "float becomes double, JSON: old readers round",
    "silent",
    "type/float-width-changed",
    value(f32(0, 90), f64(0, 90)),
  ),
  own(
    "float becomes double, protobuf",
    "breaks",
    "type/float-width-changed",
    value(f32(0, 90), f64(0, 90), "protobuf"),
  ),
  own("integer beyond 24 bits becomes a float32, JSON", "silent", "type/integer-to-number", value(u32(), f32())),
  own("small integer becomes a float32, JSON", "controllers first", "type/integer-to-number", value(u8(), f32())),
  own("u64 becomes a double: beyond 2^53 it is text", "breaks", "type/integer-to-number", value(u64(), f64())),
  own("bounds moved", "breaks", "type/bounds-moved", value(u8({ min: 0, max: 100 }), u8({ min: 50, max: 150 }))),
  own(
    "bounds of a float widened",
    "controllers first",
    "type/bounds-widened",
    value(f32(-40, 85), f32(-55, 85), "json", "protobuf"),
  ),
  own(
    "limit in octets lowered",
    "devices first",
    "type/length-narrowed",
    value(text(20, { maxBytes: 80 }), text(20, { maxBytes: 20 })),
  ),
  own(
    "limit in octets given that the length implies",
    "safe",
    "type/length-changed",
    value(text(20), text(20, { maxBytes: 80 })),
  ),
  own(
    "a pattern that no longer text fits, then maxLength dropped to it",
    "safe",
    "type/length-changed",
    value(text(30, { pattern: "[a-z]{1,8}" }), text(8, { pattern: "[a-z]{1,8}" })),
  ),
  own("octets shortened", "devices first", "type/length-narrowed", value(octets(16), octets(8), "json", "protobuf")),
  own(
    "octets lengthened at both ends",
    "controllers first",
    "type/length-widened",
    value(octets(8, 2), octets(10, 1), "protobuf"),
  ),
  own(
    "decimals of a float changed",
    "safe",
    "type/annotation-changed",
    value(f64(0, 1), { kind: "float", bits: 64, min: 0, max: 1, decimals: 2 }),
  ),
  own("string becomes integer as plain text", "silent", "type/kind-changed", textual(text(8), u8())),
  own("integer becomes number as plain text", "controllers first", "type/integer-to-number", textual(u8(), f64())),
  own("string becomes octets on a bytes channel", "silent", "type/kind-changed", bytewise(text(8), octets(8))),
  own("bool becomes enum as plain text", "silent", "type/kind-changed", textual(bool, choice(["true", "false"]))),
  own("epoch said for the first time", "silent", "type/epoch-changed", value(u32(), u32({ epoch: "unix-seconds" }))),
  own(
    "integer bounds that only the new type's step fits",
    "safe",
    "type/bounds-changed",
    value(u8({ max: 10, multipleOf: 5 }), u8({ max: 12, multipleOf: 5 })),
  ),
  own(
    "enum of numbers becomes an integer, protobuf",
    "silent",
    "type/kind-changed",
    value(choice(["on", "off"]), u8(), "protobuf"),
  ),
]

function textual(old: Parameters<typeof value>[0], next: Parameters<typeof value>[0]) {
  return fromDevice(old, next, "text")
}

function bytewise(old: Parameters<typeof value>[0], next: Parameters<typeof value>[0]) {
  return fromDevice(old, next, "bytes")
}
