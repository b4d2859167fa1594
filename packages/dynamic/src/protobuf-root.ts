import type { ContractIr, EnumIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import Long from "long"
import protobuf from "protobufjs"
import { resolve } from "./world.js"

// protobufjs looks for the library of 64-bit integers by `require`, which no bundler follows.
protobuf.util.Long = Long
protobuf.configure()

/** Field number of the one field that carries a message which is no object. */
export const WRAPPED = 1

/** protobufjs reflection of one type, at edition 2023: every scalar has explicit presence, lists are packed. */
export function protobufType(contract: ContractIr, type: TypeIr): protobuf.Type {
  const names = { next: 0 }
  const top = resolve(contract, type)
  const json =
    top.kind === "object" || top.kind === "union"
      ? messageJson(contract, top, names)
      : wrapperJson(contract, top, names)
  const root = protobuf.Root.fromJSON({ nested: { Top: { ...json, edition: "2023" } as protobuf.AnyNestedObject } })
  root.resolveAll()
  return root.lookupType("Top")
}

interface MessageJson {
  fields: Record<string, object>
  oneofs?: Record<string, { oneof: string[] }>
  nested: Record<string, object>
}

interface Names {
  next: number
}

function wrapperJson(contract: ContractIr, type: TypeIr, names: Names): MessageJson {
  const made: MessageJson = { fields: {}, nested: {} }
  addField(made, contract, { key: "f1", number: WRAPPED, type }, names)
  return made
}

function messageJson(contract: ContractIr, type: TypeIr, names: Names): MessageJson {
  const made: MessageJson = { fields: {}, nested: {} }
  if (type.kind === "object") {
    for (const field of type.fields)
      addField(made, contract, { key: `f${field.number}`, number: field.number, type: field.type }, names)
  } else if (type.kind === "union") {
    const members: string[] = []
    for (const branch of type.branches) {
      const key = `f${branch.number}`
      members.push(key)
      addField(made, contract, { key, number: branch.number, type: branch.type }, names)
    }
    made.oneofs = { of: { oneof: members } }
  }
  return made
}

function addField(
  made: MessageJson,
  contract: ContractIr,
  field: { readonly key: string; readonly number: number; readonly type: TypeIr },
  names: Names,
): void {
  const type = resolve(contract, field.type)
  const id = field.number
  switch (type.kind) {
    case "const":
      return
    case "list":
      made.fields[field.key] = {
        id,
        rule: "repeated",
        type: elementName(made, contract, type.item, names),
      }
      return
    case "map":
      made.fields[field.key] = { id, keyType: "string", type: elementName(made, contract, type.value, names) }
      return
    default:
      made.fields[field.key] = { id, type: elementName(made, contract, type, names) }
  }
}

function elementName(made: MessageJson, contract: ContractIr, declared: TypeIr, names: Names): string {
  const type = resolve(contract, declared)
  switch (type.kind) {
    case "bool":
      return "bool"
    case "int": {
      const width = type.bits === 64 ? 64 : 32
      if (type.fixed === true) return type.signed ? `sfixed${width}` : `fixed${width}`
      return type.signed ? `sint${width}` : `uint${width}`
    }
    case "float":
      return type.bits === 32 ? "float" : "double"
    case "string":
      return "string"
    case "bytes":
      return "bytes"
    case "enum": {
      const name = `E${names.next++}`
      made.nested[name] = { values: enumValues(type) }
      return name
    }
    case "object":
    case "union": {
      const name = `M${names.next++}`
      made.nested[name] = messageJson(contract, type as ObjectIr, names)
      return name
    }
    default:
      throw new RangeError(`protobuf has no element of kind ${type.kind}: wrap it in an object`)
  }
}

function enumValues(type: EnumIr): Record<string, number> {
  const values: Record<string, number> = {}
  if (!type.values.some(({ number }) => number === 0)) values.UNSPECIFIED = 0
  for (const [index, { number }] of type.values.entries()) values[`V${index}`] = number
  return values
}
