import type { JsonValue } from "@fleetwire/ir"
import { block, type Code, code, ident, nothing, string } from "../core/code.js"
import { type CField, type CObject, idsIn, isNeeded } from "./model.js"
import { mask, type Unit } from "./unit.js"

/** What is looked at once a whole message has been read: required fields, least lengths, defaults. */
export function settle(
  unit: Unit,
  object: CObject,
  path: Code,
  at: { readonly seen: Code; readonly slot: number; readonly id: number },
): { readonly lines: readonly Code[]; readonly entries: number } {
  const lines: Code[] = []
  if (object.type !== undefined) {
    const bits = (protobuf: boolean): number =>
      object.fields.reduce((sum, { field, type }, index) => {
        const carried = !protobuf || !["const", "list", "map"].includes(type.kind)
        return isNeeded(field) && carried ? sum + 2 ** index : sum
      }, 0)
    const [json, protobuf] = [bits(false), bits(true)]
    const needed = json === protobuf ? mask(json) : code`(FW_IS_PROTOBUF(in) ? ${mask(protobuf)} : ${mask(json)})`
    if (json !== 0) lines.push(code`fw_need(in, ${at.id}, ${needed} & ~${at.seen}[${at.slot}]);`)
  }
  let id = at.id
  for (const field of object.fields) {
    id++
    const member = code`${path}${ident(field.member)}`
    const flag = code`${path}has_${ident(field.member)}`
    if (field.type.kind === "list") {
      const least = field.type.minItems ?? 0
      if (least > 0) {
        const count = code`${path}${ident(`${field.member}_count`)}`
        const test = isNeeded(field.field) ? code`${count} < ${least}` : code`${count} != 0 && ${count} < ${least}`
        lines.push(code`if (${test}) fw_fail(in, FW_LENGTH);`)
      }
      if (field.object !== undefined) id += idsIn(field.object)
      continue
    }
    if (field.type.kind === "object") {
      const inner = settle(unit, field.object!, code`${member}.`, { ...at, slot: at.slot + field.slot, id })
      id += inner.entries
      if (inner.lines.length > 0)
        lines.push(...(field.flagged ? [block(code`if (${flag})`, inner.lines)] : inner.lines))
    }
    if (field.field.default !== undefined)
      lines.push(block(code`if (!${flag})`, [code`${flag} = true;`, ...fill(unit, field, member, field.field.default)]))
  }
  return { lines, entries: id - at.id }
}

/** Gives a member the value that a default says. */
function fill(unit: Unit, field: CField, member: Code, value: JsonValue): readonly Code[] {
  const { type } = field
  switch (type.kind) {
    case "bool":
      return [code`${member} = ${value === true ? code`true` : code`false`};`]
    case "int":
      return [code`${member} = ${type.signed ? unit.int(value as number) : unit.uint(value as number)};`]
    case "float":
      return [code`${member} = ${unit.int(Math.round((value as number) * 10 ** field.scaled!.places))};`]
    case "string":
      return [code`${member} = fw_text(${string(value as string)});`]
    case "enum": {
      const constant = field.enum!.constants.find(({ wire }) => wire === value)!
      return [code`${member} = ${ident(`${unit.model.names.upper}_${constant.name}`)};`]
    }
    case "object":
      return field.object!.fields.flatMap((inner) => {
        const given = (value as { readonly [name: string]: JsonValue })[inner.field.name] ?? inner.field.default
        if (given === undefined) return []
        const flag = inner.flagged ? code`${member}.has_${ident(inner.member)} = true;` : nothing
        return [flag, ...fill(unit, inner, code`${member}.${ident(inner.member)}`, given)]
      })
    default:
      return []
  }
}
