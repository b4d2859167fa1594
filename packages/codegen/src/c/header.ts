import { type Format, maxEncodedBytes } from "@fleetwire/ir"
import { block, type Code, code, doc, ident, nothing } from "../core/code.js"
import { describe } from "./describe.js"
import { countType, intType } from "./member-types.js"
import type { CEnum, CField, CModel, CObject } from "./model.js"

/** Enums, structs, sizes and functions of a contract's messages. */
export function messagesBody(model: CModel, formats: (message: string) => readonly Format[]): readonly Code[] {
  return [
    ...model.enums.map((one) => enumOf(model, one)),
    ...model.objects.map((object) => structOf(model, object)),
    ...model.messages.map(({ message, object }) => {
      const name = (rest: string): Code => ident(`${model.names.prefix}_${object.name}${rest}`)
      const sizes = formats(message.name).flatMap((format) => {
        const size = maxEncodedBytes(model.ir, message.name, format)
        const macro = ident(`${model.names.upper}_${object.name.toUpperCase()}_MAX_${format.toUpperCase()}`)
        return size === undefined ? [] : [code`#define ${macro} ${size}`]
      })
      return code`

        ${doc(`Most octets of a ${message.name} in each format that the contract sends it in.`)}
        ${sizes}

        ${doc(ENCODE)}
        fw_status_t ${name("_encode")}(fw_writer_t *out, const ${name("_t")} *value);

        ${doc(DECODE)}
        fw_status_t ${name("_decode")}(fw_reader_t *in, ${name("_t")} *value);

        ${doc("Where the field of a reader or writer stands, such as `parameters.speed`, as a C string. Gives its length.")}
        size_t ${name("_path")}(uint16_t field, char *buffer, size_t size);
      `
    }),
  ]
}

const ENCODE = [
  "Writes the message into the writer's buffer, in the writer's format. `fw_written` says how long it is.",
  "",
  "FW_OK: it is whole and valid.",
  "FW_RANGE, FW_LENGTH, FW_ENUM, FW_ENCODING, FW_PATTERN: a member is not what the contract allows; `out->field` is its number.",
  "FW_SPACE: the buffer is too small.",
  "FW_FORMAT: the message has no such format.",
].join("\n")

const DECODE = [
  "Reads and checks a whole message. Texts of the value point into the payload, which is changed where JSON has escapes.",
  "",
  "FW_OK: the value is whole and valid; members with a default have it where the payload says nothing.",
  "Anything else: the value must not be used; `in->field` is the number of the field that was being read.",
  "FW_TRUNCATED, FW_SYNTAX, FW_ENCODING, FW_DEPTH: the payload is not of its format.",
  "FW_DUPLICATE, FW_MISSING, FW_TYPE, FW_RANGE, FW_LENGTH, FW_PATTERN, FW_ENUM: a value is not what the contract allows.",
  "FW_FORMAT: the message has no such format.",
].join("\n")

function enumOf(model: CModel, one: CEnum): Code {
  const values = one.constants.map(
    ({ name, number, doc: words }, index) =>
      code`
        ${words === undefined ? nothing : doc(words)}
        ${ident(`${model.names.upper}_${name}`)} = ${number}${index + 1 < one.constants.length ? code`,` : nothing}
      `,
  )
  return code`

    ${block(code`typedef enum`, values)} ${ident(`${model.names.prefix}_${one.name}_t`)};
  `
}

function structOf(model: CModel, object: CObject): Code {
  const members = object.fields.flatMap((field) => {
    if (field.type.kind === "const") return []
    const words = describe(field)
    const name = ident(field.member)
    const type = memberType(model, field)
    if (field.type.kind === "list")
      return [
        words === "" ? nothing : doc(words),
        code`${ident(countType(field.type.maxItems!))} ${ident(`${field.member}_count`)};`,
        code`${type} ${name}[${field.type.maxItems!}];`,
      ]
    return [
      words === "" ? nothing : doc(words),
      field.flagged ? code`bool has_${name};` : nothing,
      code`${type} ${name};`,
    ]
  })
  const body = members.length > 0 ? members : [code`uint8_t nothing;`]
  return code`

    ${object.doc === undefined ? nothing : doc(object.doc)}
    ${block(code`typedef struct`, body)} ${ident(`${model.names.prefix}_${object.name}_t`)};
  `
}

function memberType(model: CModel, field: CField): Code {
  const { item: type } = field
  switch (type.kind) {
    case "bool":
      return code`bool`
    case "int":
      return ident(intType(type.bits, type.signed))
    case "float":
      return field.scaled!.wide ? code`int64_t` : code`int32_t`
    case "string":
      return code`fw_text_t`
    case "enum":
      return ident(`${model.names.prefix}_${field.enum!.name}_t`)
    case "object":
      return ident(`${model.names.prefix}_${field.object!.name}_t`)
    default:
      throw new RangeError(`not carried in C: ${type.kind}`)
  }
}
