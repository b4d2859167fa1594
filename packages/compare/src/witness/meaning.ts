import {
  type ContractIr,
  type EnumIr,
  type FieldIr,
  type Format,
  resolveType,
  type TypeIr,
  unitOf,
} from "@fleetwire/ir"

/** A value as one side holds it. */
export interface Held {
  readonly ir: ContractIr
  readonly type: TypeIr
  readonly value: unknown
  /** Unit symbol of the whole, where the message says one. */
  readonly unit?: string | undefined
}

/**
 * Where a value that was read means something else than what was sent, as a JSON Pointer; undefined where it means the
 * same. It looks at values and at what contracts say of them, never at the rules.
 */
export function differenceOf(sent: Held, read: Held, format: Format): string | undefined {
  if (otherUnit(unitOf(sent.ir, sent.type, sent.unit), unitOf(read.ir, read.type, read.unit))) return ""
  return differ(sent, read, format, "")
}

/** Whether a number has another unit for its reader than its sender said. */
function otherUnit(from: string | undefined, to: string | undefined): boolean {
  return from !== undefined && from !== to
}

function differ(sent: Held, read: Held, format: Format, path: string): string | undefined {
  const from = resolveType(sent.ir, sent.type)
  const to = resolveType(read.ir, read.type)
  const inner = (type: TypeIr, other: TypeIr, a: unknown, b: unknown, step: string) =>
    differ({ ir: sent.ir, type, value: a }, { ir: read.ir, type: other, value: b }, format, `${path}/${step}`)
  if (from.kind === "object" && to.kind === "object")
    return differInFields(from.fields, to.fields, sent, read, format, path)
  if (from.kind === "union" && to.kind === "union") {
    const tag = record(sent.value)[from.tag]
    if (record(read.value)[to.tag] !== tag) return `${path}/${to.tag}`
    const branch = from.branches.find(({ value }) => value === tag)
    const other = to.branches.find(({ value }) => value === tag)
    return branch === undefined || other === undefined
      ? path
      : differInFields(branch.type.fields, other.type.fields, sent, read, format, path)
  }
  const unlike = (type: TypeIr, unit: string | undefined, other: TypeIr, said: string | undefined) =>
    otherUnit(unitOf(sent.ir, type, unit), unitOf(read.ir, other, said))
  if (from.kind === "list" && to.kind === "list") {
    const [a, b] = [sent.value as readonly unknown[], read.value as readonly unknown[]]
    if (a.length !== b.length) return path
    const unit = unlike(from.item, from.itemUnit, to.item, to.itemUnit)
    for (const [index, item] of a.entries()) {
      if (unit) return `${path}/${index}`
      const found = inner(from.item, to.item, item, b[index], String(index))
      if (found !== undefined) return found
    }
    return undefined
  }
  if (from.kind === "map" && to.kind === "map") {
    const [a, b] = [record(sent.value), record(read.value)]
    if (Object.keys(a).length !== Object.keys(b).length) return path
    const unit = unlike(from.value, from.valueUnit, to.value, to.valueUnit)
    for (const [key, item] of Object.entries(a)) {
      if (unit) return `${path}/${key}`
      if (!Object.hasOwn(b, key)) return `${path}/${key}`
      const found = inner(from.value, to.value, item, b[key], key)
      if (found !== undefined) return found
    }
    return undefined
  }
  return sameScalar(from, to, sent.value, read.value) ? undefined : path
}

function differInFields(
  from: readonly FieldIr[],
  to: readonly FieldIr[],
  sent: Held,
  read: Held,
  format: Format,
  path: string,
): string | undefined {
  const [a, b] = [record(sent.value), record(read.value)]
  for (const field of to) {
    const origin =
      from.find(({ name }) => name === field.name) ??
      from.find((one) => to.find((other) => areKin(one, other)) === field && !to.some(({ name }) => name === one.name))
    const here = `${path}/${field.name}`
    const there = Object.hasOwn(b, field.name) ? b[field.name] : undefined
    if (origin === undefined) {
      // Nobody sent it: absent, or what stands for that.
      if (there !== undefined && !isNothing(resolveType(read.ir, field.type), there, field)) return here
      continue
    }
    const what = Object.hasOwn(a, origin.name) ? a[origin.name] : undefined
    if (what === undefined || there === undefined) {
      if (what === there) continue
      // Protobuf does not tell an empty list from an absent one.
      if (format === "protobuf" && isEmpty(what ?? there)) continue
      return here
    }
    const [said, understood] = [unitOf(sent.ir, origin.type, origin.unit), unitOf(read.ir, field.type, field.unit)]
    const silent = origin.unit === undefined && field.unit === undefined
    if (silent ? otherUnit(said, understood) : said !== understood) return here
    const found = differ(
      { ir: sent.ir, type: origin.type, value: what },
      { ir: read.ir, type: field.type, value: there },
      format,
      here,
    )
    if (found !== undefined) return found
  }
  return undefined
}

function isNothing(type: TypeIr, value: unknown, field: FieldIr): boolean {
  if (type.kind === "const" || isEmpty(value)) return true
  if (field.default === undefined) return false
  return String(field.default) === String(value) || JSON.stringify(field.default) === JSON.stringify(value)
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return (
    typeof value === "object" && value !== null && !(value instanceof Uint8Array) && Object.keys(value).length === 0
  )
}

function sameScalar(from: TypeIr, to: TypeIr, sent: unknown, read: unknown): boolean {
  if (from.kind === "int" && to.kind === "int" && from.epoch !== to.epoch) return false
  if (from.kind === "enum" && to.kind === "enum") return sameWord(from, to, sent as string, read as string)
  if (sent instanceof Uint8Array && read instanceof Uint8Array)
    return sent.length === read.length && sent.every((octet, index) => octet === read[index])
  const numeric = (value: unknown) => typeof value === "number" || typeof value === "bigint"
  if (numeric(sent) && numeric(read)) {
    // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of one value are equal only so.
    if (sent == read) return true
    // A float32 is written with the digits that tell it from its neighbours.
    return from.kind === "float" && from.bits === 32 && Math.fround(Number(read)) === sent
  }
  return sent === read
}

function sameWord(from: EnumIr, to: EnumIr, sent: string, read: string): boolean {
  const value = from.values.find(({ name }) => name === sent)
  const found = to.values.find(({ name }) => name === read)
  if (value === undefined) return sent === read
  // What the reader does not know travels as it is, or as its number.
  if (found === undefined) {
    const known = to.values.some((one) => areKin(value, one))
    return !known && (read === sent || read === `#${value.number}`)
  }
  return areKin(value, found)
}

function areKin(
  a: { readonly name: string; readonly was?: readonly string[] },
  b: { readonly name: string; readonly was?: readonly string[] },
): boolean {
  return a.name === b.name || a.was?.includes(b.name) === true || b.was?.includes(a.name) === true
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return value as Readonly<Record<string, unknown>>
}
