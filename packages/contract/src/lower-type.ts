import type { FieldIr, ObjectIr, TypeIr, UnionBranchIr } from "@fleetwire/ir"
import { Kind, OptionalKind, type TSchema } from "@sinclair/typebox"
import { defined } from "./defined.js"
import type { Place, Report } from "./diagnostic.js"
import { lowerEnum, lowerFloat, lowerInteger, lowerString } from "./lower-scalar.js"
import { readMessage } from "./message.js"
import { type NotedType, readFieldNote, readNote } from "./note.js"
import { OptionReader, show } from "./options.js"
import type { Origin } from "./origin.js"
import { type Outside, readPlain } from "./outside-profile.js"
import { checkPattern } from "./pattern-check.js"
import { pascalCase } from "./words.js"

/** What lowering a type needs from the contract around it. */
export interface TypeScope {
  readonly report: Report
  /** Lowers a message that a type refers to, and gives its name. */
  reference(schema: TSchema, place: Place): string
}

/** Where a type stands. */
export interface TypePlace extends Place {
  /** Name of the type, should it need one. */
  readonly name: string
  readonly position: "field" | "item" | "value" | "message" | "branch"
}

const WHERE = {
  item: "an item of a list",
  value: "a value of a map",
  message: "a message",
  branch: "a branch of a union",
}

/** Annotations that only a field can have. */
const FIELD_ONLY = ["short", "was", "nullAsAbsent", "auto", "default"]
const ANNOTATIONS = ["unit", "doc", "examples", "deprecated", "since", ...FIELD_ONLY]

const OWN_OPTIONS: Readonly<Record<NotedType["kind"], readonly string[]>> = {
  bool: [],
  int: ["min", "max", "multipleOf", "fixed"],
  float: ["min", "max", "decimals"],
  string: ["minLength", "maxLength", "maxBytes", "pattern"],
  bytes: ["minLength", "maxLength"],
  enum: ["name", "open", "compactAs"],
  const: [],
  list: ["minItems", "maxItems"],
  map: ["keyMaxLength", "keyPattern", "maxProperties"],
  object: ["name"],
  union: ["name"],
}

/** A schema, understood: what its builder meant, with all its options. */
export interface Understood {
  readonly type: NotedType
  readonly options: Readonly<Record<string, unknown>>
  readonly at: Origin | undefined
}

/** What a schema means, whoever built it; undefined (and reported) where it is outside the profile. */
export function understand(schema: TSchema, place: Place, report: Report): Understood | undefined {
  if (typeof schema !== "object" || schema === null) {
    report.add("contract/not-a-type", place, { received: show(schema) })
    return undefined
  }
  const note = readNote(schema)
  const onTop = readFieldNote(schema)
  if (note !== undefined) {
    return {
      type: note.type,
      options: { ...note.options, ...onTop?.annotations },
      at: onTop?.at ?? note.at ?? place.at,
    }
  }
  const plain = readPlain(schema)
  if ("outside" in plain) {
    report.add("contract/type-outside-profile", place, {
      type: (plain as Outside).outside,
      suggestion: plain.suggestion,
    })
    return undefined
  }
  for (const keyword of plain.keywords) report.add("contract/keyword-outside-profile", place, { ...keyword })
  return { type: plain.type, options: { ...plain.options, ...onTop?.annotations }, at: onTop?.at ?? place.at }
}

/** Lowers a schema to the intermediate form. A type that cannot be understood is reported and becomes a bool. */
export function lowerType(schema: TSchema, place: TypePlace, scope: TypeScope): TypeIr {
  const { report } = scope
  if (place.position !== "field" && isOptional(schema)) {
    report.add("contract/optional-misplaced", place, { where: WHERE[place.position] })
  }
  if (place.position !== "message" && isMessage(schema)) {
    return { kind: "ref", message: scope.reference(schema, place) }
  }
  const understood = understand(schema, place, report)
  if (understood === undefined) return { kind: "bool" }
  const here: TypePlace = { ...place, at: understood.at ?? place.at }
  const options = new OptionReader(understood.options, here, report)
  options.only([...OWN_OPTIONS[understood.type.kind], ...ANNOTATIONS])
  if (place.position !== "field") {
    for (const annotation of FIELD_ONLY) {
      if (options.has(annotation))
        report.add("contract/annotation-misplaced", here, { annotation, where: WHERE[place.position] })
    }
  }
  return lowerUnderstood({ type: understood.type, options }, here, scope)
}

/** Whether a schema was wrapped in `t.optional`. */
export function isOptional(schema: TSchema): boolean {
  return typeof schema === "object" && schema !== null && OptionalKind in schema
}

function isMessage(schema: TSchema): boolean {
  return typeof schema === "object" && schema !== null && readMessage(schema) !== undefined
}

function lowerUnderstood(
  { type, options }: { readonly type: NotedType; readonly options: OptionReader },
  place: TypePlace,
  scope: TypeScope,
): TypeIr {
  switch (type.kind) {
    case "bool":
      return { kind: "bool" }
    case "int":
      return lowerInteger(type, options)
    case "float":
      return lowerFloat(type.bits, options)
    case "string":
      return lowerString(type.format, options)
    case "bytes":
      return { kind: "bytes", ...options.ordered("minLength", "maxLength") }
    case "enum":
      return lowerEnum(type, options, place.name)
    case "const":
      return { kind: "const", value: type.value }
    case "list": {
      const item = { ...place, path: `${place.path}[]`, name: `${place.name}Item`, position: "item" } as const
      return {
        kind: "list",
        item: lowerType(type.item, item, scope),
        ...words("item", wordsAbout(type.item, item, scope.report)),
        ...options.ordered("minItems", "maxItems"),
      }
    }
    case "map": {
      const value = { ...place, path: `${place.path}{}`, name: `${place.name}Value`, position: "value" } as const
      const keyMaxLength = options.count("keyMaxLength", 1)
      const keyPattern = options.text("keyPattern")
      if (keyPattern !== undefined) checkPattern(keyPattern, place, scope.report)
      const maxProperties = options.count("maxProperties", 1)
      return {
        kind: "map",
        value: lowerType(type.value, value, scope),
        ...words("value", wordsAbout(type.value, value, scope.report)),
        ...(keyMaxLength !== undefined && { keyMaxLength }),
        ...(keyPattern !== undefined && { keyPattern }),
        ...(maxProperties !== undefined && { maxProperties }),
      }
    }
    case "object":
      return lowerObject(type.fields, { ...place, name: options.text("name") ?? place.name }, scope)
    case "union":
      return lowerUnion(type, { ...place, name: options.text("name") ?? place.name }, scope)
  }
}

/** What is said of a value that is no field. */
export interface Words {
  readonly unit?: string
  readonly doc?: string
}

/** Unit and doc of a schema that stands elsewhere than in a field; of a message that it refers to, only what is on top. */
export function wordsAbout(schema: TSchema, place: Place, report: Report): Words {
  if (typeof schema !== "object" || schema === null) return {}
  const refers = "position" in place && place.position !== "message" && isMessage(schema)
  const own = refers ? {} : (readNote(schema)?.options ?? plainOptions(schema))
  const options = new OptionReader({ ...own, ...readFieldNote(schema)?.annotations }, place, report)
  return defined({ unit: options.text("unit"), doc: options.text("doc") })
}

function words<P extends "item" | "value">(
  of: P,
  { unit, doc }: Words,
): { readonly [K in `${P}Unit` | `${P}Doc`]?: string } {
  return defined({ [`${of}Unit`]: unit, [`${of}Doc`]: doc }) as never
}

/** Lowers the fields of an object in declared order. */
export function lowerObject(fields: Readonly<Record<string, TSchema>>, place: TypePlace, scope: TypeScope): ObjectIr {
  const entries = Object.entries(fields)
  const proto: unknown = Object.getPrototypeOf(fields)
  // What is written so is no property: it sets the object's prototype, and the field would be gone without a word.
  if (typeof proto === "object" && proto !== null && Object.hasOwn(proto, Kind))
    scope.report.add(
      "contract/name-form",
      { ...place, path: `${place.path}.__proto__` },
      { what: "field", name: "__proto__", form: "a name that JavaScript leaves alone", proposal: "proto" },
    )
  if (entries.length > 256) scope.report.add("contract/field-count", place, { count: entries.length })
  return {
    kind: "object",
    name: place.name,
    fields: entries.map((entry) => lowerField(entry, place, scope)),
  }
}

function lowerField([name, schema]: readonly [string, TSchema], owner: TypePlace, scope: TypeScope): FieldIr {
  const { report } = scope
  const place: TypePlace = {
    path: `${owner.path}.${name}`,
    at: owner.at,
    name: `${owner.name}${pascalCase(name)}`,
    position: "field",
  }
  const type = lowerType(schema, place, scope)
  const onTop = typeof schema === "object" && schema !== null ? readFieldNote(schema) : undefined
  const note = typeof schema === "object" && schema !== null ? readNote(schema) : undefined
  // Annotations of a referenced message's own type belong to the message, not to the field that refers to it.
  const annotations = { ...(type.kind === "ref" ? {} : (note?.options ?? plainOptions(schema))), ...onTop?.annotations }
  const here = { ...place, at: onTop?.at ?? note?.at ?? place.at }
  const options = new OptionReader(annotations, here, report)
  const optional = isOptional(schema)
  const auto = options.oneOf("auto", ["now", "identity", "id", "elapsed", "session"])
  const nullAsAbsent = options.flag("nullAsAbsent")
  const hasDefault = options.has("default")
  // An id may have both: our senders fill it in, and a request of others that has none is called by the default.
  if (hasDefault && auto !== undefined && auto !== "id") report.add("contract/default-and-auto", here)
  if (nullAsAbsent === true && !optional && !hasDefault) report.add("contract/null-on-required", here)
  const examples = options.list("examples")
  const was = options.texts("was")
  const present = {
    short: options.text("short"),
    unit: options.text("unit"),
    doc: options.text("doc"),
    deprecated: options.text("deprecated"),
    since: options.text("since"),
    auto,
  }
  return {
    name,
    number: 0,
    required: !optional && !hasDefault,
    type,
    ...defined(present),
    ...(was !== undefined && was.length > 0 && { was }),
    ...(nullAsAbsent === true && { nullAsAbsent }),
    // Raw until every message is known; `settleLiterals` checks and lowers them.
    ...(hasDefault && { default: options.raw("default") as never }),
    ...(examples !== undefined && examples.length > 0 && { examples: examples as never }),
  }
}

function plainOptions(schema: TSchema): Readonly<Record<string, unknown>> {
  if (typeof schema !== "object" || schema === null) return {}
  const plain = readPlain(schema)
  return "outside" in plain ? {} : plain.options
}

function lowerUnion(type: Extract<NotedType, { kind: "union" }>, place: TypePlace, scope: TypeScope): TypeIr {
  const { report } = scope
  const entries = Object.entries(type.branches)
  if (entries.length === 0) report.add("contract/union-empty", place)
  const branches: UnionBranchIr[] = []
  for (const [value, schema] of entries) {
    const here: TypePlace = {
      path: `${place.path}<${value}>`,
      at: place.at,
      name: `${place.name}${pascalCase(value)}`,
      position: "branch",
    }
    const understood = understand(schema, here, report)
    if (understood === undefined) continue
    if (understood.type.kind !== "object") {
      report.add("contract/union-branch", here, { branch: value })
      continue
    }
    if (Object.hasOwn(understood.type.fields, type.tag)) {
      report.add("contract/union-tag", here, { branch: value, tag: type.tag })
    }
    const options = new OptionReader(understood.options, here, report)
    const doc = options.text("doc")
    const name = options.text("name") ?? here.name
    const object = lowerObject(understood.type.fields, { ...here, name, at: understood.at ?? here.at }, scope)
    branches.push({ value, number: 0, type: object, ...(doc !== undefined && { doc }) })
  }
  return { kind: "union", name: place.name, tag: type.tag, branches }
}
