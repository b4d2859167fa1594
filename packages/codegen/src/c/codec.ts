import { block, type Code, code, ident, nothing } from "../core/code.js"
import type { CMessage, CModel } from "./model.js"
import { clear, readFunction } from "./read.js"
import { settle } from "./settle.js"
import { tableOf } from "./table.js"
import { Unit } from "./unit.js"
import { writeFunction } from "./write.js"

/** The functions that write and read every message, with their tables, as the body of one file. */
export function codecBody(model: CModel): readonly Code[] {
  const unit = new Unit(model)
  const functions = model.objects.flatMap((object) => [writeFunction(unit, object), readFunction(unit, object)])
  const messages = model.messages.flatMap((message) => messageFunctions(unit, message))
  return [...unit.constants, ...functions, ...messages]
}

function messageFunctions(unit: Unit, { object }: CMessage): readonly Code[] {
  const table = unit.constant("table", object.name, (name) => {
    const lines = tableOf(object)
    return code`
      static const char ${name}[] FW_ROM =
        ${lines.slice(0, -1)}
        ${lines.at(-1)!};
    `
  })
  const settled = settle(unit, object, code`value->`, { seen: code`seen`, slot: 0, id: 0 })
  const needed =
    object.type === undefined ? [code`if (in->status == FW_OK && seen[0] == 0) fw_fail(in, FW_MISSING);`] : []
  return [
    code`

      fw_status_t ${unit.name(`${object.name}_encode`)}(fw_writer_t *out, const ${unit.type(object)} *value)
      {
        fw_begin(out, ${table});
        write_${ident(object.name)}(out, ${object.type === undefined ? nothing : code`FW_T(0) `}value);
        return fw_end(out);
      }
    `,
    code`

      ${block(code`fw_status_t ${unit.name(`${object.name}_decode`)}(fw_reader_t *in, ${unit.type(object)} *value)`, [
        code`uint32_t seen[${object.slots}];`,
        ...clear(object, code`value->`),
        ...Array.from({ length: object.slots }, (_, slot) => code`seen[${slot}] = 0;`),
        object.type === undefined ? code`in->table = ${table};` : code`fw_start(in, ${table});`,
        code`read_${ident(object.name)}(in, value, seen);`,
        ...needed,
        ...settled.lines,
        code`return fw_finish(in);`,
      ])}
    `,
    code`

      size_t ${unit.name(`${object.name}_path`)}(uint16_t field, char *buffer, size_t size)
      {
        return fw_path(${table}, field, buffer, size);
      }
    `,
  ]
}
