import type { ContractIr, FieldIr, MessageIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { anchor, code, fence, table, words } from "./markdown.js"
import { sampleOf } from "./sample-value.js"
import { presenceOf, rangeOf, typeName } from "./type-words.js"

const head = ["field", "type", "unit", "values", "presence", "short", "number", "meaning"]

/** `messages.md`: every message, field by field, with its place in each format. */
export function messagesPage(ir: ContractIr): RenderedFile {
  const lines = [
    `# Messages of ${words(ir.name)}`,
    "",
    "`short` is the key in compact JSON where it differs from the field; `number` is the field number in protobuf.",
    "",
    ...ir.messages.flatMap((message) => section(ir, message)),
  ]
  return { path: "messages.md", text: `${lines.join("\n").trimEnd()}\n` }
}

function section(ir: ContractIr, message: MessageIr): string[] {
  const rows = message.type.kind === "object" ? rowsOf(message.type, "", "") : nestedRows(message.type, "", "")
  const plain = message.type.kind === "object" ? [] : [wholeWords(message), ""]
  return [
    `## ${words(message.name)} {#${anchor("message", message.name)}}`,
    "",
    ...(message.doc === undefined ? [] : [words(message.doc), ""]),
    ...(message.deprecated === undefined ? [] : [`**Deprecated:** ${words(message.deprecated)}`, ""]),
    ...plain,
    ...table(head, rows),
    ...fence("json", JSON.stringify(sampleOf(ir, message.name), undefined, 2)),
  ]
}

/** A message that is no object: its type, values and unit. */
function wholeWords({ type, unit }: MessageIr): string {
  const what = `${typeName(type)} ${rangeOf(type)}`.trim()
  const each = unitsInside(type)
  return [what, unit === undefined ? "" : `in ${words(unit)}`, each === "" ? "" : `in ${each}`]
    .filter((part) => part !== "")
    .join(", ")
}

/** Units of the items or values of a type, such as `cm each`. */
function unitsInside(type: TypeIr): string {
  if (type.kind === "list") return type.itemUnit === undefined ? unitsInside(type.item) : `${words(type.itemUnit)} each`
  if (type.kind !== "map") return ""
  return type.valueUnit === undefined ? unitsInside(type.value) : `${words(type.valueUnit)} each`
}

/** What is said of the items or values of a type. */
function docInside(type: TypeIr): string {
  const doc = type.kind === "list" ? type.itemDoc : type.kind === "map" ? type.valueDoc : undefined
  return doc === undefined ? "" : `Each: ${words(doc)}`
}

function rowsOf(object: ObjectIr, path: string, numbers: string): string[][] {
  return object.fields.flatMap((field) => {
    const here = path === "" ? field.name : `${path}.${field.name}`
    const number = numbers === "" ? String(field.number) : `${numbers}.${field.number}`
    return [fieldRow(field, here, number), ...nestedRows(field.type, here, number)]
  })
}

/** Rows for what lies inside a field's type: list items are marked `[]`, map values `{}`, branches by their tag. */
function nestedRows(type: TypeIr, path: string, number: string): string[][] {
  switch (type.kind) {
    case "object":
      return rowsOf(type, path, number)
    case "list":
      return nestedRows(type.item, `${path}[]`, number)
    case "map":
      return nestedRows(type.value, `${path}{}`, number)
    case "union":
      return type.branches.flatMap((branch) =>
        rowsOf(branch.type, `${path}(${branch.value})`, `${number}.${branch.number}`),
      )
    default:
      return []
  }
}

function fieldRow(field: FieldIr, path: string, number: string): string[] {
  const meaning = [
    field.doc === undefined ? "" : words(field.doc),
    docInside(field.type),
    field.since === undefined ? "" : `Since ${words(field.since)}.`,
    field.deprecated === undefined ? "" : `**Deprecated:** ${words(field.deprecated)}`,
  ]
  return [
    code(path),
    typeName(field.type),
    field.unit === undefined ? unitsInside(field.type) : words(field.unit),
    rangeOf(field.type),
    presenceOf(field),
    field.short === undefined ? "" : code(field.short),
    number,
    meaning.filter((part) => part !== "").join(" "),
  ]
}
