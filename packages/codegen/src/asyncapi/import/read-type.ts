import type { EnumIr, EnumValueIr, FieldIr, JsonValue, ObjectIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { pascalCase, wordsOf } from "../../core/name-policy.js"
import { EXTENSION } from "../extension.js"
import { isRecord, type Node } from "./node.js"
import {
  declaredFloat,
  declaredInt,
  INTEGERS,
  limits,
  readFloat,
  readInt,
  readPattern,
  readString,
} from "./read-scalar.js"
import { decide, drop, type Facts, factsOf, keyword, pick, reservedOf, type TypeWorld } from "./type-world.js"

/** Keywords that say nothing about values. */
const ANNOTATIONS = new Set(
  `$schema $id $comment title description default examples example deprecated externalDocs readOnly writeOnly format
   contentEncoding contentMediaType discriminator definitions $defs ${EXTENSION}`.split(/\s+/),
)

const KEYWORDS: { readonly [kind: string]: readonly string[] } = {
  int: ["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  float: ["type", "minimum", "maximum"],
  string: ["type", "minLength", "maxLength", "pattern", "allOf"],
  bytes: ["type", "pattern", "allOf"],
  bool: ["type"],
  const: ["type", "const"],
  enum: ["type", "enum"],
  list: ["type", "items", "minItems", "maxItems"],
  map: ["type", "additionalProperties", "propertyNames", "maxProperties"],
  object: ["type", "properties", "required", "additionalProperties", "allOf"],
  union: ["type", "oneOf", "anyOf", "required", "properties"],
}

/**
 * Reads the type at a place; undefined, and reported, where no target could carry it. `name` is what a nested type is
 * called there. `open` holds the places that are being read, by which circles are found.
 */
export function readType(node: Node, name: string, world: TypeWorld, open: readonly string[] = []): TypeIr | undefined {
  const at = node.resolve()
  if (at === undefined) return undefined
  const message = open.length > 0 ? world.messageAt(at.id) : undefined
  if (open.includes(at.id)) {
    world.report.add("asyncapi/ref-cycle", node.target, { ref: at.path })
    return undefined
  }
  if (message !== undefined) return { kind: "ref", message }
  const inner = [...open, at.id]
  const only = singleAllOf(at)
  if (only !== undefined) return readType(only, name, world, inner)
  if (!isRecord(at.value)) return drop(at, world, "a schema that admits everything", "its values have no type")
  const nullable = withoutNull(at)
  if (nullable !== undefined) return readType(nullable, name, world, inner)
  const type = readShape(at, name, world, inner)
  if (type !== undefined) reportUnknown(at, type, world)
  return type
}

function readShape(at: Node, name: string, world: TypeWorld, open: readonly string[]): TypeIr | undefined {
  const facts = factsOf(at)
  const said = facts.type
  if (typeof said === "string" && /^u?int(8|16|32|64)$/.test(said)) return declaredInt(at, said, facts)
  if (said === "float32" || said === "float64") return declaredFloat(at, said === "float32" ? 32 : 64, facts)
  if (said === "bytes") return { kind: "bytes", ...pick(facts, ["minLength", "maxLength"]) }
  if (said === "enum") return declaredEnum(facts)
  if (at.at("const") !== undefined) return readConst(at, world)
  if (at.at("enum") !== undefined) return readEnum(at, name, world)
  if (at.at("oneOf") !== undefined || at.at("anyOf") !== undefined) return readUnion(at, name, world, open)
  switch (typeOf(at)) {
    case "boolean":
      return { kind: "bool" }
    case "integer":
      return readInt(at, world)
    case "number":
      return readFloat(at, world)
    case "string":
      return readString(at, facts, world)
    case "array":
      return readList(at, name, world, open)
    case "object":
      return isMap(at) ? readMap(at, name, world, open) : readObject(at, name, world, open)
    default:
      return drop(at, world, "a schema without a type", "its values have no type")
  }
}

/** A type as it is written, or as the keywords around it imply. */
function typeOf(at: Node): string | undefined {
  const written = at.value as Readonly<Record<string, unknown>>
  if (typeof written.type === "string") return written.type
  if (isRecord(written.properties) || Array.isArray(written.allOf) || isRecord(written.additionalProperties))
    return "object"
  if (written.items !== undefined) return "array"
  if (written.pattern !== undefined || written.maxLength !== undefined || written.minLength !== undefined)
    return "string"
  if (written.minimum !== undefined || written.maximum !== undefined) return "number"
  return undefined
}

function isMap(at: Node): boolean {
  const { additionalProperties, properties } = at.value as Readonly<Record<string, unknown>>
  return isRecord(additionalProperties) && (!isRecord(properties) || Object.keys(properties).length === 0)
}

/** The one schema of an `allOf` beside which nothing else is said of the value. */
function singleAllOf(at: Node): Node | undefined {
  const all = at.at("allOf")?.items() ?? []
  const others = at.keys().filter((keyword) => keyword !== "allOf" && !ANNOTATIONS.has(keyword))
  return all.length === 1 && others.length === 0 ? all[0] : undefined
}

/** The other branch of a choice between something and null. */
function withoutNull(at: Node): Node | undefined {
  const choice = (at.at("anyOf") ?? at.at("oneOf"))?.items() ?? []
  if (choice.length !== 2) return undefined
  const isNull = (node: Node) => isRecord(node.value) && node.value.type === "null"
  return choice.some(isNull) ? choice.find((node) => !isNull(node)) : undefined
}

/** Whether a field may be null in JSON. */
export function isNullable(node: Node): boolean {
  const at = node.resolve()
  if (at === undefined) return false
  const type = isRecord(at.value) ? at.value.type : undefined
  return withoutNull(at) !== undefined || (Array.isArray(type) && type.includes("null"))
}

function readConst(at: Node, world: TypeWorld): TypeIr | undefined {
  const value = at.at("const")?.value
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return { kind: "const", value }
  return drop(at, world, "a constant", "only texts, numbers and truth values can be constants")
}

function readEnum(at: Node, name: string, world: TypeWorld): TypeIr | undefined {
  const all =
    at
      .at("enum")
      ?.items()
      .map(({ value }) => value) ?? []
  const values = all.filter((value) => value !== null)
  const [first] = values
  if (values.length === 1 && (typeof first === "string" || typeof first === "number" || typeof first === "boolean")) {
    return { kind: "const", value: first }
  }
  if (values.every((value): value is string => typeof value === "string") && values.length > 0) {
    return {
      kind: "enum",
      name,
      open: false,
      values: [...new Set(values)].map((value, index) => ({ name: value, number: index + 1 })),
    }
  }
  if (values.length > 0 && values.every((value): value is number => Number.isSafeInteger(value))) {
    keyword(at, world, "enum", "values that are numbers are carried as a range")
    const [min, max] = [Math.min(...values), Math.max(...values)]
    const signed = min < 0
    const bits = INTEGERS.find((width) => min >= limits(width, signed).min && max <= limits(width, signed).max)
    if (bits !== undefined) return { kind: "int", bits, signed, min, max }
  }
  return drop(at, world, "an enum", "its values are neither all texts nor all small integers")
}

function declaredEnum(facts: Facts): EnumIr {
  return {
    kind: "enum",
    name: String(facts.name),
    open: facts.open === true,
    values: facts.values as unknown as readonly EnumValueIr[],
    ...(facts.compactAs === "number" && { compactAs: "number" }),
    ...reservedOf(facts),
  }
}

function readList(at: Node, name: string, world: TypeWorld, open: readonly string[]): TypeIr | undefined {
  const items = at.at("items")
  if (items === undefined || Array.isArray(items.value)) {
    return drop(
      at,
      world,
      "a list",
      items === undefined ? "its items have no type" : "tuples have no place in protobuf",
    )
  }
  const item = readType(items, `${name}Item`, world, open)
  if (item === undefined) return undefined
  const [minItems, maxItems] = [at.number("minItems"), at.number("maxItems")]
  return {
    kind: "list",
    item,
    ...pick(factsOf(at), ["itemUnit", "itemDoc"]),
    ...(minItems !== undefined && minItems > 0 && { minItems }),
    ...(maxItems !== undefined && { maxItems }),
  }
}

function readMap(at: Node, name: string, world: TypeWorld, open: readonly string[]): TypeIr | undefined {
  const value = readType(at.at("additionalProperties")!, `${name}Value`, world, open)
  if (value === undefined) return undefined
  const names = at.get("propertyNames")
  const keyMaxLength = names?.number("maxLength")
  const written = names?.text("pattern")
  const keyPattern = written === undefined ? undefined : readPattern(names!, written, world)
  const maxProperties = at.number("maxProperties")
  return {
    kind: "map",
    value,
    ...pick(factsOf(at), ["valueUnit", "valueDoc"]),
    ...(keyMaxLength !== undefined && { keyMaxLength }),
    ...(keyPattern !== undefined && { keyPattern }),
    ...(maxProperties !== undefined && { maxProperties }),
  }
}

function readObject(at: Node, name: string, world: TypeWorld, open: readonly string[]): ObjectIr | undefined {
  const facts = factsOf(at)
  const own = typeof facts.name === "string" ? facts.name : name
  const fields: FieldIr[] = []
  for (const part of partsOf(at, world)) {
    const required = new Set((part.at("required")?.items() ?? []).map(({ value }) => value))
    for (const [key, schema] of part.get("properties")?.entries() ?? []) {
      if (fields.some((field) => field.name === key)) continue
      // What has a number came from a contract, which had the name.
      if (!FIELD_NAME.test(key) && factsOf(schema).number === undefined) {
        drop(
          schema,
          world,
          `the field ${JSON.stringify(key)}`,
          "a name is letters, digits and `_`, and begins with a letter",
        )
        continue
      }
      const field = readField(schema, { name: key, owner: own, required: required.has(key) }, world, open)
      if (field !== undefined) fields.push(field)
    }
  }
  return { kind: "object", name: own, fields: numbered(fields), ...reservedOf(facts) }
}

/** What the contract language takes as the name of a field. */
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]*$/

/** The object's own schema, and those that `allOf` adds to it. */
function partsOf(at: Node, world: TypeWorld): readonly Node[] {
  const added = (at.at("allOf")?.items() ?? []).flatMap((item) => item.resolve() ?? [])
  for (const part of added) {
    for (const name of part.keys()) {
      if (!ANNOTATIONS.has(name) && !KEYWORDS.object!.includes(name))
        keyword(part, world, name, "objects are joined by their properties alone")
    }
  }
  return [at, ...added]
}

interface FieldPlace {
  readonly name: string
  readonly owner: string
  readonly required: boolean
}

function readField(node: Node, place: FieldPlace, world: TypeWorld, open: readonly string[]): FieldIr | undefined {
  const type = readType(node, `${place.owner}${pascalCase(wordsOf(place.name))}`, world, open)
  if (type === undefined) return undefined
  const at = type.kind === "ref" ? node : node.resolve()!
  const facts = factsOf(at)
  const written = isRecord(at.value) ? at.value : {}
  const nullable = isNullable(node)
  const preset = written.default as JsonValue | undefined
  const hasDefault = preset !== undefined && preset !== null && fitsScalar(type, preset)
  if (preset !== undefined && !hasDefault) keyword(at, world, "default", "it is no scalar of the field's type")
  const description = typeof written.description === "string" ? written.description : undefined
  const doc = typeof facts.doc === "string" ? facts.doc : facts.unit === undefined ? description : undefined
  const examples = Array.isArray(written.examples) ? (written.examples as readonly JsonValue[]) : []
  const known = typeof facts.number === "number"
  return {
    name: place.name,
    number: known ? (facts.number as number) : 0,
    required: place.required && !hasDefault && !(nullable && !known),
    type,
    ...pick(facts, ["short", "unit"]),
    ...(doc !== undefined && { doc }),
    ...(hasDefault && { default: preset }),
    ...pick(facts, ["auto"]),
    ...(nullable && { nullAsAbsent: true }),
    ...(examples.length > 0 && known && { examples }),
    ...(typeof facts.deprecated === "string"
      ? { deprecated: facts.deprecated }
      : written.deprecated === true
        ? { deprecated: "see the document" }
        : {}),
    ...pick(facts, ["since", "was"]),
  }
}

function readUnion(at: Node, name: string, world: TypeWorld, open: readonly string[]): TypeIr | undefined {
  const branches = (at.at("oneOf") ?? at.at("anyOf"))!.items().flatMap((item) => item.resolve() ?? [])
  const facts = factsOf(at)
  const tag = tagOf(at, branches)
  if (tag === undefined)
    return drop(at, world, "a choice between schemas", "no property with a constant tells its branches apart")
  const known = Array.isArray(facts.branches) ? (facts.branches as readonly Facts[]) : []
  const own = typeof facts.name === "string" ? facts.name : name
  const read: UnionIr["branches"][number][] = []
  for (const branch of branches) {
    const value = tagValue(branch, tag)!
    const fact = known.find((one) => one.value === value)
    const derived = typeof fact?.name === "string" ? fact.name : `${own}${pascalCase(wordsOf(value))}`
    const object = readObject(branch, derived, world, open)
    if (object === undefined) continue
    const doc = branch.text("description")
    read.push({
      value,
      number: typeof fact?.number === "number" ? fact.number : 0,
      type: {
        ...object,
        name: derived,
        fields: numbered(object.fields.filter((field) => field.name !== tag)),
        ...(fact === undefined ? {} : reservedOf(fact)),
      },
      ...(doc !== undefined && { doc }),
    })
  }
  return { kind: "union", name: own, tag, branches: numbered(read), ...reservedOf(facts) }
}

/** The property that each branch fixes to another text. */
function tagOf(at: Node, branches: readonly Node[]): string | undefined {
  const written = at.at("discriminator")?.value
  const named = typeof written === "string" ? written : isRecord(written) ? written.propertyName : undefined
  const [first] = branches
  const candidates = typeof named === "string" ? [named] : (first?.get("properties")?.keys() ?? [])
  return candidates.find((name) => {
    const values = branches.map((branch) => tagValue(branch, name))
    return values.every((value) => value !== undefined) && new Set(values).size === values.length
  })
}

function tagValue(branch: Node, tag: string): string | undefined {
  const property = branch.get("properties")?.get(tag)
  const value =
    property?.at("const")?.value ??
    (property?.at("enum")?.items().length === 1 ? property.at("enum")!.items()[0]!.value : undefined)
  return typeof value === "string" ? value : undefined
}

/** Numbers for what has none, above those that are known. */
function numbered<T extends { readonly number: number }>(items: readonly T[]): readonly T[] {
  let last = Math.max(0, ...items.map(({ number }) => number))
  return items.map((item) => (item.number > 0 ? item : { ...item, number: ++last }))
}

/** Whether a value may be the default of a field: a scalar of its kind. Its bounds are checked by the compiler. */
function fitsScalar(type: TypeIr, value: JsonValue): boolean {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean"
    case "int":
      return type.bits === 64 ? typeof value !== "object" : Number.isSafeInteger(value)
    case "float":
      return typeof value === "number"
    case "const":
      return value === type.value
    case "enum":
      return type.open ? typeof value === "string" : type.values.some(({ name }) => name === value)
    default:
      return typeof value === "string" && type.kind !== "ref"
  }
}

/** Reports the keywords of a schema that its type does not say. */
function reportUnknown(at: Node, type: TypeIr, world: TypeWorld): void {
  const known = KEYWORDS[type.kind] ?? []
  for (const name of at.keys()) {
    if (known.includes(name) || ANNOTATIONS.has(name) || name.startsWith("x-")) continue
    if (name === "anyOf" && type.kind === "int" && type.bits === 64) continue
    if (type.kind === "float" && factsOf(at).type === "float32") continue
    keyword(at, world, name, "the contract language has no word for it")
  }
  const { additionalProperties } = at.value as Readonly<Record<string, unknown>>
  if (type.kind === "object" && additionalProperties === false) {
    decide(at, world, "unknown properties are ignored, not refused", "W-3: a later version may add fields")
  }
}
