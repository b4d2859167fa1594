import { createNameScope, type NameScope, pascalCase, snakeCase, upperSnakeCase } from "../core/name-policy.js"

// Words that protoc does not take as a name where it expects a type or field, and those that break generated code.
const RESERVED =
  "bool bytes double enum extend extensions fixed32 fixed64 float group import int32 int64 map message oneof option optional package public repeated required reserved returns rpc service sfixed32 sfixed64 sint32 sint64 stream string syntax to uint32 uint64 weak".split(
    " ",
  )

const PLAIN = /[^A-Za-z0-9_]/g

/** Names of messages and enums in one message, or of the file. */
export function typeScope(): NameScope {
  return createNameScope({ case: (words) => ascii(pascalCase(words)), reserved: RESERVED, empty: "Unnamed" })
}

/** Names of fields in one message: as on the wire where that is a name of protobuf. */
export function fieldScope(): NameScope {
  return createNameScope({ case: (words) => ascii(snakeCase(words)), reserved: [], empty: "field" })
}

/** Names of an enum's values, which live beside the enum. */
export function valueScope(): NameScope {
  return createNameScope({ case: (words) => ascii(upperSnakeCase(words)), reserved: [], empty: "VALUE" })
}

function ascii(name: string): string {
  return name.normalize("NFKD").replace(PLAIN, "")
}

/** The name that proto3's JSON mapping gives a field without `json_name`. */
export function jsonNameOf(field: string): string {
  return field.replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/_+$/, "")
}
