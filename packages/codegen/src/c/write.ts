import { block, type Code, code, ident, join, nothing } from "../core/code.js"
import { countType } from "./member-types.js"
import { type CField, type CObject, insideOf, isNeeded, type Resolved } from "./model.js"
import { isPacked, packedTag, tagOf } from "./table.js"
import { byteLength, type Unit } from "./unit.js"

/** The function that writes an object. */
export function writeFunction(unit: Unit, object: CObject): Code {
  const fields = object.fields.map((field) => writeField(unit, field))
  const close = unit.isShort(object) ? code`fw_close_short` : code`fw_close`
  const body =
    object.type === undefined
      ? fields
      : [
          code`uint8_t *from = fw_open(out FW_AND_TAG);`,
          ...(isOrdered(object) ? fields : inOrder(unit, object, fields)),
          code`${close}(out, from);`,
        ]
  const head = code`static void write_${ident(object.name)}(fw_writer_t *out, ${object.type === undefined ? nothing : code`FW_TAG `}const ${unit.type(object)} *value)`
  return code`

    ${block(head, body)}
  `
}

/** Fields stand in the order of their numbers, which is that of protobuf. */
function isOrdered({ fields }: CObject): boolean {
  return fields.every(({ field }, index) => index === 0 || fields[index - 1]!.field.number < field.number)
}

/** JSON has the fields as they are declared, protobuf by their numbers. */
function inOrder(unit: Unit, { fields }: CObject, writes: readonly Code[]): readonly Code[] {
  const byNumber = fields.map((_, index) => index).sort((a, b) => fields[a]!.field.number - fields[b]!.field.number)
  let before = 0
  const cases = writes.map((write, index) => {
    const at = before
    before += 1 + insideOf(fields[index]!)
    return code`
      case ${index}:
        out->table = fw_at(table, ${at});
        ${write}
        break;
    `
  })
  return [
    code`const char *table = out->table;`,
    code`uint8_t i;`,
    block(
      code`for (i = 0; i < ${fields.length}; i++)`,
      block(code`switch (FW_IS_PROTOBUF(out) ? FW_BYTE(${unit.order(byNumber)} + i) : i)`, [
        ...cases,
        code`default:`,
        code`  break;`,
      ]),
    ),
    code`out->table = fw_at(table, ${before});`,
  ]
}

function writeField(unit: Unit, field: CField): Code {
  const member = code`value->${ident(field.member)}`
  if (field.type.kind === "list") return writeList(unit, field, member)
  const put = putOne(unit, field, member, tagOf(field))
  if (!field.flagged) return put
  return code`
    if (value->has_${ident(field.member)}) ${put}
    else fw_absent(out, ${entries(field)});
  `
}

function writeList(unit: Unit, field: CField, member: Code): Code {
  const packed = isPacked(field)
  const type = field.type as Extract<Resolved, { kind: "list" }>
  const count = code`value->${ident(`${field.member}_count`)}`
  const least = (type.minItems ?? 0) > 0 ? code`${count} < ${type.minItems!} || ` : nothing
  const body = code`
    {
      const char *items;
      ${ident(countType(type.maxItems!))} i;
      uint8_t *list = fw_open_list(out, FW_T(${packedTag(field)}) ${packed ? code`${count} != 0` : code`false`});
      items = out->table;
      if (${least}${count} > ${type.maxItems!}) fw_wrong(out, FW_LENGTH);
      for (i = 0; i < ${count} && i < ${type.maxItems!}; i++) {
        out->table = items;
        ${putOne(unit, field, code`${member}[i]`, packed ? 0 : tagOf(field))}
      }
      out->table = items;
      fw_absent(out, ${entries(field, -1)});
      fw_close_list(out, list);
    }
  `
  if (isNeeded(field.field)) return body
  return code`
    if (${count} == 0) fw_absent(out, ${entries(field)});
    else ${body}
  `
}

function putOne(unit: Unit, field: CField, value: Code, number: number): Code {
  const { item: type } = field
  const tag = code`FW_T(${number})`
  switch (type.kind) {
    case "bool":
      return code`fw_put_bool(out, ${tag} ${value});`
    case "int": {
      const name = type.signed ? code`int` : code`uint`
      const wide = type.bits === 64 ? code`64` : nothing
      const bound = (one: number | string): Code => (type.signed ? unit.int(one) : unit.uint(one))
      return code`fw_put_${name}${wide}(out, ${tag} ${value}, ${bound(type.min)}, ${bound(type.max)});`
    }
    case "float":
      return code`fw_put_scaled(out, ${tag} ${value}, &${unit.scaled(field.scaled!)});`
    case "string": {
      const put = code`fw_put_text(out, ${tag} &${value}, ${type.minLength ?? 0}, ${type.maxLength ?? 65535});`
      const checks = unit.textChecks(type, value).map(([test, status]) => code`if (${test}) fw_wrong(out, ${status});`)
      return checks.length === 0 ? put : code`{ ${join([put, ...checks], code` `)} }`
    }
    case "enum": {
      const { words, first } = unit.words(field)
      return code`fw_put_enum(out, ${tag} (uint32_t)${value}, ${words}, ${first});`
    }
    case "const": {
      const json = JSON.stringify(type.value)
      return code`fw_put_const(out, ${tag} ${unit.text(json)}, ${byteLength(json)});`
    }
    case "object":
      return code`write_${ident(field.object!.name)}(out, ${tag} &${value});`
    default:
      throw new RangeError(`not carried in C: ${type.kind}`)
  }
}

/** How many entries of the table a field has. */
function entries(field: CField, more = 0): Code {
  return code`${1 + insideOf(field) + more}`
}
