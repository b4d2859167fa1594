import type { EnumIr, FieldIr, MessageIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import { type Code, code, doc, join, key, string } from "../core/code.js"
import { fieldFacts } from "./field-facts.js"
import type { TypeNames } from "./type-names.js"

/** `value` is what decoders give; `input` is what a sender hands over, where fields with a default may be absent. */
export type Side = "value" | "input"

/** The contract as far as the shape of one type may depend on the others. */
export interface TypeWorld {
  readonly names: TypeNames
  message(name: string): MessageIr
}

/** The TypeScript type of a value, as an expression that can stand anywhere a type can. */
export function typeExpression(type: TypeIr, side: Side, world: TypeWorld): Code {
  switch (type.kind) {
    case "bool":
      return code`boolean`
    case "int":
      return type.bits === 64 ? code`bigint` : code`number`
    case "float":
      return code`number`
    case "string":
      return code`string`
    case "bytes":
      return code`Uint8Array`
    case "const":
      return constExpression(type.value)
    case "list": {
      const item = typeExpression(type.item, side, world)
      return isCompound(type.item, side, world) ? code`readonly (${item})[]` : code`readonly ${item}[]`
    }
    case "map":
      return code`{ readonly [key: string]: ${typeExpression(type.value, side, world)} }`
    case "enum":
      return code`${world.names.named(type).type}`
    case "object":
    case "union": {
      const named = world.names.named(type)
      return code`${side === "input" && differsAsInput(type, world) ? named.input : named.type}`
    }
    case "ref":
      return refExpression(type.message, side, world)
  }
}

/** A message inside another: its `auto` fields are filled in at the top level only, so here they are required. */
function refExpression(message: string, side: Side, world: TypeWorld): Code {
  const names = world.names.message(message)
  const target = world.message(message)
  if (side === "value" || !differsAsInput(target.type, world)) return code`${names.type}`
  const auto = autoFieldsOf(message, world)
  if (auto.length === 0) return code`${names.input}`
  const picked = join(
    auto.map((field) => string(field.name)),
    code` | `,
  )
  return code`${names.input} & Pick<${names.type}, ${picked}>`
}

/** True where the expression must stand in brackets before `[]`. */
function isCompound(type: TypeIr, side: Side, world: TypeWorld): boolean {
  if (type.kind === "list") return true
  return type.kind === "ref" && side === "input" && autoFieldsOf(type.message, world).length > 0
}

function autoFieldsOf(message: string, world: TypeWorld): readonly FieldIr[] {
  const { type } = world.message(message)
  return type.kind === "object" ? type.fields.filter(isAuto) : []
}

/** The values of an enum, and for an open one every other string too. */
export function enumExpression(type: EnumIr): Code {
  const values = join(
    type.values.map((value) => string(value.name)),
    code` | `,
  )
  if (!type.open) return type.values.length === 0 ? code`never` : values
  return type.values.length === 0 ? code`string` : code`${values} | (string & {})`
}

/** A literal of its own type. */
export function constExpression(value: string | number | boolean): Code {
  if (typeof value === "string") return string(value)
  return typeof value === "number" ? code`${value}` : value ? code`true` : code`false`
}

/** The field is there after decoding. */
export function isPresent(field: FieldIr): boolean {
  return field.required || field.default !== undefined
}

/** The sender's engine fills the field in. */
export function isAuto(field: FieldIr): boolean {
  return field.auto !== undefined
}

/** The sender may leave out a field that is there after decoding. */
export function isSpared(field: FieldIr, top: boolean): boolean {
  return isPresent(field) && (field.default !== undefined || (top && isAuto(field)))
}

/** True where a sender may hand over less than a reader gets. `top`: the type is a message's own. */
export function differsAsInput(type: TypeIr, world: TypeWorld): boolean {
  switch (type.kind) {
    case "object":
      return type.fields.some((field) => isSpared(field, true) || differsAsInput(field.type, world))
    case "list":
      return differsAsInput(type.item, world)
    case "map":
      return differsAsInput(type.value, world)
    case "union":
      return type.branches.some((branch) => differsAsInput(branch.type, world))
    case "ref":
      return differsAsInput(world.message(type.message).type, world)
    default:
      return false
  }
}

/** The members of an object's interface that a sender's version says anew, and only those. */
export function inputMembers(
  type: ObjectIr,
  world: TypeWorld,
): { readonly names: readonly string[]; readonly members: Code[] } {
  const changed = type.fields.filter((field) => isSpared(field, true) || differsAsInput(field.type, world))
  return {
    names: changed.map((field) => field.name),
    members: changed.map((field) => {
      const optional = isSpared(field, true) || !isPresent(field)
      return code`
        ${doc(fieldFacts(field))}
        readonly ${key(field.name)}${optional ? code`?` : code``}: ${typeExpression(field.type, "input", world)}
      `
    }),
  }
}
