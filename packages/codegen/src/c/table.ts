import { wireType } from "@fleetwire/ir"
import { type Code, code, join, string } from "../core/code.js"
import { type CField, type CObject, insideOf } from "./model.js"

/** A message's table as lines of one string literal: see "For generated code" in the kernel's header. */
export function tableOf(object: CObject): readonly Code[] {
  let id = 0
  const lines: Code[] = []
  const walk = (of: CObject): void => {
    for (const field of of.fields) {
      id++
      lines.push(entry(id, field, tagOf(field), of.type === undefined ? "" : field.field.name, field.field.short))
      if (field.type.kind === "list") {
        // The items' own entry: no name, and a tag where each item has one.
        lines.push(
          entry(id, field, isPacked(field) ? 0 : field.field.number * 8 + 2, "", undefined, insideOf(field) - 1),
        )
      }
      if (field.object !== undefined) walk(field.object)
    }
    if (of.type !== undefined) lines.push(code`"\0"`)
  }
  walk(object)
  return lines
}

function entry(
  id: number,
  field: CField,
  tag: number,
  name: string,
  short: string | undefined,
  inside = insideOf(field),
): Code {
  const brief = short === undefined || short === name ? "" : short
  return join(
    [octets([id, inside]), code`FW_P(${octets(varint(tag))})`, code`FW_J(${sized(name)})`, code`FW_C(${sized(brief)})`],
    code` `,
  )
}

/** A name with its length before it. */
function sized(name: string): Code {
  const length = new TextEncoder().encode(name).length
  return length === 0 ? octets([0]) : code`${octets([length])} ${string(name)}`
}

const FIRST_DIGIT: readonly Code[] = [code`\0`, code`\1`, code`\2`, code`\3`]

/** Octets as a string literal of their own, in octal: no digit behind can lengthen an escape. */
export function octets(values: readonly number[]): Code {
  const all = values.map((value) => code`${FIRST_DIGIT[value >> 6]!}${(value >> 3) & 7}${value & 7}`)
  return code`"${join(all, code``)}"`
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]
}

/** Wire type that stands in a table for a list of scalars, which come packed or one by one. */
const LIST_WIRE = 6

/** A field's tag in a table; 0 where it has none. */
export function tagOf(field: CField): number {
  const { type } = field
  if (type.kind === "const") return 0
  return field.field.number * 8 + (type.kind === "list" ? (isPacked(field) ? LIST_WIRE : 2) : wireType(type))
}

/** The tag of a packed list, all of whose items lie behind one length. */
export function packedTag({ field }: CField): number {
  return field.number * 8 + 2
}

/** A list of scalars is packed. */
export function isPacked({ type, item }: CField): boolean {
  return type.kind === "list" && wireType(item) !== 2
}
