import {
  type ContractIr,
  type FieldIr,
  findMessage,
  type IntIr,
  type JsonValue,
  type StringIr,
  type TypeIr,
} from "@fleetwire/ir"
import { greatestDouble, leastDouble } from "./float32-bounds.js"
import { base64Patterns, FORMAT_PATTERNS, HOSTNAME_LENGTH } from "./string-patterns.js"

/** A JSON Schema, or a part of one. */
export type Schema = { readonly [keyword: string]: JsonValue }

/**
 * What `decode` of `json` refuses and JSON Schema has no words for. Everything else is accepted by the schema exactly
 * when it is accepted by the codec.
 */
export const SCHEMA_EXCEPTIONS: readonly string[] = [
  "a declared key, or a key of a map, that occurs twice: a parser has kept one of them",
  "invalid UTF-8, a byte order mark, half of a surrogate pair, more than 64 levels: the parser's affair",
  "`maxBytes` of strings, which counts octets of UTF-8",
  "bounds and `multipleOf` of 64-bit integers that are written as decimal strings",
  "a field named `__proto__`, which validators in JavaScript pass over",
]

const SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** JSON Schema 2020-12 of a message: it accepts what `decode` of `json` accepts, apart from `SCHEMA_EXCEPTIONS`. */
export function messageSchema(ir: ContractIr, message: string): Schema {
  const own = findMessage(ir, message)
  if (own === undefined) throw new RangeError(`${ir.name} has no message ${message}`)
  const references = new Map<string, Schema>()
  const schema = typeSchema(own.type, { ir, references })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:fleetwire:${ir.name}:${ir.version}:${message}`,
    title: own.name,
    ...description(own.doc, own.unit),
    ...(own.deprecated !== undefined && { deprecated: true }),
    ...schema,
    ...(own.examples !== undefined && { examples: own.examples }),
    ...(references.size > 0 && { $defs: Object.fromEntries([...references].sort(([a], [b]) => (a < b ? -1 : 1))) }),
  }
}

/** What another document puts into the schemas that it takes over. */
export interface SchemaNotes {
  /** Stands for a message that a type refers to. */
  readonly reference: (message: string) => Schema
  /** Keywords added to the schema of a type. */
  readonly ofType: (type: TypeIr) => Schema
  /** Keywords added to the schema of a field. */
  readonly ofField: (field: FieldIr) => Schema
}

/** The schema of a message's type for a document with references of its own: no `$schema`, no `$id`, no `$defs`. */
export function notedSchema(ir: ContractIr, type: TypeIr, notes: SchemaNotes): Schema {
  return typeSchema(type, { ir, references: new Map(), notes })
}

interface World {
  readonly ir: ContractIr
  readonly references: Map<string, Schema>
  readonly notes?: SchemaNotes
}

function typeSchema(type: TypeIr, world: World): Schema {
  if (world.notes === undefined) return plainSchema(type, world)
  if (type.kind === "ref") return world.notes.reference(type.message)
  return { ...plainSchema(type, world), ...world.notes.ofType(type) }
}

function plainSchema(type: TypeIr, world: World): Schema {
  switch (type.kind) {
    case "bool":
      return { type: "boolean" }
    case "int":
      return intSchema(type)
    case "float":
      if (type.bits === 64) {
        return {
          type: "number",
          ...(type.min !== undefined && { minimum: type.min }),
          ...(type.max !== undefined && { maximum: type.max }),
        }
      }
      return { type: "number", ...low(leastDouble(type.min)), ...high(greatestDouble(type.max)) }
    case "string":
      return stringSchema(type)
    case "bytes": {
      const [pattern, ...more] = base64Patterns(type)
      const rest = more.map((other) => ({ pattern: other }))
      return { type: "string", contentEncoding: "base64", pattern: pattern!, ...(rest.length > 0 && { allOf: rest }) }
    }
    case "enum":
      return type.open ? { type: "string" } : { enum: type.values.map(({ name }) => name) }
    case "const":
      return { const: type.value }
    case "list":
      return {
        type: "array",
        items: said(typeSchema(type.item, world), type.itemDoc, type.itemUnit),
        ...(type.minItems !== undefined && { minItems: type.minItems }),
        ...(type.maxItems !== undefined && { maxItems: type.maxItems }),
      }
    case "map": {
      const names = {
        ...(type.keyMaxLength !== undefined && { maxLength: type.keyMaxLength }),
        ...(type.keyPattern !== undefined && { pattern: `^(?:${type.keyPattern})$` }),
      }
      return {
        type: "object",
        additionalProperties: said(typeSchema(type.value, world), type.valueDoc, type.valueUnit),
        ...(Object.keys(names).length > 0 && { propertyNames: names }),
        ...(type.maxProperties !== undefined && { maxProperties: type.maxProperties }),
      }
    }
    case "object":
      return { type: "object", ...members(type.fields, world) }
    case "union":
      return {
        type: "object",
        required: [type.tag],
        anyOf: type.branches.map((branch) => {
          const { properties, required } = members(branch.type.fields, world)
          return {
            ...(branch.doc !== undefined && { description: branch.doc }),
            properties: named([[type.tag, { const: branch.value }], ...Object.entries(properties)]),
            ...(required !== undefined && { required }),
          }
        }),
      }
    case "ref": {
      if (!world.references.has(type.message)) {
        // The place is taken first: a message may be referred to again from inside another.
        world.references.set(type.message, {})
        world.references.set(type.message, typeSchema(findMessage(world.ir, type.message)!.type, world))
      }
      return { $ref: `#/$defs/${type.message}` }
    }
  }
}

function members(
  fields: readonly FieldIr[],
  world: World,
): { readonly properties: Schema; readonly required?: string[] } {
  const required = fields.filter((field) => field.required && field.default === undefined).map(({ name }) => name)
  return {
    properties: named(fields.map((field) => [field.name, fieldSchema(field, world)])),
    ...(required.length > 0 && { required }),
  }
}

function fieldSchema(field: FieldIr, world: World): Schema {
  const schema = typeSchema(field.type, world)
  return {
    ...description(field.doc, field.unit),
    ...(field.deprecated !== undefined && { deprecated: true }),
    ...(field.default !== undefined && { default: field.default }),
    ...(field.nullAsAbsent === true ? { anyOf: [schema, { type: "null" }] } : schema),
    ...(field.examples !== undefined && { examples: field.examples }),
    ...world.notes?.ofField(field),
  }
}

/** What is said of a value for people, its unit last. */
export function description(doc: string | undefined, unit: string | undefined): Schema {
  const words = [doc, unit === undefined ? undefined : `Unit: ${unit}`].filter((text) => text !== undefined)
  return words.length > 0 ? { description: words.join(" ") } : {}
}

function said(schema: Schema, doc: string | undefined, unit: string | undefined): Schema {
  return { ...description(doc, unit), ...schema }
}

/** An object with these members, `__proto__` among them. */
function named(entries: readonly (readonly [string, JsonValue])[]): Schema {
  return Object.fromEntries(entries)
}

function intSchema(type: IntIr): Schema {
  const multiple = type.multipleOf !== undefined && { multipleOf: type.multipleOf }
  if (type.bits !== 64) return { type: "integer", minimum: Number(type.min), maximum: Number(type.max), ...multiple }
  const min = BigInt(type.min)
  const max = BigInt(type.max)
  const literal = {
    type: "integer",
    minimum: Number(min < -SAFE ? -SAFE : min),
    maximum: Number(max > SAFE ? SAFE : max),
    ...multiple,
  }
  return { anyOf: [literal, { type: "string", pattern: "^(?:0|-?[1-9][0-9]{0,19})$" }] }
}

function stringSchema(type: StringIr): Schema {
  const patterns = [
    ...(type.pattern === undefined ? [] : [`^(?:${type.pattern})$`]),
    ...(type.format === undefined ? [] : [FORMAT_PATTERNS[type.format]]),
  ]
  const most =
    type.format === "hostname" ? Math.min(type.maxLength ?? HOSTNAME_LENGTH, HOSTNAME_LENGTH) : type.maxLength
  return {
    type: "string",
    ...(type.minLength !== undefined && { minLength: type.minLength }),
    ...(most !== undefined && { maxLength: most }),
    ...(patterns[0] !== undefined && { pattern: patterns[0] }),
    ...(patterns[1] !== undefined && { allOf: [{ pattern: patterns[1] }] }),
    ...(type.format !== undefined && { format: type.format }),
  }
}

function low({ at, exclusive }: { readonly at: number; readonly exclusive: boolean }): Schema {
  return exclusive ? { exclusiveMinimum: at } : { minimum: at }
}

function high({ at, exclusive }: { readonly at: number; readonly exclusive: boolean }): Schema {
  return exclusive ? { exclusiveMaximum: at } : { maximum: at }
}
