// Long because it is one table.
import {
  bool,
  contract,
  fromController,
  fromDevice,
  kept,
  list,
  object,
  octets,
  opt,
  payload,
  req,
  text,
  u8,
  u16,
  u32,
} from "../contracts.js"
import { type Case, rowsFrom } from "./case.js"

const design = rowsFrom("evolution")
const buf = rowsFrom("buf")
const confluent = rowsFrom("confluent")
const apicurio = rowsFrom("apicurio")
const oasdiff = rowsFrom("oasdiff")
const own = rowsFrom("own")

const a = req(u8())

/** Fields that come, go, or change their names, numbers, keys and defaults. */
export const fieldCases: readonly Case[] = [
  design("optional field added by the device", "safe", "field/optional-added", fromDevice({ a }, { a, b: opt(u8()) })),
  design(
    "optional field added by controllers",
    "safe",
    "field/optional-added",
    fromController({ a }, { a, b: opt(u8()) }),
  ),
  design("optional field added to a state", "safe", "field/optional-added", kept({ a }, { a, b: opt(u8()) })),
  design(
    "optional field added that old readers have no room for",
    "breaks",
    "leg/too-large",
    fromDevice({ a }, { a, b: opt(text(200)) }),
  ),
  design(
    "optional field added whose name an older version used with another type",
    "breaks",
    "type/kind-changed",
    fromDevice({ a }, { a, mode: opt(text(4)) }),
    { earlier: [fromDevice({ a, mode: opt(u8()) }, { a })[0]] },
  ),
  design(
    "optional field added whose number an older version used for another field",
    "silent",
    "field/number-reused",
    fromDevice({ a }, { a, level: opt(u8(), { number: 7 }) }, "protobuf"),
    { earlier: [fromDevice({ a, mode: opt(u16(), { number: 7 }) }, { a }, "protobuf")[0]] },
  ),
  design(
    "optional field added whose short key an older version used for another field",
    "silent",
    "field/short-reused",
    fromDevice({ a }, { a, level: opt(u8(), { short: "m" }) }, "compact"),
    { earlier: [fromDevice({ a, mode: opt(u16(), { short: "m" }) }, { a }, "compact")[0]] },
  ),
  design(
    "required field added by the device",
    "devices first",
    "field/required-added",
    fromDevice({ a }, { a, b: req(u8()) }),
  ),
  design(
    "required field added by controllers",
    "controllers first",
    "field/required-added",
    fromController({ a }, { a, b: req(u8()) }),
  ),
  design("required field added to a state", "breaks", "field/required-added", kept({ a }, { a, b: req(u8()) })),
  design(
    "required field added to an event that waits for persistent readers",
    "breaks",
    "field/required-added",
    queued({ a }, { a, b: req(u8()) }),
  ),
  design(
    "required field added to what a durable outbox holds",
    "breaks",
    "field/required-added",
    payload({ a }, { a, b: req(u8()) }, ["json"], {
      kind: "event",
      leg: { outbox: { bound: 100, drop: "reject", durable: true } },
    }),
  ),
  design(
    "required field removed by the device",
    "controllers first",
    "field/required-removed",
    fromDevice({ a, b: req(u8()) }, { a }),
  ),
  design(
    "required field removed by controllers",
    "devices first",
    "field/required-removed",
    fromController({ a, b: req(u8()) }, { a }),
  ),
  design(
    "required field removed from a state",
    "controllers first",
    "field/required-removed",
    kept({ a, b: req(u8()) }, { a }),
  ),
  design(
    "required field of the device made optional",
    "controllers first",
    "field/made-optional",
    fromDevice({ a }, { a: opt(u8()) }),
  ),
  design(
    "required field of controllers made optional",
    "devices first",
    "field/made-optional",
    fromController({ a }, { a: opt(u8()) }),
  ),
  design(
    "optional field of the device made required",
    "devices first",
    "field/made-required",
    fromDevice({ a: opt(u8()) }, { a }),
  ),
  design(
    "optional field of controllers made required",
    "controllers first",
    "field/made-required",
    fromController({ a: opt(u8()) }, { a }),
  ),
  design("optional field of a state made required", "breaks", "field/made-required", kept({ a: opt(u8()) }, { a })),
  design(
    "required field renamed, JSON, not declared",
    "breaks",
    "field/rename-suspected",
    fromDevice({ a, speed: req(u8()) }, { a, velocity: req(u8()) }),
  ),
  design(
    "required field renamed, JSON, declared",
    "controllers first",
    "field/renamed",
    fromDevice({ a, speed: req(u8()) }, { a, velocity: req(u8(), { was: ["speed"] }) }),
  ),
  design(
    "required field of controllers renamed, JSON, declared",
    "devices first",
    "field/renamed",
    fromController({ a, speed: req(u8()) }, { a, velocity: req(u8(), { was: ["speed"] }) }),
  ),
  design(
    "required field renamed, protobuf, declared",
    "safe",
    "field/renamed",
    fromDevice({ a, speed: req(u8()) }, { a, velocity: req(u8(), { was: ["speed"] }) }, "protobuf"),
  ),
  design(
    "required field renamed, protobuf, not declared",
    "breaks",
    "field/rename-suspected",
    fromDevice({ a, speed: req(u8()) }, { a, velocity: req(u8()) }, "protobuf"),
  ),
  design(
    "optional field renamed, not declared",
    "silent",
    "field/rename-suspected",
    fromDevice({ a, speed: opt(u8()) }, { a, velocity: opt(u8()) }),
  ),
  design(
    "optional field renamed, declared: old readers lose it",
    "silent",
    "field/renamed",
    fromDevice({ a, speed: opt(u8()) }, { a, velocity: opt(u8(), { was: ["speed"] }) }),
  ),
  design(
    "optional field's case changed",
    "silent",
    "field/rename-suspected",
    fromDevice({ a, speedLimit: opt(u8()) }, { a, speedlimit: opt(u16()) }),
  ),
  design(
    "required field's case changed",
    "breaks",
    "field/rename-suspected",
    fromDevice({ speedLimit: a }, { speedlimit: a }),
  ),
  design(
    "short key of an optional field changed, compact",
    "silent",
    "field/short-changed",
    fromDevice({ a, b: opt(u8(), { short: "x" }) }, { a, b: opt(u8(), { short: "y" }) }, "compact"),
  ),
  design(
    "short key of a required field changed, compact",
    "breaks",
    "field/short-changed",
    fromDevice({ a: req(u8(), { short: "x" }) }, { a: req(u8(), { short: "y" }) }, "compact"),
  ),
  design(
    "short key changed where nobody speaks compact",
    "safe",
    "field/short-changed",
    fromDevice({ a: req(u8(), { short: "x" }) }, { a: req(u8(), { short: "y" }) }),
  ),
  design(
    "field number reused with the same wire type",
    "silent",
    "field/number-reused",
    fromDevice({ a: opt(u8(), { number: 1 }) }, { b: opt(bool, { number: 1 }) }, "protobuf"),
  ),
  design(
    "field number reused with another wire type",
    "breaks",
    "field/number-reused",
    fromDevice({ a: opt(u8(), { number: 1 }) }, { b: opt(text(4), { number: 1 }) }, "protobuf"),
  ),
  design(
    "default changed",
    "silent",
    "field/default-changed",
    fromDevice({ a: opt(u8(), { default: 5 }) }, { a: opt(u8(), { default: 6 }) }),
  ),
  design(
    "unit changed from cm to mm",
    "silent",
    "field/unit-changed",
    fromDevice({ a: req(u16(), { unit: "cm" }) }, { a: req(u16(), { unit: "mm" }) }),
  ),
  design(
    "documentation and examples changed",
    "safe",
    "field/annotation-changed",
    fromDevice({ a: req(u8(), { doc: "old" }) }, { a: req(u8(), { doc: "new", examples: [4] }) }),
  ),
  design(
    "order of fields changed",
    "safe",
    "field/order-changed",
    fromDevice(
      { a: req(u8(), { number: 1 }), b: req(u8(), { number: 2 }) },
      { b: req(u8(), { number: 2 }), a: req(u8(), { number: 1 }) },
      "json",
      "protobuf",
    ),
  ),

  buf(
    "FIELD_NO_DELETE: optional field removed",
    "safe",
    "field/optional-removed",
    fromDevice({ a, b: opt(bool) }, { a }),
  ),
  buf(
    "FIELD_NO_DELETE: optional field removed, protobuf",
    "safe",
    "field/optional-removed",
    fromDevice({ a, b: opt(bool) }, { a }, "protobuf"),
  ),
  buf(
    "FIELD_SAME_JSON_NAME: name kept, number changed, JSON",
    "safe",
    "field/number-changed",
    fromDevice({ a: req(u8(), { number: 1 }) }, { a: req(u8(), { number: 4 }) }),
  ),
  buf(
    "number of a required field changed",
    "breaks",
    "field/number-changed",
    fromDevice({ a: req(u8(), { number: 1 }) }, { a: req(u8(), { number: 4 }) }, "protobuf"),
  ),
  buf(
    "number of an optional field changed",
    "silent",
    "field/number-changed",
    fromDevice({ a: opt(u8(), { number: 1 }) }, { a: opt(u8(), { number: 4 }) }, "protobuf"),
  ),
  buf(
    "FIELD_SAME_NAME: two numbers exchanged between fields of one type",
    "silent",
    "field/number-changed",
    fromDevice(
      { a: req(u8(), { number: 1 }), b: req(u8(), { number: 2 }) },
      { a: req(u8(), { number: 2 }), b: req(u8(), { number: 1 }) },
      "protobuf",
    ),
  ),
  buf(
    "FIELD_SAME_NAME: number kept, name changed without saying so",
    "silent",
    "field/rename-suspected",
    fromDevice({ a: opt(u8(), { number: 1 }) }, { b: opt(u8(), { number: 1 }) }, "protobuf"),
  ),
  buf(
    "FIELD_SAME_CARDINALITY: one value becomes a list, JSON",
    "breaks",
    "type/kind-changed",
    fromDevice({ a: req(text(4)) }, { a: req(list(text(4), 3)) }),
  ),
  buf(
    "FIELD_SAME_CARDINALITY: one value becomes a list, protobuf",
    "silent",
    "type/kind-changed",
    fromDevice({ a: req(text(4)) }, { a: req(list(text(4), 3)) }, "protobuf"),
  ),
  buf(
    "FIELD_SAME_CARDINALITY: a list becomes one value, JSON",
    "breaks",
    "type/kind-changed",
    fromDevice({ a: req(list(u8(), 3)) }, { a: req(u8()) }),
  ),
  buf(
    "FIELD_SAME_DEFAULT: default added",
    "silent",
    "field/default-changed",
    fromDevice({ a: opt(u8()) }, { a: opt(u8(), { default: 6 }) }),
  ),
  buf(
    "FIELD_SAME_DEFAULT: default removed",
    "silent",
    "field/default-changed",
    fromDevice({ a: opt(u8(), { default: 5 }) }, { a: opt(u8()) }),
  ),
  buf(
    "MESSAGE_NO_DELETE: nested object with a required field removed",
    "controllers first",
    "field/required-removed",
    fromDevice({ a, gps: req(object({ lat: req(u8()) })) }, { a }),
  ),
  buf(
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED: the number is another field's, of an object",
    "breaks",
    "field/number-reused",
    fromDevice({ a: opt(u8(), { number: 1 }) }, { b: opt(object({ x: req(u8()) }), { number: 1 }) }, "protobuf"),
  ),

  confluent(
    "REQUIRED_ATTRIBUTE_ADDED: inside a nested object",
    "devices first",
    "field/made-required",
    fromDevice({ g: req(object({ x: opt(u8()) })) }, { g: req(object({ x: req(u8()) })) }),
  ),
  confluent(
    "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: with controllers as senders",
    "controllers first",
    "field/required-added",
    fromController({ g: req(object({ x: req(u8()) })) }, { g: req(object({ x: req(u8()), y: req(u8()) })) }),
  ),
  confluent(
    "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: unknown members are left out here",
    "safe",
    "field/optional-added",
    fromDevice({ g: req(object({ x: req(u8()) })) }, { g: req(object({ x: req(u8()), y: opt(text(3)) })) }),
  ),
  confluent(
    "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL: optional",
    "safe",
    "field/optional-removed",
    fromController({ g: req(object({ x: req(u8()), y: opt(u8()) })) }, { g: req(object({ x: req(u8()) })) }),
  ),
  confluent(
    "PROPERTY_WITH_EMPTY_SCHEMA: an optional object comes",
    "safe",
    "field/optional-added",
    fromDevice({ a }, { a, g: opt(object({})) }, "json", "protobuf"),
  ),

  apicurio(
    "OBJECT_TYPE_REQUIRED_PROPERTIES_MEMBER_REMOVED in a list's items",
    "controllers first",
    "field/made-optional",
    fromDevice({ l: req(list(object({ x: req(u8()) }), 2)) }, { l: req(list(object({ x: opt(u8()) }), 2)) }),
  ),
  apicurio(
    "OBJECT_TYPE_PROPERTY_SCHEMA_ADDED with a default",
    "safe",
    "field/optional-added",
    fromDevice({ a }, { a, b: opt(u8(), { default: 3 }) }),
  ),
  apicurio(
    "OBJECT_TYPE_PROPERTY_SCHEMA_REMOVED with a default",
    "safe",
    "field/optional-removed",
    fromDevice({ a, b: opt(u8(), { default: 3 }) }, { a }),
  ),
  apicurio(
    "UNDEFINED_UNUSED: deprecated since",
    "safe",
    "field/annotation-changed",
    fromDevice({ a }, { a: req(u8(), { deprecated: "use b", since: "1.1.0" }) }),
  ),

  oasdiff(
    "request-property-became-nullable",
    "devices first",
    "field/null-as-absent-added",
    fromController({ a: opt(u8()) }, { a: opt(u8(), { nullAsAbsent: true }) }),
  ),
  oasdiff(
    "response-property-became-nullable",
    "controllers first",
    "field/null-as-absent-added",
    fromDevice({ a: opt(u8()) }, { a: opt(u8(), { nullAsAbsent: true }) }),
  ),
  oasdiff(
    "request-property-became-not-nullable",
    "controllers first",
    "field/null-as-absent-removed",
    fromController({ a: opt(u8(), { nullAsAbsent: true }) }, { a: opt(u8()) }),
  ),
  oasdiff(
    "null is nothing that protobuf knows",
    "safe",
    "field/null-as-absent-added",
    fromDevice({ a: opt(u8()) }, { a: opt(u8(), { nullAsAbsent: true }) }, "protobuf"),
  ),
  oasdiff(
    "request-property-became-required-with-default: default dropped",
    "controllers first",
    "field/made-required",
    fromController({ a: opt(u8(), { default: 2 }) }, { a: req(u8()) }),
  ),
  oasdiff(
    "response-property-became-optional",
    "controllers first",
    "field/made-optional",
    answer({ a, b: req(u8()) }, { a, b: opt(u8()) }),
  ),
  oasdiff(
    "response-required-property-removed",
    "controllers first",
    "field/required-removed",
    answer({ a, b: req(u8()) }, { a }),
  ),
  oasdiff(
    "response-required-property-added",
    "devices first",
    "field/required-added",
    answer({ a }, { a, b: req(u8()) }),
  ),
  oasdiff(
    "new-required-request-property",
    "controllers first",
    "field/required-added",
    fromController({ a }, { a, b: req(bool) }),
  ),

  own(
    "scale said in the unit",
    "silent",
    "field/unit-changed",
    fromController({ a: req(u16(), { unit: "V" }) }, { a: req(u16(), { unit: "mV" }) }),
  ),
  own(
    "two fields call one field of old their earlier name",
    "silent",
    "field/name-reused",
    fromDevice(
      { speed: req(u8()) },
      { velocity: req(u8(), { was: ["speed"] }), pace: opt(u16(), { was: ["speed"], number: 2 }) },
    ),
  ),
  own(
    "unit said for the first time",
    "silent",
    "field/unit-changed",
    fromDevice({ a: req(u16()) }, { a: req(u16(), { unit: "mm" }) }),
  ),
  own(
    "unit of an optional field changed in a state",
    "silent",
    "field/unit-changed",
    kept({ a: opt(u16(), { unit: "s" }) }, { a: opt(u16(), { unit: "ms" }) }),
  ),
  own(
    "what fills a field in changed",
    "silent",
    "field/auto-changed",
    fromDevice({ a: req(u32(), { auto: "now" }) }, { a: req(u32(), { auto: "elapsed" }) }),
  ),
  own(
    "a field is filled in from now on",
    "safe",
    "field/auto-changed",
    fromDevice({ a: req(u32()) }, { a: req(u32(), { auto: "now" }) }),
  ),
  own(
    "short key given to another field, compact",
    "silent",
    "field/short-reused",
    fromDevice(
      { a: opt(u8(), { short: "x" }) },
      { b: opt(u16(), { short: "x" }), c: opt(u8(), { short: "y" }) },
      "compact",
      "json",
    ),
  ),
  own(
    "two short keys exchanged, compact",
    "silent",
    "field/short-changed",
    fromDevice(
      { a: req(u8(), { short: "x" }), b: req(u8(), { short: "y" }) },
      { a: req(u8(), { short: "y" }), b: req(u8(), { short: "x" }) },
      "compact",
    ),
  ),
  own(
    "short key that is another field's full name, compact",
    "silent",
    "field/short-reused",
    fromDevice({ a, b: opt(u8()) }, { a, c: opt(u16(), { short: "b" }) }, "compact"),
  ),
  own(
    "required field renamed, declared, and kept by the broker",
    "controllers first",
    "field/renamed",
    kept({ speed: req(u8()) }, { velocity: req(u8(), { was: ["speed"] }) }),
  ),
  own(
    "required field renamed, compact, short key kept",
    "safe",
    "field/renamed",
    fromDevice(
      { speed: req(u8(), { short: "s" }) },
      { velocity: req(u8(), { short: "s", was: ["speed"] }) },
      "compact",
    ),
  ),
  own(
    "required field renamed twice since the oldest version",
    "controllers first",
    "field/renamed",
    fromDevice({ velocity: req(u8(), { was: ["speed"] }) }, { pace: req(u8(), { was: ["velocity", "speed"] }) }),
    {
      earlier: [fromDevice({ speed: req(u8()) }, { speed: req(u8()) })[0]],
    },
  ),
  own(
    "field moved into a nested object",
    "breaks",
    "field/required-removed",
    fromDevice({ lat: req(u8()), b: opt(u8()) }, { b: opt(u8()), gps: req(object({ lat: req(u8()) })) }),
  ),
  own(
    "optional octets added",
    "safe",
    "field/optional-added",
    fromDevice({ a }, { a, raw: opt(octets(16)) }, "json", "compact", "protobuf"),
  ),
  own("nothing changed", "safe", "none", fromDevice({ a }, { a })),
  own(
    "two fields need opposite orders",
    "breaks",
    "field/required-added",
    fromDevice({ a, b: req(text(3)) }, { a, c: req(bool) }),
  ),
  own(
    "optional field added within what a small old reader takes",
    "safe",
    "field/optional-added",
    payload({ a }, { a, b: opt(u8()) }, ["json"], { leg: { maxBytes: 64 } }),
  ),
  own("limit of the reader lowered below the worst case", "devices first", "leg/too-large", [
    contract({ channels: { reading: { message: { a: req(text(50)) }, leg: { maxBytes: 400 } } } }),
    contract({ channels: { reading: { message: { a: req(text(50)) }, leg: { maxBytes: 100 } } } }),
  ]),
  own("limit of the reader raised", "safe", "leg/limit-changed", [
    contract({ channels: { reading: { message: { a }, leg: { maxBytes: 100 } } } }),
    contract({ channels: { reading: { message: { a }, leg: { maxBytes: 400 } } } }),
  ]),
]

function queued(old: Parameters<typeof payload>[0], next: Parameters<typeof payload>[0]) {
  const persistent = { app: { session: { kind: "persistent", expirySeconds: 86_400 } } } as const
  const make = (message: Parameters<typeof payload>[0]) =>
    contract({ channels: { reading: { kind: "event", message } }, roles: persistent })
  return [make(old), make(next)] as const
}

/** A reply: the device sends it to whoever asked. */
function answer(old: NonNullable<Parameters<typeof contract>[0]["channels"]>[string]["response"], next: typeof old) {
  const status = { id: req(text(20)), status: req(text(6)) }
  const make = (more: typeof old) =>
    contract({ channels: { reading: { kind: "command", response: { ...status, ...(more as object) } } } })
  return [make(old), make(next)] as const
}
