import {
  type ContractIr,
  type EnumIr,
  type FieldIr,
  type MessageIr,
  type ObjectIr,
  type RefIr,
  resolveType,
  type TypeIr,
  unitOf,
} from "@fleetwire/ir"
import { type CNames, createNames, createScope, memberName, upperName } from "./names.js"
import { type Scaled, scaledOf } from "./scaled.js"

/** A type without references. */
export type Resolved = Exclude<TypeIr, RefIr>

/** A struct of C: an object of the contract, or the one value of a message that is none. */
export interface CObject {
  /** Without prefix and `_t`. */
  readonly name: string
  /** Undefined for a message that is one value. */
  readonly type: ObjectIr | undefined
  readonly fields: readonly CField[]
  readonly doc?: string
  /** How many words of bits reading needs for its fields and for those of the objects inside it. */
  readonly slots: number
}

/** A member of a struct. */
export interface CField {
  readonly field: FieldIr
  readonly type: Resolved
  /** The type of a list's items; of anything else its own. */
  readonly item: Resolved
  /** Name of the member; a constant has none of its own. */
  readonly member: string
  /** A `has_` member stands before it. */
  readonly flagged: boolean
  readonly scaled?: Scaled
  /** Unit symbol of the value, or of each item. */
  readonly unit?: string
  /** The struct of an object, or of the objects in a list. */
  readonly object?: CObject
  readonly enum?: CEnum
  /** First word of bits of an object directly inside, counted from that of its parent. */
  readonly slot: number
}

export interface CEnum {
  readonly name: string
  readonly type: EnumIr
  /** Names of the constants without prefix, in order of their numbers. */
  readonly constants: readonly {
    readonly name: string
    readonly number: number
    readonly wire: string
    readonly doc?: string
  }[]
}

export interface CMessage {
  readonly message: MessageIr
  readonly object: CObject
  /** Entries of its table, pre-order. */
  readonly entries: number
}

/** Everything that is printed of a contract, named. */
export interface CModel {
  readonly ir: ContractIr
  readonly names: CNames
  readonly messages: readonly CMessage[]
  /** Inner ones first. */
  readonly objects: readonly CObject[]
  readonly enums: readonly CEnum[]
  /** Some integer needs 64 bits. */
  readonly wide: boolean
  /** Somewhere a field's number is not its place in its object, counted from 1. */
  readonly sparse: boolean
}

/** Plans the structs, enums and names of a contract. */
export function modelOf(ir: ContractIr): CModel {
  const names = createNames(ir)
  const objects = new Map<string, CObject>()
  const enums = new Map<string, CEnum>()
  const constants = createScope()
  // Messages have their names before anything that is inside one.
  const messageNames = new Map(ir.messages.map((message) => [message.name, names.type(message.name)]))

  const objectOf = (message: string | undefined, type: ObjectIr, doc?: string): CObject => {
    const id = message ?? JSON.stringify(type)
    const known = objects.get(id)
    if (known !== undefined) return known
    const name = message === undefined ? names.type(type.name) : messageNames.get(message)!
    const fields = fieldsOf(type.fields)
    const made: CObject = { name, type, fields, slots: slotsOf(fields), ...(doc !== undefined && { doc }) }
    objects.set(id, made)
    return made
  }
  const enumOf = (type: EnumIr): CEnum => {
    const id = JSON.stringify(type)
    const known = enums.get(id)
    if (known !== undefined) return known
    const name = names.type(type.name)
    const made: CEnum = {
      name,
      type,
      constants: [...type.values]
        .sort((a, b) => a.number - b.number)
        .map((value) => ({
          name: constants.take(`${name.toUpperCase()}_${upperName(value.name) || value.number}`),
          number: value.number,
          wire: value.name,
          ...(value.doc !== undefined && { doc: value.doc }),
        })),
    }
    enums.set(id, made)
    return made
  }
  const fieldsOf = (list: readonly FieldIr[]): readonly CField[] => {
    const members = createScope()
    let slot = 1
    return list.map((field) => {
      const type = resolveType(ir, field.type)
      const item = type.kind === "list" ? resolveType(ir, type.item) : type
      const scaled = item.kind === "float" ? scaledOf(item) : undefined
      const wanted = memberName(field.name) + (scaled === undefined || scaled.places === 0 ? "" : `_e${scaled.places}`)
      const member = members.take(
        wanted,
        (name) => `${name}_count`,
        (name) => `has_${name}`,
      )
      const flagged = isFlagged(field, type)
      const inside = item.kind === "object" ? objectOf(messageOf(field.type), item) : undefined
      const named = field.type.kind === "list" ? field.type.item : field.type
      const unit = unitOf(ir, named, field.unit)
      const made: CField = {
        field,
        type,
        item,
        member,
        flagged,
        slot,
        ...(scaled !== undefined && { scaled }),
        ...(unit !== undefined && { unit }),
        ...(inside !== undefined && { object: inside }),
        ...(item.kind === "enum" && { enum: enumOf(item) }),
      }
      if (type.kind === "object") slot += inside!.slots
      return made
    })
  }
  const messageOf = (declared: TypeIr): string | undefined => {
    const named = declared.kind === "list" ? declared.item : declared
    return named.kind === "ref" ? finalName(ir, named.message) : undefined
  }

  const messages = ir.messages.map((message): CMessage => {
    const type = resolveType(ir, message.type)
    const name = messageNames.get(message.name)!
    if (type.kind === "object") {
      const object = objectOf(finalName(ir, message.name), type, message.doc)
      return { message, object, entries: entriesOf(object) }
    }
    const value: FieldIr = {
      name: "value",
      number: 1,
      required: true,
      type: message.type,
      ...(message.unit && { unit: message.unit }),
    }
    const fields = fieldsOf([value])
    const object: CObject = {
      name,
      type: undefined,
      fields,
      slots: slotsOf(fields),
      ...(message.doc !== undefined && { doc: message.doc }),
    }
    objects.set(`message ${name}`, object)
    return { message, object, entries: entriesOf(object) }
  })
  return {
    ir,
    names,
    messages,
    objects: [...objects.values()],
    enums: [...enums.values()],
    wide: [...objects.values()].some((object) => object.fields.some(isWide)),
    sparse: [...objects.values()].some(({ fields }) => fields.some(({ field }, index) => field.number !== index + 1)),
  }
}

/** Entries in a table of what lies inside an object: fields, items, and the octet that ends it. */
export function entriesOf(object: CObject): number {
  const own = object.fields.reduce((sum, field) => sum + 1 + insideOf(field), 0)
  return object.type === undefined ? own : own + 1
}

/** Entries that lie inside a field's. */
export function insideOf(field: CField): number {
  if (field.type.kind === "list") return 1 + (field.object === undefined ? 0 : entriesOf(field.object))
  return field.object === undefined ? 0 : entriesOf(field.object)
}

/** Fields in an object and in all objects inside it. */
export function idsIn(object: CObject): number {
  return object.fields.reduce((sum, field) => sum + 1 + (field.object === undefined ? 0 : idsIn(field.object)), 0)
}

/** Whether the member is there has to be said beside it. */
function isFlagged(field: FieldIr, type: Resolved): boolean {
  if (type.kind === "const" || type.kind === "list" || type.kind === "map") return false
  return !field.required || field.default !== undefined
}

function slotsOf(fields: readonly CField[]): number {
  return fields.reduce((sum, field) => sum + (field.type.kind === "object" ? field.object!.slots : 0), 1)
}

function isWide({ item, scaled }: CField): boolean {
  if (scaled !== undefined) return scaled.wide
  return item.kind === "int" && item.bits === 64
}

/** A field must be on the wire. */
export function isNeeded(field: FieldIr): boolean {
  return field.required && field.default === undefined
}

/** The message whose type is not a reference, however many stand between. */
function finalName(ir: ContractIr, name: string): string {
  const type = ir.messages.find((message) => message.name === name)!.type
  return type.kind === "ref" ? finalName(ir, type.message) : name
}
