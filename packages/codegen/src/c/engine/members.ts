import type { JsonValue } from "@fleetwire/ir"
import { type Code, code, ident, string } from "../../core/code.js"
import { intType } from "../member-types.js"
import type { CField, CModel, CObject } from "../model.js"

/** Lines that give members the values of a constant of the contract, such as the payload of a birth. */
export function assignMembers(model: CModel, object: CObject, path: Code, value: JsonValue): readonly Code[] {
  return pairs(object, value).flatMap(([field, one]) => {
    const member = code`${path}${ident(field.member)}`
    const flag = field.flagged ? [code`${path}has_${ident(field.member)} = true;`] : []
    if (field.type.kind === "object") return [...flag, ...assignMembers(model, field.object!, code`${member}.`, one)]
    const literal = literalOf(model, field, one)
    if (literal === undefined) return []
    return [...flag, code`${member} = ${field.type.kind === "string" ? code`fw_text(${literal})` : literal};`]
  })
}

/** Conditions under which members have the values of a constant. */
export function testMembers(model: CModel, object: CObject, path: Code, value: JsonValue): readonly Code[] {
  return pairs(object, value).flatMap(([field, one]) => {
    const member = code`${path}${ident(field.member)}`
    const flag = field.flagged ? [code`${path}has_${ident(field.member)}`] : []
    if (field.type.kind === "object") return [...flag, ...testMembers(model, field.object!, code`${member}.`, one)]
    const literal = literalOf(model, field, one)
    if (literal === undefined) return []
    return [
      ...flag,
      field.type.kind === "string" ? code`fw_text_is(&${member}, ${literal})` : code`${member} == ${literal}`,
    ]
  })
}

/** What the engine knows when it fills members in. */
export interface FillContext {
  /** Expression of the id, of the elapsed milliseconds. */
  readonly id?: Code
  readonly elapsed?: Code
}

/** Lines that fill in what the contract leaves to the engine, where the caller left it out. */
export function fillMembers(object: CObject, path: Code, context: FillContext): readonly Code[] {
  return object.fields.flatMap((field) => {
    const member = code`${path}${ident(field.member)}`
    const value = autoValue(field, context)
    if (value === undefined) return []
    const flag = field.flagged ? [code`${path}has_${ident(field.member)} = true;`] : []
    if (field.type.kind === "string") return [code`if (${member}.length == 0) ${member} = ${value};`, ...flag]
    return [code`if (${member} == 0) ${member} = ${value};`, ...flag]
  })
}

function autoValue({ field, type }: CField, context: FillContext): Code | undefined {
  const number = (value: Code): Code | undefined =>
    type.kind === "int" ? code`(${ident(intType(type.bits, type.signed))})(${value})` : undefined
  switch (field.auto) {
    case "identity":
      return type.kind === "string" ? code`device->identity` : undefined
    case "id":
      return type.kind === "string" ? context.id : undefined
    case "elapsed":
      return context.elapsed === undefined ? undefined : number(context.elapsed)
    case "session":
      return number(code`device->session`)
    case "now":
      if (type.kind !== "int") return undefined
      if (type.epoch === "boot-milliseconds") return number(code`device->now`)
      if (type.epoch === "unix-milliseconds") return number(code`(uint64_t)device->unix_seconds * 1000u`)
      return number(code`device->unix_seconds`)
    default:
      return undefined
  }
}

/** Lines that give required members a valid value where zero is none. */
export function leastMembers(model: CModel, object: CObject, path: Code): readonly Code[] {
  return object.fields.flatMap((field): readonly Code[] => {
    if (field.flagged) return []
    const member = code`${path}${ident(field.member)}`
    const { type } = field
    if (type.kind === "object") return leastMembers(model, field.object!, code`${member}.`)
    if (type.kind === "enum")
      return [code`${member} = ${ident(`${model.names.upper}_${field.enum!.constants[0]!.name}`)};`]
    if (type.kind === "int" && Number(type.min) > 0) return [code`${member} = ${BigInt(type.min)};`]
    if (type.kind === "int" && Number(type.max) < 0) return [code`${member} = ${BigInt(type.max)};`]
    if (field.scaled !== undefined && field.scaled.min > 0) return [code`${member} = ${field.scaled.min};`]
    if (field.scaled !== undefined && field.scaled.max < 0) return [code`${member} = ${field.scaled.max};`]
    return []
  })
}

/** Lines that lay `own` over `result`: absent means inherit, within objects too. */
export function overlayMembers(object: CObject, result: Code, own: Code): readonly Code[] {
  return object.fields.flatMap((field): readonly Code[] => {
    if (field.type.kind === "const") return []
    const name = ident(field.member)
    if (field.type.kind === "list")
      return [
        code`
          if (${own}${name}_count > 0) {
            ${result}${name}_count = ${own}${name}_count;
            fw_move(${result}${name}, ${own}${name}, sizeof ${result}${name});
          }
        `,
      ]
    const inner =
      field.type.kind === "object" ? overlayMembers(field.object!, code`${result}${name}.`, code`${own}${name}.`) : []
    if (!field.flagged) return field.type.kind === "object" ? inner : [code`${result}${name} = ${own}${name};`]
    if (field.type.kind === "object")
      return [
        code`
          if (${own}has_${name} && !${result}has_${name}) {
            ${result}has_${name} = true;
            ${result}${name} = ${own}${name};
          } else if (${own}has_${name}) {
            ${inner}
          }
        `,
      ]
    return [
      code`
        if (${own}has_${name}) {
          ${result}has_${name} = true;
          ${result}${name} = ${own}${name};
        }
      `,
    ]
  })
}

function pairs(object: CObject, value: JsonValue): readonly (readonly [CField, JsonValue])[] {
  if (object.type === undefined) return [[object.fields[0]!, value]]
  if (typeof value !== "object" || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, one]) => {
    const field = object.fields.find((each) => each.field.name === name)
    return field === undefined || one === undefined ? [] : [[field, one as JsonValue] as const]
  })
}

/** A constant as C writes it; undefined for what has no member. */
export function literalOf(model: CModel, field: CField, value: JsonValue): Code | undefined {
  switch (field.type.kind) {
    case "bool":
      return value === true ? code`true` : code`false`
    case "int":
      return code`${BigInt(value as number | string)}`
    case "float":
      return code`${BigInt(Math.round((value as number) * 10 ** field.scaled!.places))}`
    case "string":
      return string(value as string)
    case "enum":
      return ident(`${model.names.upper}_${field.enum!.constants.find(({ wire }) => wire === value)!.name}`)
    default:
      return undefined
  }
}
