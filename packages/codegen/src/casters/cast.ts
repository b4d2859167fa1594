import {
  type ContractIr,
  compilePattern,
  type EnumIr,
  type FieldIr,
  type IntIr,
  includesDfa,
  type JsonValue,
  type ObjectIr,
  resolveType,
  type StringIr,
  type TypeIr,
  type UnionIr,
  unitOf,
} from "@fleetwire/ir"
import { access, type Code, code, indent, join, key, nothing, string } from "../core/code.js"

/** A place that no rule can fill: the user supplies a function for it. */
export interface Supply {
  /** Path of the place in the new value, such as `sensors.gps`. */
  readonly path: string
  /** Type of the value that there is, or undefined where the other version has none: then the whole message is given. */
  readonly from: Code | undefined
  /** Type of the value that is wanted. */
  readonly to: Code
}

/** Where a cast stands: both contracts, both types as text, and what has to be supplied so far. */
export interface CastScope {
  readonly from: ContractIr
  readonly to: ContractIr
  readonly supplies: Supply[]
}

interface Spot {
  /** The value that there is. */
  readonly value: Code
  readonly fromType: Code
  readonly toType: Code
  readonly path: string
  /** How many names of items are taken around it. */
  readonly depth: number
}

/**
 * An expression that makes a value of one type from one of another. What the contracts do not decide is asked of a
 * function that the user supplies.
 */
export function cast(from: TypeIr, to: TypeIr, spot: Spot, scope: CastScope): Code {
  const [a, b] = [resolveType(scope.from, from), resolveType(scope.to, to)]
  const made = convert(a, b, spot, scope)
  if (made !== undefined) return made
  scope.supplies.push({ path: spot.path, from: spot.fromType, to: spot.toType })
  return code`supply[${string(spot.path)}](${spot.value}, from)`
}

function convert(a: TypeIr, b: TypeIr, spot: Spot, scope: CastScope): Code | undefined {
  const { value } = spot
  if (b.kind === "const") return literal(b.value)
  if (a.kind === "bool" && b.kind === "bool") return value
  if (a.kind === "int" && b.kind === "int") return castInteger(a, b, value)
  if (a.kind === "int" && b.kind === "float") {
    const exact = a.bits <= (b.bits === 32 ? 16 : 32)
    return exact && Number(a.min) >= (b.min ?? -Infinity) && Number(a.max) <= (b.max ?? Infinity) ? value : undefined
  }
  if (a.kind === "float" && b.kind === "float") {
    const inside = (a.min ?? -Infinity) >= (b.min ?? -Infinity) && (a.max ?? Infinity) <= (b.max ?? Infinity)
    return a.bits <= b.bits && inside ? value : undefined
  }
  if (a.kind === "string" && b.kind === "string") return includesText(b, a) ? value : undefined
  if (a.kind === "bytes" && b.kind === "bytes") {
    const inside = (a.minLength ?? 0) >= (b.minLength ?? 0) && (a.maxLength ?? Infinity) <= (b.maxLength ?? Infinity)
    return inside ? value : undefined
  }
  if (a.kind === "enum" && b.kind === "enum") return castEnum(a, b, value)
  if (a.kind === "list" && b.kind === "list") {
    const fits = (a.minItems ?? 0) >= (b.minItems ?? 0) && (a.maxItems ?? Infinity) <= (b.maxItems ?? Infinity)
    if (!fits) return undefined
    const item = itemName(spot.depth)
    const inside = within(spot, item, "[number]", `${spot.path}[]`)
    const inner = castItem({ type: a.item, unit: a.itemUnit }, { type: b.item, unit: b.itemUnit }, inside, scope)
    return code`${value}.map((${item}) => ${isObject(scope.to, b.item) ? code`(${inner})` : inner})`
  }
  if (a.kind === "map" && b.kind === "map") {
    const fits =
      (a.maxProperties ?? Infinity) <= (b.maxProperties ?? Infinity) &&
      (a.keyMaxLength ?? Infinity) <= (b.keyMaxLength ?? Infinity) &&
      (b.keyPattern === undefined || b.keyPattern === a.keyPattern)
    if (!fits) return undefined
    const item = itemName(spot.depth)
    const inside = within(spot, item, "[string]", `${spot.path}{}`)
    const inner = castItem({ type: a.value, unit: a.valueUnit }, { type: b.value, unit: b.valueUnit }, inside, scope)
    return code`Object.fromEntries(Object.entries(${value}).map(([key, ${item}]) => [key, ${inner}] as const))`
  }
  if (a.kind === "object" && b.kind === "object") return castFields(a, b, spot, scope, [])
  if (a.kind === "union" && b.kind === "union") return castUnion(a, b, spot, scope)
  return undefined
}

function castFields(a: ObjectIr, b: ObjectIr, spot: Spot, scope: CastScope, tag: readonly Code[]): Code {
  const lines = b.fields.map((field) => castField(a, { field, siblings: b.fields }, spot, scope))
  const all = [...tag, ...lines].filter((line) => !line.empty).map((line) => code`${line},`)
  return all.length === 0 ? code`{}` : code`${[code`{`, indent(all), code`}`]}`
}

interface Wanted {
  readonly field: FieldIr
  /** All fields of its object. */
  readonly siblings: readonly FieldIr[]
}

/** Whether an object has a value that no field of the other version takes. */
function losesSomething({ fields }: ObjectIr, siblings: readonly FieldIr[]): boolean {
  const taken = (one: FieldIr) => siblings.some((field) => field.name === one.name || areKin(one, field))
  return fields.some((one) => one.type.kind !== "const" && !taken(one))
}

function castField(a: ObjectIr, { field, siblings }: Wanted, spot: Spot, scope: CastScope): Code {
  const path = spot.path === "" ? field.name : `${spot.path}.${field.name}`
  const toType = code`NonNullable<${spot.toType}[${string(field.name)}]>`
  const origin = a.fields.find(({ name }) => name === field.name) ?? a.fields.find((one) => areKin(one, field))
  const ask = (): Code => {
    scope.supplies.push({ path, from: undefined, to: toType })
    return code`${key(field.name)}: supply[${string(path)}](from)`
  }
  if (origin === undefined) {
    const type = resolveType(scope.to, field.type)
    if (type.kind === "const" && field.required) return code`${key(field.name)}: ${literal(type.value)}`
    if (field.default !== undefined) return code`${key(field.name)}: ${plain(field.default, type)}`
    if (field.required) return ask()
    if (!losesSomething(a, siblings)) return nothing
    // What one version lost may be what the other one gained: that it is left out is for its author to say.
    scope.supplies.push({ path, from: undefined, to: code`${toType} | undefined` })
    return code`...((given) => given !== undefined && { ${key(field.name)}: given })(supply[${string(path)}](from))`
  }
  const value = code`${spot.value}${access(origin.name)}`
  const fromType = code`NonNullable<${spot.fromType}[${string(origin.name)}]>`
  const inner: Spot = { value, fromType, toType, path, depth: spot.depth }
  // A field without a unit never was one with it.
  const unlike = (origin.unit === undefined) !== (field.unit === undefined) && !sameUnit(origin, field, scope)
  const made = unlike ? supplied(path, inner, scope) : castItem(origin, field, inner, scope)
  if (isPresent(origin)) return code`${key(field.name)}: ${made}`
  if (!isPresent(field)) return code`...(${value} !== undefined && { ${key(field.name)}: ${made} })`
  if (field.default !== undefined)
    return code`${key(field.name)}: ${value} === undefined ? ${plain(field.default, resolveType(scope.to, field.type))} : ${made}`
  const absent = `${path}?`
  scope.supplies.push({ path: absent, from: undefined, to: toType })
  return code`${key(field.name)}: ${value} === undefined ? supply[${string(absent)}](from) : ${made}`
}

/** A type with the unit that is said where it stands. */
interface Measured {
  readonly type: TypeIr
  readonly unit?: string | undefined
}

/**
 * The same, unless both versions say a unit and it is another one: another unit is another value, which only its author
 * can work out.
 */
export function castItem(from: Measured, to: Measured, spot: Spot, scope: CastScope): Code {
  const [a, b] = [unitOf(scope.from, from.type, from.unit), unitOf(scope.to, to.type, to.unit)]
  return a === b || a === undefined || b === undefined
    ? cast(from.type, to.type, spot, scope)
    : supplied(spot.path, spot, scope)
}

function sameUnit(from: Measured, to: Measured, scope: CastScope): boolean {
  return unitOf(scope.from, from.type, from.unit) === unitOf(scope.to, to.type, to.unit)
}

function supplied(path: string, spot: Spot, scope: CastScope): Code {
  scope.supplies.push({ path, from: spot.fromType, to: spot.toType })
  return code`supply[${string(path)}](${spot.value}, from)`
}

function castUnion(a: UnionIr, b: UnionIr, spot: Spot, scope: CastScope): Code | undefined {
  const pairs = a.branches.map((branch) => ({
    from: branch,
    to: b.branches.find(({ value }) => value === branch.value),
  }))
  if (pairs.some(({ to }) => to === undefined)) return undefined
  const cases = pairs.map(({ from, to }) => {
    const narrowed: Spot = {
      ...spot,
      fromType: code`Extract<${spot.fromType}, { readonly ${key(a.tag)}: ${string(from.value)} }>`,
      toType: code`Extract<${spot.toType}, { readonly ${key(b.tag)}: ${string(from.value)} }>`,
      path: `${spot.path}<${from.value}>`,
    }
    const tag = code`${key(b.tag)}: ${string(from.value)}`
    return { value: from.value, made: castFields(from.type, to!.type, narrowed, scope, [tag]) }
  })
  return cases
    .slice(0, -1)
    .reduceRight(
      (rest, { value, made }) => code`${spot.value}${access(a.tag)} === ${string(value)} ? ${made} : ${rest}`,
      cases.at(-1)!.made,
    )
}

function castInteger(a: IntIr, b: IntIr, value: Code): Code | undefined {
  const inside = BigInt(a.min) >= BigInt(b.min) && BigInt(a.max) <= BigInt(b.max)
  const step = (a.multipleOf ?? 1) % (b.multipleOf ?? 1) === 0
  if (!inside || !step || a.epoch !== b.epoch) return undefined
  if ((a.bits === 64) === (b.bits === 64)) return value
  return b.bits === 64 ? code`BigInt(${value})` : code`Number(${value})`
}

function castEnum(a: EnumIr, b: EnumIr, value: Code): Code | undefined {
  if (a.open && !b.open) return undefined
  const pairs = a.values.map((one) => ({
    from: one.name,
    to: b.values.find(({ name }) => name === one.name) ?? b.values.find((other) => areKin(one, other)),
  }))
  if (pairs.some(({ to }) => to === undefined) && !b.open) return undefined
  if (pairs.every(({ from, to }) => to === undefined || to.name === from)) return value
  if (a.open) return undefined
  const words = pairs.map(({ from, to }) => code`${key(from)}: ${string(to?.name ?? from)}`)
  return code`({ ${join(words, code`, `)} } as const)[${value}]`
}

function includesText(outer: StringIr, inner: StringIr): boolean {
  const most = ({ maxLength }: StringIr) => maxLength ?? Infinity
  const octets = (of: StringIr) => of.maxBytes ?? 4 * most(of)
  const long = most(inner) <= most(outer) && (outer.maxBytes === undefined || octets(inner) <= outer.maxBytes)
  const short = (inner.minLength ?? 0) >= (outer.minLength ?? 0)
  const format = outer.format === undefined || outer.format === inner.format
  if (!long || !short || !format) return false
  if (outer.pattern === undefined || outer.pattern === inner.pattern) return true
  if (inner.pattern === undefined) return false
  const [wide, narrow] = [compilePattern(outer.pattern), compilePattern(inner.pattern)]
  return wide.ok && narrow.ok && includesDfa(wide.value, narrow.value)
}

function areKin(
  a: { readonly name: string; readonly was?: readonly string[] },
  b: { readonly name: string; readonly was?: readonly string[] },
): boolean {
  return a.was?.includes(b.name) === true || b.was?.includes(a.name) === true
}

/** Whether a decoded value always has the field. */
function isPresent(field: FieldIr): boolean {
  return field.required || field.default !== undefined
}

function isObject(ir: ContractIr, type: TypeIr): boolean {
  const { kind } = resolveType(ir, type)
  return kind === "object" || kind === "union"
}

function within(spot: Spot, value: Code, index: "[number]" | "[string]", path: string): Spot {
  const at = index === "[number]" ? code`[number]` : code`[string]`
  return {
    value,
    fromType: code`${spot.fromType}${at}`,
    toType: code`${spot.toType}${at}`,
    path,
    depth: spot.depth + 1,
  }
}

const ITEMS = [code`item`, code`item2`, code`item3`, code`item4`]

function itemName(depth: number): Code {
  return ITEMS[depth] ?? code`item${depth + 1}`
}

function literal(value: string | number | boolean): Code {
  if (typeof value === "string") return string(value)
  return typeof value === "number" ? code`${value}` : value ? code`true` : code`false`
}

/** A default of the intermediate form as a value in code. */
function plain(value: JsonValue, type: TypeIr): Code {
  if (type.kind === "int" && type.bits === 64) return code`${BigInt(String(value))}`
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return literal(value)
  if (Array.isArray(value)) {
    const item = type.kind === "list" ? type.item : type
    return code`[${join(
      value.map((one) => plain(one as JsonValue, item)),
      code`, `,
    )}]`
  }
  throw new RangeError("only scalars and lists of them are defaults")
}
