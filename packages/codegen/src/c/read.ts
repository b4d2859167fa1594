import { wireType } from "@fleetwire/ir"
import { block, type Code, code, ident, indent, nothing } from "../core/code.js"
import { intType } from "./member-types.js"
import type { CField, CObject, Resolved } from "./model.js"
import { settle } from "./settle.js"
import { byteLength, type Unit } from "./unit.js"

/** The function that reads an object. */
export function readFunction(unit: Unit, object: CObject): Code {
  const head = code`static void read_${ident(object.name)}(fw_reader_t *in, ${unit.type(object)} *value, uint32_t *seen)`
  if (object.type === undefined) {
    return code`

      ${block(head, [
        code`FW_OBJECT(object, in, seen);`,
        block(code`while (FW_ONCE_MORE(in, object))`, readField(unit, object.fields[0]!)),
      ])}
    `
  }
  const cases = object.fields.map((field, index) => {
    const lines = code`
      case ${index + 1}:
        ${readField(unit, field)}
        break;
    `
    // Protobuf does not carry constants.
    return field.type.kind === "const" ? code`${[code`#if FW_WORDY`, lines, code`#endif`]}` : lines
  })
  return code`

    ${block(head, [
      code`FW_OBJECT(object, in, seen);`,
      ...(object.fields.some(({ type }) => type.kind === "object") ? [code`uint8_t *outer;`] : []),
      code`uint8_t place;`,
      block(
        code`while ((place = FW_NEXT(in, object)) != 0)`,
        block(code`switch (place)`, [...cases, code`default:`, indent(code`FW_UNKNOWN(in);`), indent(code`break;`)]),
      ),
    ])}
  `
}

/** Nothing is there yet: flags and counts are, whatever the struct held before. */
export function clear({ fields }: CObject, path: Code): readonly Code[] {
  return fields.flatMap((field) => {
    if (field.type.kind === "list") return [code`${path}${ident(`${field.member}_count`)} = 0;`]
    const flag = field.flagged ? [code`${path}has_${ident(field.member)} = false;`] : []
    return field.type.kind === "object"
      ? [...flag, ...clear(field.object!, code`${path}${ident(field.member)}.`)]
      : flag
  })
}

function readField(unit: Unit, field: CField): readonly Code[] {
  const { type } = field
  const member = code`value->${ident(field.member)}`
  if (type.kind === "list") return readList(unit, field, member)
  const get = getOne(unit, field, member)
  const flag = field.flagged ? code`value->has_${ident(field.member)} = true;` : nothing
  if (field.field.nullAsAbsent !== true) return [get, flag]
  return [code`if (fw_null(in)) break;`, get, flag]
}

function readList(unit: Unit, field: CField, member: Code): readonly Code[] {
  const type = field.type as Extract<Resolved, { kind: "list" }>
  const count = code`value->${ident(`${field.member}_count`)}`
  const wire = wireType(field.item)
  const seen =
    field.object === undefined
      ? nothing
      : code`
          uint32_t item_seen[${field.object.slots}];
          uint8_t *outer;
        `
  const one = code`${member}[${count}]`
  const read =
    field.object === undefined
      ? [getOne(unit, field, one)]
      : [
          code`fw_zero(item_seen, sizeof item_seen);`,
          ...clear(field.object, code`${one}.`),
          code`in->table = fw_after(item);`,
          code`outer = fw_enter(in);`,
          code`read_${ident(field.object.name)}(in, &${one}, item_seen);`,
          code`fw_leave(in, outer);`,
          ...settle(unit, field.object, code`${one}.`, { seen: code`item_seen`, slot: 0, id: 0 }).lines,
        ]
  return [
    code`
      {
        const char *item = in->table;
        uint8_t *list = fw_list(in, ${wire});
        bool again = false;
        ${seen}
        for (; fw_item(in, list, ${wire}, again); again = true) {
          if (${count} == ${type.maxItems!}) {
            fw_fail(in, FW_LENGTH);
            continue;
          }
          ${read}
          ${count}++;
        }
        ${field.object === undefined ? code`(void)item;` : nothing}
      }
    `,
  ]
}

function getOne(unit: Unit, field: CField, into: Code): Code {
  const { item: type } = field
  switch (type.kind) {
    case "bool":
      return code`${into} = fw_get_bool(in);`
    case "int": {
      const name = type.signed ? code`int` : code`uint`
      const wide = type.bits === 64 ? code`64` : nothing
      const bound = (one: number | string): Code => (type.signed ? unit.int(one) : unit.uint(one))
      const cast = type.bits === 64 ? nothing : code`(${ident(intType(type.bits, type.signed))})`
      return code`${into} = ${cast}fw_get_${name}${wide}(in, ${bound(type.min)}, ${bound(type.max)});`
    }
    case "float": {
      const cast = unit.model.wide && !field.scaled!.wide ? code`(int32_t)` : nothing
      const { below, above } = field.scaled!
      return code`${into} = ${cast}fw_get_scaled(in, &${unit.scaled(field.scaled!)}, ${below}, ${above});`
    }
    case "string": {
      const get = code`fw_get_text(in, &${into}, ${type.minLength ?? 0}, ${type.maxLength ?? 65535});`
      const checks = unit
        .textChecks(type, into)
        .map(([test, status]) => code`if (in->status == FW_OK && ${test}) fw_fail(in, ${status});`)
      return code`${[get, ...checks]}`
    }
    case "enum": {
      const { words, first } = unit.words(field)
      return code`${into} = (${unit.name(`${field.enum!.name}_t`)})fw_get_enum(in, ${words}, ${first});`
    }
    case "const":
      return getConst(unit, type.value)
    case "object":
      return code`
        outer = fw_enter(in);
        read_${ident(field.object!.name)}(in, &${into}, seen + ${field.slot});
        fw_leave(in, outer);
      `
    default:
      throw new RangeError(`not carried in C: ${type.kind}`)
  }
}

function getConst(unit: Unit, value: string | number | boolean): Code {
  if (typeof value === "string") return code`fw_get_const(in, ${unit.text(value)}, ${byteLength(value)});`
  if (typeof value === "boolean")
    return code`if (fw_get_bool(in) != ${value ? code`true` : code`false`}) fw_fail(in, FW_ENUM);`
  return code`(void)fw_get_int(in, ${unit.int(value)}, ${unit.int(value)});`
}
