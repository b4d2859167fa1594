import type { EnumValueIr, FieldIr, FloatIr, IntIr, ObjectIr, StringIr, TypeIr, UnionBranchIr } from "@fleetwire/ir"
import { OptionalKind, type TSchema } from "@sinclair/typebox"
import type { Place, Report } from "./diagnostic.js"
import { integerName, integerRange } from "./integer-range.js"
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
  return lowerUnderstood(understood.type, options, here, scope)
}

/** Whether a schema was wrapped in `t.optional`. */
export function isOptional(schema: TSchema): boolean {
  return typeof schema === "object" && schema !== null && OptionalKind in schema
}

function isMessage(schema: TSchema): boolean {
  return typeof schema === "object" && schema !== null && readMessage(schema) !== undefined
}

function lowerUnderstood(type: NotedType, options: OptionReader, place: TypePlace, scope: TypeScope): TypeIr {
  const { report } = scope
  switch (type.kind) {
    case "bool":
      return { kind: "bool" }
    case "int":
      return lowerInteger(type, options, place, report)
    case "float":
      return lowerFloat(type.bits, options, place, report)
    case "string":
      return lowerString(type.format, options, place, report)
    case "bytes":
      return { kind: "bytes", ...ordered(options, place, report, "minLength", "maxLength") }
    case "enum":
      return lowerEnum(type, options, place, report)
    case "const":
      return { kind: "const", value: type.value }
    case "list": {
      const item = { ...place, path: `${place.path}[]`, name: `${place.name}Item`, position: "item" } as const
      return {
        kind: "list",
        item: lowerType(type.item, item, scope),
        ...ordered(options, place, report, "minItems", "maxItems"),
      }
    }
    case "map": {
      const value = { ...place, path: `${place.path}{}`, name: `${place.name}Value`, position: "value" } as const
      const keyMaxLength = options.count("keyMaxLength", 1)
      const keyPattern = options.text("keyPattern")
      if (keyPattern !== undefined) checkPattern(keyPattern, place, report)
      const maxProperties = options.count("maxProperties", 1)
      return {
        kind: "map",
        value: lowerType(type.value, value, scope),
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

function lowerInteger(
  type: Extract<NotedType, { kind: "int" }>,
  options: OptionReader,
  place: Place,
  report: Report,
): IntIr {
  const range = integerRange(type.bits, type.signed)
  const bound = (name: "min" | "max"): bigint => {
    const value = options.raw(name)
    if (value === undefined) return range[name]
    const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))
    if (!whole) {
      const expected = type.bits === 64 ? "a bigint" : "a whole number"
      const example = type.bits === 64 ? "`100n`" : "`100`"
      report.add("contract/option-value", place, { option: name, received: show(value), expected, example })
      return range[name]
    }
    const number = BigInt(value)
    if (number >= range.min && number <= range.max) return number
    report.add("contract/bounds-width", place, {
      bound: name,
      value: String(number),
      type: integerName(type.bits, type.signed),
      least: String(range.min),
      most: String(range.max),
    })
    return range[name]
  }
  const min = bound("min")
  const max = bound("max")
  if (min > max) reportOrder(report, place, "min", min, "max", max)
  const multipleOf = options.count("multipleOf", 1)
  const fixed = options.flag("fixed")
  const print = (value: bigint) => (type.bits === 64 ? value.toString() : Number(value))
  return {
    kind: "int",
    bits: type.bits,
    signed: type.signed,
    min: print(min),
    max: print(max),
    ...(multipleOf !== undefined && multipleOf !== 1 && { multipleOf }),
    ...(fixed === true && { fixed }),
    ...(type.epoch !== undefined && { epoch: type.epoch }),
  }
}

function lowerFloat(bits: 32 | 64, options: OptionReader, place: Place, report: Report): FloatIr {
  // One value in every format: a bound of a float32 is a float32 too.
  const round = (value: number | undefined) => (value === undefined || bits === 64 ? value : Math.fround(value))
  const min = round(options.number("min"))
  const max = round(options.number("max"))
  if (min !== undefined && max !== undefined && min > max) reportOrder(report, place, "min", min, "max", max)
  const decimals = options.count("decimals")
  return {
    kind: "float",
    bits,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(decimals !== undefined && { decimals }),
  }
}

function lowerString(format: StringIr["format"], options: OptionReader, place: Place, report: Report): StringIr {
  const lengths = ordered(options, place, report, "minLength", "maxLength")
  const maxBytes = options.count("maxBytes", 1)
  const pattern = options.text("pattern")
  if (pattern !== undefined) checkPattern(pattern, place, report)
  return {
    kind: "string",
    ...lengths,
    ...(maxBytes !== undefined && { maxBytes }),
    ...(pattern !== undefined && { pattern }),
    ...(format !== undefined && { format }),
  }
}

function lowerEnum(
  type: Extract<NotedType, { kind: "enum" }>,
  options: OptionReader,
  place: TypePlace,
  report: Report,
): TypeIr {
  if (type.values.length === 0) report.add("contract/enum-empty", place)
  const values: EnumValueIr[] = []
  for (const { name, doc, deprecated, was } of type.values) {
    if (values.some((other) => other.name === name)) report.add("contract/enum-duplicate", place, { value: name })
    const earlier = typeof was === "string" ? [was] : was
    values.push({
      name,
      number: 0,
      ...(doc !== undefined && { doc }),
      ...(deprecated !== undefined && { deprecated }),
      ...(earlier !== undefined && earlier.length > 0 && { was: earlier }),
    })
  }
  const compactAs = options.oneOf("compactAs", ["number"])
  return {
    kind: "enum",
    name: options.text("name") ?? place.name,
    open: options.flag("open") ?? false,
    values,
    ...(compactAs !== undefined && { compactAs }),
  }
}

/** Lowers the fields of an object in declared order. */
export function lowerObject(fields: Readonly<Record<string, TSchema>>, place: TypePlace, scope: TypeScope): ObjectIr {
  const names = Object.keys(fields)
  if (names.length > 256) scope.report.add("contract/field-count", place, { count: names.length })
  return {
    kind: "object",
    name: place.name,
    fields: names.map((name) => lowerField(name, fields[name]!, place, scope)),
  }
}

function lowerField(name: string, schema: TSchema, owner: TypePlace, scope: TypeScope): FieldIr {
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
  if (hasDefault && auto !== undefined) report.add("contract/default-and-auto", here)
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

function ordered<Low extends string, High extends string>(
  options: OptionReader,
  place: Place,
  report: Report,
  low: Low,
  high: High,
): { readonly [K in Low | High]?: number } {
  const least = options.count(low)
  const most = options.count(high)
  if (least !== undefined && most !== undefined && least > most) reportOrder(report, place, low, least, high, most)
  return defined({ [low]: least === 0 ? undefined : least, [high]: most }) as { readonly [K in Low | High]?: number }
}

function reportOrder(
  report: Report,
  place: Place,
  low: string,
  lowValue: number | bigint,
  high: string,
  highValue: number | bigint,
): void {
  report.add("contract/bounds-order", place, { low, lowValue: String(lowValue), high, highValue: String(highValue) })
}

/** The object without its undefined members. */
export function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
