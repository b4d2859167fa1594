import { type FieldIr, type IntIr, resolveType, type TypeIr } from "@fleetwire/ir"
import type { ContractView, LegView } from "./contract-view.js"
import type { PublishStep } from "./scenario.js"

/**
 * JSON of a message that breaks one rule, where the type has a place for it; undefined where it has none. Ids and
 * constants stay readable.
 */
export function spoilJson(
  view: ContractView,
  leg: LegView,
  message: Record<string, unknown>,
  how: NonNullable<PublishStep["spoil"]>,
  keep: readonly string[],
): Buffer | undefined {
  const fields = (view.objectOf(leg)?.fields ?? []).filter((field) => !keep.includes(field.name))
  const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value, bigints))
  const find = (fits: (type: Exclude<TypeIr, { kind: "ref" }>, field: FieldIr) => boolean): FieldIr | undefined =>
    fields.find((field) => fits(resolveType(view.ir, field.type), field))
  switch (how) {
    case "syntax":
      return Buffer.from(`${JSON.stringify(message, bigints).slice(0, -1)},`)
    case "utf8":
      return Buffer.concat([
        text(message).subarray(0, -1),
        Buffer.from(',"fw_kit":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}'),
      ])
    case "unknown-field":
      return text({ ...message, fw_kit_unknown: { nested: [1, null] } })
    case "oversize": {
      const plain = text(message)
      return Buffer.concat([plain, Buffer.alloc(leg.leg.maxBytes + 1 - plain.length, 0x20)])
    }
    case "no-default": {
      const field = find((_type, each) => each.default !== undefined)
      return field === undefined ? undefined : text(without(message, field.name))
    }
    case "missing": {
      const field = find((_type, each) => each.required)
      return field === undefined ? undefined : text(without(message, field.name))
    }
    case "enum": {
      const field = find((type) => type.kind === "enum" && !type.open)
      return field === undefined ? undefined : text({ ...message, [field.name]: "fw_kit_no_such_word" })
    }
    case "type": {
      const field = find((type, each) => each.required && type.kind !== "bool")
      return field === undefined ? undefined : text({ ...message, [field.name]: true })
    }
    case "null": {
      const field = find((_type, each) => each.nullAsAbsent !== true)
      return field === undefined ? undefined : text({ ...message, [field.name]: null })
    }
    case "duplicate": {
      const field = find((_type, each) => Object.hasOwn(message, each.name))
      if (field === undefined) return undefined
      const again = JSON.stringify({ [field.name]: message[field.name] }, bigints).slice(1)
      return Buffer.from(`${JSON.stringify(message, bigints).slice(0, -1)},${again}`)
    }
    case "range":
    case "exponent": {
      const place = findInt(view, view.objectOf(leg)!, keep)
      if (place === undefined) return undefined
      const copy = structuredClone(message)
      const { path, type } = place
      const number = how === "range" ? Number(type.max) + 1 : Math.min(10, Number(type.max))
      const target = path.slice(0, -1).reduce<Record<string, unknown>>((at, step) => {
        at[step] = typeof at[step] === "object" ? at[step] : {}
        return at[step] as Record<string, unknown>
      }, copy)
      target[path.at(-1)!] = how === "range" ? number : "fw-kit-number"
      const spelled = `${number / 10}e1`
      return Buffer.from(JSON.stringify(copy, bigints).replace('"fw-kit-number"', spelled))
    }
  }
}

/** The first bounded integer of a message, at the top or one object below. */
function findInt(
  view: ContractView,
  type: { readonly fields: readonly FieldIr[] },
  keep: readonly string[],
): { readonly path: readonly string[]; readonly type: IntIr } | undefined {
  const deferred: { readonly path: readonly string[]; readonly type: IntIr }[] = []
  for (const field of type.fields) {
    // A time out of range would keep the subject at work, and hide what it made of it.
    if (keep.includes(field.name) || field.auto !== undefined || field.unit === "ms" || field.unit === "s") continue
    const inner = resolveType(view.ir, field.type)
    if (inner.kind === "int" && inner.bits !== 64 && Number(inner.min) <= 10 && Number(inner.max) >= 10)
      return { path: [field.name], type: inner }
    if (inner.kind === "object") {
      const others = inner.fields.filter((each) => each.required)
      const found = findInt(view, inner, [])
      if (found !== undefined && others.every((each) => each.name === found.path[0] || each.default !== undefined))
        deferred.push({ path: [field.name, ...found.path], type: found.type })
    }
  }
  return deferred[0]
}

function without(message: Record<string, unknown>, name: string): Record<string, unknown> {
  const { [name]: _gone, ...rest } = message
  return rest
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `${value}`) : value
}
