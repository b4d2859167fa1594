import type { FieldIr, TypeIr } from "@fleetwire/ir"
import { anchor, code, words } from "./markdown.js"

/** Short name of a type for a table, such as `uint8` or a link to the message that it refers to. */
export function typeName(type: TypeIr): string {
  switch (type.kind) {
    case "int":
      return code(`${type.signed ? "" : "u"}int${type.bits}`)
    case "float":
      return code(`float${type.bits}`)
    case "string":
      return code(type.format ?? "string")
    case "enum":
      return type.open ? `${code("enum")}, open` : code("enum")
    case "const":
      return code(JSON.stringify(type.value))
    case "list":
      return `list of ${typeName(type.item)}`
    case "map":
      return `map of ${typeName(type.value)}`
    case "union":
      return `one of, told apart by ${code(type.tag)}`
    case "ref":
      return `[${words(type.message)}](./messages.md#${anchor("message", type.message)})`
    default:
      return code(type.kind)
  }
}

/** What values a type admits, besides its name. */
export function rangeOf(type: TypeIr): string {
  switch (type.kind) {
    case "int":
      return join([`${type.min} … ${type.max}`, type.multipleOf && `in steps of ${type.multipleOf}`, type.epoch])
    case "float":
      return join([
        type.min !== undefined && type.max !== undefined && `${type.min} … ${type.max}`,
        type.min !== undefined && type.max === undefined && `≥ ${type.min}`,
        type.min === undefined && type.max !== undefined && `≤ ${type.max}`,
        type.decimals !== undefined && `${type.decimals} decimals`,
      ])
    case "string":
      return join([
        lengths(type.minLength, type.maxLength, "characters"),
        type.maxBytes !== undefined && `${type.maxBytes} B of UTF-8`,
        type.pattern !== undefined && code(type.pattern),
      ])
    case "bytes":
      return join([lengths(type.minLength, type.maxLength, "B")])
    case "enum":
      return type.values.map(({ name, number }) => `${code(name)} = ${number}`).join(", ")
    case "list":
      return join([lengths(type.minItems, type.maxItems, "items"), rangeOf(type.item)])
    case "map":
      return join([lengths(undefined, type.maxProperties, "entries"), rangeOf(type.value)])
    default:
      return ""
  }
}

/** Whether a field may be left out, and what stands for it then. */
export function presenceOf(field: FieldIr): string {
  if (field.auto !== undefined) return `${AUTO[field.auto]}, unless given`
  if (field.default !== undefined) return `default ${code(JSON.stringify(field.default))}`
  if (field.required) return "required"
  return field.nullAsAbsent === true ? "optional; null reads as absent" : "optional"
}

const AUTO = {
  now: "the current time",
  identity: "the device's id",
  id: "the request's id",
  elapsed: "time since the request began",
  session: "a number new for each connection",
} as const

function lengths(min: number | undefined, max: number | undefined, unit: string): string | undefined {
  if (min === undefined) return max === undefined ? undefined : `≤ ${max} ${unit}`
  return max === undefined ? `≥ ${min} ${unit}` : `${min} … ${max} ${unit}`
}

function join(parts: readonly (string | number | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== "").join(", ")
}
