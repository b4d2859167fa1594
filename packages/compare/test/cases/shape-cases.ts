// Long because it is one table.
import type { ContractIr, TypeIr } from "@fleetwire/ir"
import {
  bool,
  channel,
  choice,
  contract,
  fromController,
  fromDevice,
  kept,
  list,
  map,
  object,
  octets,
  opt,
  type Pair,
  payload,
  req,
  text,
  u8,
  u16,
  union,
  value,
} from "../contracts.js"
import { type Case, rowsFrom } from "./case.js"

const design = rowsFrom("evolution")
const buf = rowsFrom("buf")
const confluent = rowsFrom("confluent")
const apicurio = rowsFrom("apicurio")
const oasdiff = rowsFrom("oasdiff")
const own = rowsFrom("own")

const open = { open: true } as const
const numbered = { compactAs: "number" } as const
const circle = { r: req(u8()) }
const square = { side: req(u8()) }

type Unit = { readonly unit?: string }
const whole = (old: Unit, next: Unit, type: TypeIr): Pair => {
  const [before, after] = payload(type, type, ["text"], { kind: "state" })
  return [withUnit(before, old), withUnit(after, next)]
}
const unitList = (itemUnit: string): TypeIr => ({ kind: "list", item: u16(), itemUnit, maxItems: 4 })
const referred = (old: Unit, next: Unit): Pair => {
  const fields = { depth: req({ kind: "ref", message: "Depth" }) }
  const [before, after] = [contract({ channels: {} }), contract({ channels: {} })]
  const [one] = channel({ message: { depth: req(u16()) } }, { message: { depth: req(u16()) } })
  const [reading] = one.messages
  const made = (ir: ContractIr, unit: Unit): ContractIr => ({
    ...one,
    messages: [
      ...ir.messages,
      { name: "Depth", ...unit, type: u16() },
      { ...reading!, type: { ...object(fields), name: "Reading" } },
    ],
  })
  return [made(before, old), made(after, next)]
}
const withUnit = (ir: ContractIr, unit: Unit): ContractIr => ({
  ...ir,
  messages: ir.messages.map((message) => ({ ...message, ...unit })),
})

/** Enums, unions, lists, maps and objects. */
export const shapeCases: readonly Case[] = [
  design(
    "value added to a closed enum of the device",
    "controllers first",
    "type/enum-value-added",
    value(choice(["on", "off"]), choice(["on", "off", "dim"])),
  ),
  design(
    "value added to a closed enum of controllers",
    "devices first",
    "type/enum-value-added",
    fromController({ v: req(choice(["on", "off"])) }, { v: req(choice(["on", "off", "dim"])) }),
  ),
  design(
    "value removed from a closed enum of the device",
    "devices first",
    "type/enum-value-removed",
    value(choice(["on", "off", "dim"]), choice(["on", "off"])),
  ),
  design(
    "value removed from a closed enum of controllers",
    "controllers first",
    "type/enum-value-removed",
    fromController({ v: req(choice(["on", "off", "dim"])) }, { v: req(choice(["on", "off"])) }),
  ),
  design(
    "value removed from a closed enum of a state",
    "breaks",
    "type/enum-value-removed",
    kept({ v: req(choice(["on", "off", "dim"])) }, { v: req(choice(["on", "off"])) }),
  ),
  design(
    "value added to an open enum",
    "safe",
    "type/enum-value-added",
    value(choice(["on"], open), choice(["on", "dim"], open), "json", "protobuf"),
  ),
  design(
    "value removed from an open enum",
    "safe",
    "type/enum-value-removed",
    value(choice(["on", "dim"], open), choice(["on"], open), "json", "protobuf"),
  ),
  design(
    "enum value renamed, JSON",
    "breaks",
    "type/enum-value-renamed",
    value(choice(["on", "off"]), choice(["on", { name: "halt", number: 2, was: ["off"] }])),
  ),
  design(
    "enum value renamed, protobuf, declared",
    "safe",
    "type/enum-value-renamed",
    value(choice(["on", "off"]), choice(["on", { name: "halt", number: 2, was: ["off"] }]), "protobuf"),
  ),
  design(
    "enum value renamed, numbers in compact JSON, declared",
    "safe",
    "type/enum-value-renamed",
    value(
      choice(["on", "off"], numbered),
      choice(["on", { name: "halt", number: 2, was: ["off"] }], numbered),
      "compact",
    ),
  ),
  design(
    "two enum numbers exchanged, protobuf",
    "silent",
    "type/enum-number-changed",
    value(
      choice(["on", "off"]),
      choice([
        { name: "on", number: 2 },
        { name: "off", number: 1 },
      ]),
      "protobuf",
    ),
  ),
  design(
    "two enum numbers exchanged where only names travel",
    "safe",
    "type/enum-number-changed",
    value(
      choice(["on", "off"]),
      choice([
        { name: "on", number: 2 },
        { name: "off", number: 1 },
      ]),
    ),
  ),

  buf(
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED: a removed value's number given to another",
    "silent",
    "type/enum-number-reused",
    value(choice(["on", "off"]), choice(["on", { name: "dim", number: 2 }]), "protobuf"),
  ),
  buf(
    "ENUM_VALUE_SAME_NAME: number of a closed enum's value changed",
    "breaks",
    "type/enum-number-changed",
    value(choice(["on", "off"]), choice(["on", { name: "off", number: 9 }]), "protobuf"),
  ),
  buf(
    "number of an open enum's value changed",
    "silent",
    "type/enum-number-changed",
    value(choice(["on", "off"], open), choice(["on", { name: "off", number: 9 }], open), "protobuf"),
  ),
  buf(
    "ENUM_SAME_TYPE: closed becomes open",
    "controllers first",
    "type/enum-opened",
    payload({ v: req(choice(["on"])) }, { v: req(choice(["on"], open)) }, ["json"], { leg: { maxBytes: 300 } }),
  ),
  own(
    "closed becomes open, and texts without a bound may come",
    "breaks",
    "leg/too-large",
    value(choice(["on"]), choice(["on"], open)),
  ),
  buf(
    "ENUM_SAME_TYPE: open becomes closed",
    "devices first",
    "type/enum-closed",
    value(choice(["on"], open), choice(["on"])),
  ),
  buf(
    "ENUM_FIRST_VALUE_SAME: order of values changed",
    "safe",
    "type/enum-order-changed",
    value(
      choice([
        { name: "on", number: 1 },
        { name: "off", number: 2 },
      ]),
      choice([
        { name: "off", number: 2 },
        { name: "on", number: 1 },
      ]),
      "json",
      "protobuf",
    ),
  ),
  buf(
    "FIELD_SAME_ONEOF: branch added by the device",
    "controllers first",
    "type/branch-added",
    fromDevice(union("shape", { circle }), union("shape", { circle, square }), "json", "protobuf"),
  ),
  buf(
    "ONEOF_NO_DELETE: branch removed by the device",
    "devices first",
    "type/branch-removed",
    fromDevice(union("shape", { circle, square }), union("shape", { circle }), "json", "protobuf"),
  ),
  buf(
    "branch of controllers removed",
    "controllers first",
    "type/branch-removed",
    fromController(union("shape", { circle, square }), union("shape", { circle })),
  ),
  buf(
    "branch number changed, protobuf",
    "breaks",
    "type/branch-number-changed",
    fromDevice(union("shape", { circle }), union("shape", { circle }, { circle: 5 }), "protobuf"),
  ),
  buf(
    "branch number changed, JSON",
    "safe",
    "type/branch-number-changed",
    fromDevice(union("shape", { circle }), union("shape", { circle }, { circle: 5 })),
  ),
  buf(
    "two branch numbers exchanged, protobuf",
    "silent",
    "type/branch-number-changed",
    fromDevice(
      union("shape", { circle, square: circle }),
      union("shape", { circle, square: circle }, { circle: 2, square: 1 }),
      "protobuf",
    ),
  ),
  buf(
    "a removed branch's number given to another, protobuf",
    "silent",
    "type/branch-number-reused",
    fromDevice(
      union("shape", { circle, dot: {} }, { dot: 7 }),
      union("shape", { circle, line: { n: opt(u8()) } }, { line: 7 }),
      "protobuf",
    ),
  ),

  confluent(
    "SUM_TYPE_EXTENDED for controllers",
    "devices first",
    "type/branch-added",
    fromController(union("shape", { circle }), union("shape", { circle, square })),
  ),
  confluent(
    "PRODUCT_TYPE: field of a branch made required",
    "devices first",
    "field/made-required",
    fromDevice(union("shape", { circle: { r: opt(u8()) } }), union("shape", { circle })),
  ),
  confluent(
    "ENUM_ARRAY_NARROWED in a list",
    "devices first",
    "type/enum-value-removed",
    value(list(choice(["on", "off"]), 4), list(choice(["on"]), 4)),
  ),
  confluent(
    "ENUM_ARRAY_CHANGED",
    "breaks",
    "type/enum-value-added",
    value(choice(["on", "off"]), choice(["on", { name: "dim", number: 5 }])),
  ),
  confluent(
    "MAX_ITEMS_ADDED",
    "devices first",
    "type/items-narrowed",
    value({ kind: "list", item: u8() }, list(u8(), 3)),
  ),
  confluent(
    "MAX_ITEMS_INCREASED",
    "controllers first",
    "type/items-widened",
    value(list(u8(), 3), list(u8(), 5), "json", "protobuf"),
  ),
  confluent("MAX_ITEMS_DECREASED", "devices first", "type/items-narrowed", value(list(u8(), 5), list(u8(), 3))),
  confluent("MIN_ITEMS_ADDED", "devices first", "type/items-narrowed", value(list(u8(), 5), list(u8(), 5, 1))),
  confluent(
    "MIN_ITEMS_DECREASED",
    "controllers first",
    "type/items-widened",
    value(list(u8(), 5, 2), list(u8(), 5, 1)),
  ),
  confluent(
    "MAX_PROPERTIES_DECREASED",
    "devices first",
    "type/entries-narrowed",
    value(map(u8(), { maxProperties: 4 }), map(u8(), { maxProperties: 2 })),
  ),
  confluent(
    "MAX_PROPERTIES_INCREASED",
    "controllers first",
    "type/entries-widened",
    value(map(u8(), { maxProperties: 2 }), map(u8(), { maxProperties: 4 }), "json", "protobuf"),
  ),
  confluent(
    "ADDITIONAL_PROPERTIES_NARROWED: values of a map",
    "devices first",
    "type/bounds-narrowed",
    value(map(u8()), map(u8({ max: 9 }))),
  ),
  confluent(
    "ADDITIONAL_PROPERTIES_EXTENDED: values of a map",
    "controllers first",
    "type/bounds-widened",
    value(map(u8({ max: 9 })), map(u8())),
  ),
  confluent("object becomes map", "silent", "type/kind-changed", value(object({ x: req(u8()) }), map(u8()))),
  confluent("map becomes object", "silent", "type/kind-changed", value(map(u8()), object({ x: opt(u8()) }))),

  apicurio("ARRAY_TYPE_ALL_ITEM_SCHEMA_CHANGED", "breaks", "type/kind-changed", value(list(u8(), 3), list(text(3), 3))),
  apicurio(
    "OBJECT_TYPE_PROPERTY_NAMES_SCHEMA: pattern of keys given",
    "devices first",
    "type/keys-narrowed",
    value(map(u8()), map(u8(), { keyPattern: "[a-z]{1,4}" })),
  ),
  apicurio(
    "keys may be longer",
    "controllers first",
    "type/keys-widened",
    value(map(u8(), { keyMaxLength: 4 }), map(u8(), { keyMaxLength: 6 })),
  ),
  apicurio(
    "pattern of keys moved",
    "breaks",
    "type/keys-moved",
    value(map(u8(), { keyPattern: "[a-f]{1,4}" }), map(u8(), { keyPattern: "[d-z]{1,4}" })),
  ),
  apicurio(
    "COMBINED_TYPE_CRITERION_CHANGED: tag renamed, JSON",
    "breaks",
    "type/tag-changed",
    fromDevice(union("shape", { circle }), union("kind", { circle })),
  ),
  apicurio(
    "tag renamed, protobuf",
    "safe",
    "type/tag-changed",
    fromDevice(union("shape", { circle }), union("kind", { circle }), "protobuf"),
  ),
  apicurio(
    "object becomes union, JSON",
    "silent",
    "type/kind-changed",
    fromDevice({ g: req(object(circle)) }, { g: req(union("shape", { circle })) }),
  ),
  apicurio("list becomes object", "breaks", "type/kind-changed", value(list(u8(), 3), object({ x: req(u8()) }))),

  oasdiff(
    "request-property-enum-value-removed",
    "controllers first",
    "type/enum-value-removed",
    fromController({ v: req(choice(["a", "b"])) }, { v: req(choice(["a"])) }),
  ),
  oasdiff(
    "response-property-enum-value-added in an open enum",
    "safe",
    "type/enum-value-added",
    value(choice(["a"], open), choice(["a", "b"], open)),
  ),
  oasdiff(
    "request-body-one-of-added",
    "devices first",
    "type/branch-added",
    fromController(union("t", { a: {} }), union("t", { a: {}, b: {} }), "json", "protobuf"),
  ),
  oasdiff(
    "response-property-max-items-unset",
    "breaks",
    "leg/too-large",
    value(list(u16(), 3), { kind: "list", item: u16() }),
  ),
  oasdiff(
    "response-property-list-of-types-widened inside a map",
    "controllers first",
    "type/integer-to-number",
    value(map(u8()), map({ kind: "float", bits: 64 })),
  ),

  own(
    "enum begins to travel as a number, compact",
    "breaks",
    "type/enum-compact-changed",
    value(choice(["on", "off"]), choice(["on", "off"], numbered), "compact"),
  ),
  own(
    "enum begins to travel as a number where nobody speaks compact",
    "safe",
    "type/enum-compact-changed",
    value(choice(["on", "off"]), choice(["on", "off"], numbered)),
  ),
  own(
    "enum value renamed in an open enum: it arrives as an unknown one",
    "silent",
    "type/enum-value-renamed",
    value(choice(["on", "off"], open), choice(["on", { name: "halt", number: 2, was: ["off"] }], open)),
  ),
  own(
    "value added to an enum and required field of octets kept",
    "controllers first",
    "type/enum-value-added",
    fromDevice(
      { e: req(choice(["a"])), o: req(octets(4)) },
      { e: req(choice(["a", "b"])), o: req(octets(4)) },
      "json",
      "compact",
      "protobuf",
    ),
  ),
  own(
    "enum closed whose values stay, for controllers",
    "controllers first",
    "type/enum-closed",
    fromController({ v: req(choice(["on"], open)) }, { v: req(choice(["on"])) }),
  ),
  own(
    "nested list's items widened",
    "controllers first",
    "type/items-widened",
    fromDevice(
      { l: req(list(object({ p: req(list(u8(), 2)) }), 2)) },
      { l: req(list(object({ p: req(list(u8(), 3)) }), 2)) },
    ),
  ),
  own("bool becomes a closed enum", "breaks", "type/kind-changed", value(bool, choice(["on", "off"]))),
  own(
    "union becomes object: the tag is ignored",
    "silent",
    "type/kind-changed",
    fromDevice({ g: req(union("shape", { circle })) }, { g: req(object(circle)) }),
  ),
  own(
    "a branch gains an optional field",
    "safe",
    "field/optional-added",
    fromDevice(union("shape", { circle }), union("shape", { circle: { ...circle, n: opt(u8()) } }), "json", "protobuf"),
  ),
  own(
    "item of a list becomes deprecated value of an enum",
    "safe",
    "type/annotation-changed",
    value(
      list(choice(["a", "b"]), 2),
      list(
        {
          kind: "enum",
          name: "Choice",
          open: false,
          values: [
            { name: "a", number: 1 },
            { name: "b", number: 2, deprecated: "no" },
          ],
        },
        2,
      ),
    ),
  ),
  own("number of items moved", "breaks", "type/items-moved", value(list(u8(), 3, 1), list(u8(), 5, 2))),
  own(
    "no least number of items said instead of zero",
    "safe",
    "type/items-changed",
    value(list(u8(), 3, 0), list(u8(), 3)),
  ),
  own(
    "pattern of keys written differently",
    "safe",
    "type/keys-changed",
    value(map(u8(), { keyPattern: "a(b|c)" }), map(u8(), { keyPattern: "ab|ac" })),
  ),
  own(
    "unit of a message that is one value changed",
    "silent",
    "field/unit-changed",
    whole({ unit: "cm" }, { unit: "mm" }, u16({ max: 4000 })),
  ),
  own("unit of such a message dropped", "silent", "field/unit-changed", whole({ unit: "cm" }, {}, u16())),
  own("unit of such a message said for the first time", "safe", "type/unit-said", whole({}, { unit: "cm" }, u16())),
  own(
    "unit of the items of a list changed",
    "silent",
    "field/unit-changed",
    value(unitList("cm"), unitList("mm"), "json", "protobuf"),
  ),
  own(
    "unit of the values of a map changed",
    "silent",
    "field/unit-changed",
    value(map(u16(), { valueUnit: "V" }), map(u16(), { valueUnit: "mV" })),
  ),
  own(
    "unit of the message changed that a field refers to",
    "silent",
    "field/unit-changed",
    referred({ unit: "cm" }, { unit: "mm" }),
  ),
  own("unit of that message said for the first time", "safe", "type/unit-said", referred({}, { unit: "mm" })),
]
