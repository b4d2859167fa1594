import type { TypeIr } from "@fleetwire/ir"

/** A type in a few words, such as `u8 0…100` or `text of at most 12 characters`. */
export function describeType(type: TypeIr): string {
  switch (type.kind) {
    case "bool":
      return "true or false"
    case "int":
      return `${type.fixed === true ? "fixed " : ""}${type.signed ? "i" : "u"}${type.bits} ${type.min}…${type.max}`
    case "float":
      return `float${type.bits} ${type.min ?? "−∞"}…${type.max ?? "∞"}`
    case "string": {
      const length = type.maxLength === undefined ? "of any length" : `of at most ${type.maxLength} characters`
      const pattern = type.pattern === undefined ? "" : ` like ${type.pattern}`
      return `text ${length}${pattern}${type.format === undefined ? "" : ` (${type.format})`}`
    }
    case "bytes":
      return `${type.minLength ?? 0} to ${type.maxLength ?? "any number of"} octets`
    case "enum":
      return `${type.open ? "open" : "closed"} choice of ${type.values.map(({ name }) => name).join(", ")}`
    case "const":
      return `the constant ${JSON.stringify(type.value)}`
    case "list":
      return `list of ${describeType(type.item)}`
    case "map":
      return `map of ${describeType(type.value)}`
    case "object":
      return `object with ${type.fields.map(({ name }) => name).join(", ") || "no fields"}`
    case "union":
      return `union of ${type.branches.map(({ value }) => value).join(", ")}`
    case "ref":
      return type.message
  }
}
