import { type ContractIr, findMessage, type JsonValue, type TypeIr } from "@fleetwire/ir"
import { Code, code, join } from "../core/code.js"
import type { LiteralValue } from "../core/literal.js"

type Members = { readonly [key: string]: JsonValue }

/** A value of a type as a contract says it: wide integers as bigint, octets as `Uint8Array`, the rest as JSON. */
export function valueLiteral(ir: ContractIr, type: TypeIr, value: JsonValue): LiteralValue {
  switch (type.kind) {
    case "int":
      return type.bits === 64 ? BigInt(value as string | number) : value
    case "bytes": {
      const octets = Uint8Array.from(atob(value as string), (character) => character.charCodeAt(0))
      return code`Uint8Array.of(${join([...octets], code`, `)})`
    }
    case "list":
      return (value as readonly JsonValue[]).map((item) => valueLiteral(ir, type.item, item))
    case "map":
      return members(value as Members, () => type.value, ir)
    case "object":
      return members(value as Members, (name) => type.fields.find((field) => field.name === name)?.type, ir)
    case "union": {
      const { [type.tag]: tag, ...rest } = value as Members
      const branch = type.branches.find((candidate) => candidate.value === tag)
      if (branch === undefined) return value
      return {
        [type.tag]: branch.value,
        ...(valueLiteral(ir, branch.type, rest) as { readonly [key: string]: LiteralValue }),
      }
    }
    case "ref":
      return valueLiteral(ir, findMessage(ir, type.message)!.type, value)
    default:
      return value
  }
}

function members(value: Members, typeOf: (name: string) => TypeIr | undefined, ir: ContractIr): LiteralValue {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const type = typeOf(name)
      return [name, type === undefined ? member : valueLiteral(ir, type, member)]
    }),
  )
}

/** Whether a literal says nothing: an object without members. */
export function isEmptyLiteral(value: LiteralValue): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof Code) &&
    !Array.isArray(value) &&
    Object.values(value).every((member) => member === undefined)
  )
}
