import {
  type ContractIr,
  commonMatch,
  type FieldIr,
  matchOutside,
  resolveType,
  type StringIr,
  shortestMatch,
  type TypeIr,
} from "@fleetwire/ir"
import type { Steps } from "../payload-change.js"
import { automatonOf } from "./compiled-pattern.js"

/** A type that one side has, beside what the other side has there, where it has anything. */
export interface Twin {
  readonly ir: ContractIr
  readonly type: TypeIr
  readonly other?: { readonly ir: ContractIr; readonly type: TypeIr }
}

/** Values of a message that are plain everywhere and remarkable at one place. */
export function* variantsAt(twin: Twin, steps: Steps): Generator<unknown> {
  const type = resolveType(twin.ir, twin.type)
  const [step, ...rest] = steps
  if (step === undefined) {
    yield* edgesOf(twin)
    return
  }
  if (step === "[]" && type.kind === "list") {
    for (const item of variantsAt(into(twin, type.item, otherItem(twin)), rest)) {
      yield Array.from({ length: Math.max(1, type.minItems ?? 0) }, () => item)
    }
  } else if (step === "{}" && type.kind === "map") {
    const key = plainKey(type)
    for (const item of variantsAt(into(twin, type.value, otherValue(twin)), rest)) yield { [key]: item }
  } else if (type.kind === "union" && step.startsWith("<")) {
    const branch = type.branches.find(({ value }) => `<${value}>` === step)
    if (branch === undefined) return
    for (const fields of variantsAt(into(twin, branch.type, otherBranch(twin, branch.value)), rest)) {
      yield { [type.tag]: branch.value, ...(fields as object) }
    }
  } else if (type.kind === "object") {
    const field = type.fields.find(({ name }) => name === step)
    const plain = plainFields(twin, type.fields)
    if (field === undefined) {
      yield plain
      return
    }
    // Leaving it out is the shortest way to show most of what can happen to a field.
    if (!field.required && rest.length === 0) {
      const { [step]: _left, ...without } = plain
      yield without
    }
    for (const member of variantsAt(into(twin, field.type, otherField(twin, field)), rest))
      yield { ...plain, [step]: member }
  }
}

/** A value as short and plain as both sides admit, where they admit one. */
export function plainValue(twin: Twin): unknown {
  const type = resolveType(twin.ir, twin.type)
  const other = twin.other === undefined ? undefined : resolveType(twin.other.ir, twin.other.type)
  switch (type.kind) {
    case "bool":
      return true
    case "int": {
      const step = BigInt(type.multipleOf ?? 1)
      const limits = other?.kind === "int" || other?.kind === "float" ? other : undefined
      const low = max(BigInt(type.min), whole(limits?.min))
      const high = min(BigInt(type.max), whole(limits?.max))
      const wish = low <= 0n && high >= 0n ? (high >= step ? step : 0n) : low
      const up = wish % step === 0n ? wish : wish + (wish > 0n ? step - (wish % step) : -(wish % step))
      const value = up > high ? BigInt(type.min) : up
      return type.bits === 64 ? value : Number(value)
    }
    case "float": {
      const low = type.min ?? -1
      const high = type.max ?? Math.max(1, low)
      return low <= 1 && high >= 1 ? 1 : low <= 0 && high >= 0 ? 0 : type.bits === 32 ? singleWithin(low, high) : low
    }
    case "string":
      return plainText(type, other?.kind === "string" ? other : undefined)
    case "bytes": {
      const length = Math.max(type.minLength ?? 0, other?.kind === "bytes" ? (other.minLength ?? 0) : 0)
      return Uint8Array.from({ length: Math.min(length, type.maxLength ?? length) }, () => 1)
    }
    case "enum": {
      const names = other?.kind === "enum" ? other.values.map(({ name }) => name) : []
      return (type.values.find(({ name }) => names.includes(name)) ?? type.values[0]!).name
    }
    case "const":
      return type.value
    case "list": {
      const least = Math.max(type.minItems ?? 0, other?.kind === "list" ? (other.minItems ?? 0) : 0)
      const item = plainValue(into(twin, type.item, otherItem(twin)))
      return Array.from({ length: Math.min(least, type.maxItems ?? least) }, () => item)
    }
    case "map":
      return {}
    case "object":
      return plainFields(twin, type.fields)
    case "union": {
      const values = other?.kind === "union" ? other.branches.map(({ value }) => value) : []
      const branch = type.branches.find(({ value }) => values.includes(value)) ?? type.branches[0]!
      const fields = plainFields(into(twin, branch.type, otherBranch(twin, branch.value)), branch.type.fields)
      return { [type.tag]: branch.value, ...fields }
    }
  }
}

/** Values at the edges of a type: what another version is most likely to refuse or to misread. */
function* edgesOf(twin: Twin): Generator<unknown> {
  const type = resolveType(twin.ir, twin.type)
  const other = twin.other === undefined ? undefined : resolveType(twin.other.ir, twin.other.type)
  yield plainValue(twin)
  switch (type.kind) {
    case "bool":
      yield false
      break
    case "int": {
      const bounds = other?.kind === "int" ? [BigInt(other.min) - 1n, BigInt(other.max) + 1n] : []
      const step = BigInt(type.multipleOf ?? 1)
      const wishes = [...bounds, BigInt(type.max), BigInt(type.min), 1n, 2n, 3n, step, 2n * step]
      for (const value of [...wishes, 16_777_217n, 1n << 31n, 9_007_199_254_740_993n]) {
        const near = value - (((value % step) + step) % step)
        for (const one of [near, near + step, value])
          if (one >= BigInt(type.min) && one <= BigInt(type.max)) yield type.bits === 64 ? one : Number(one)
      }
      break
    }
    case "float":
      for (const value of [0.5, 79.8612, 0.1, 1.5, -0.5, type.min, type.max, 1e30, -1e30])
        if (value !== undefined) yield value
      if (type.min !== undefined && type.max !== undefined) yield (type.min + type.max) / 2.03
      if (other?.kind === "float") {
        if (other.max !== undefined) yield other.max + Math.max(1, Math.abs(other.max) / 100)
        if (other.min !== undefined) yield other.min - Math.max(1, Math.abs(other.min) / 100)
        if (other.max !== undefined) yield other.max * 1.001
      }
      break
    case "string":
      yield* edgeTexts(type, other)
      break
    case "bytes":
      for (const length of [type.minLength ?? 0, type.maxLength ?? 100_000]) yield new Uint8Array(length)
      yield new Uint8Array(type.maxLength ?? 3).fill(255)
      yield Uint8Array.from([0xff])
      yield Uint8Array.from([0x61, 0x62, 0x63])
      break
    case "enum":
      // What the other side does not have comes first.
      for (const { name } of [...type.values].sort((a, b) => Number(isIn(other, a.name)) - Number(isIn(other, b.name))))
        yield name
      if (type.open) yield "something-else"
      break
    case "list": {
      const most = Math.min(type.maxItems ?? 70_000, 70_000)
      const item = plainValue(into(twin, type.item, otherItem(twin)))
      for (const length of [type.minItems ?? 0, 1, 2, most])
        if (length <= most) yield Array.from({ length }, () => item)
      break
    }
    case "map": {
      const item = plainValue(into(twin, type.value, otherValue(twin)))
      const keys = keysOf(type, other)
      yield Object.fromEntries(keys.slice(0, 1).map((key) => [key, item]))
      for (const key of keys) yield { [key]: item }
      yield Object.fromEntries(keys.slice(0, type.maxProperties ?? keys.length).map((key) => [key, item]))
      break
    }
    case "union":
      for (const branch of type.branches) {
        const fields = plainFields(into(twin, branch.type, otherBranch(twin, branch.value)), branch.type.fields)
        yield { [type.tag]: branch.value, ...fields }
      }
      break
    default:
      break
  }
}

function isIn(type: TypeIr | undefined, name: string): boolean {
  return type?.kind === "enum" && type.values.some((value) => value.name === name)
}

function* edgeTexts(type: StringIr, other: TypeIr | undefined): Generator<string> {
  const dfa = type.pattern === undefined ? undefined : automatonOf(type.pattern)
  if (other?.kind === "string" && other.pattern !== undefined && dfa !== undefined) {
    const outside = automatonOf(other.pattern)
    if (outside !== undefined) {
      const found = matchOutside(dfa, outside)
      if (found !== undefined) yield found
    }
  }
  if (type.format !== undefined) yield* FORMAT_SAMPLES[type.format]
  const wishes = [type.minLength ?? 0, type.maxLength ?? 40]
  if (other?.kind === "string") wishes.push((other.maxLength ?? 0) + 1, (other.minLength ?? 1) - 1)
  for (const length of wishes) {
    if (length < 0 || length > (type.maxLength ?? length)) continue
    for (const letter of ["a", "0", "\u{1F600}", "z", "-"]) yield letter.repeat(length)
  }
  yield* ["", "5", "12", "true", "abcd", "Ünder 1", "#!"]
  if (dfa !== undefined) {
    // Longer and longer texts of the pattern, by its own letters.
    const beyond = other?.kind === "string" && other.maxLength !== undefined ? [other.maxLength + 1] : []
    for (const length of [1, 2, 4, 8, 16, 32, ...beyond]) {
      const bound = automatonOf(`.{${length},${length + 50}}`)
      const found = bound === undefined ? undefined : commonMatch(dfa, bound)
      if (found !== undefined) yield found
    }
  }
}

const FORMAT_SAMPLES: { readonly [format in NonNullable<StringIr["format"]>]: readonly string[] } = {
  "date-time": ["2024-01-25T07:00:00Z"],
  date: ["2024-01-25"],
  time: ["07:00:00Z"],
  uuid: ["0f8fad5b-d9cb-469f-a165-70867728950e"],
  ipv4: ["10.0.0.1"],
  hostname: ["car.example"],
  uri: ["mqtt://car.example/a"],
}

function plainText(type: StringIr, other: StringIr | undefined): string {
  if (type.format !== undefined) return FORMAT_SAMPLES[type.format][0]!
  if (type.pattern === undefined) {
    if (other?.format !== undefined) return FORMAT_SAMPLES[other.format][0]!
    if (other?.pattern !== undefined) {
      const dfa = automatonOf(other.pattern)
      const found = dfa === undefined ? undefined : shortestMatch(dfa)
      if (found !== undefined) return found
    }
    const wish = Math.max(type.minLength ?? 0, other?.minLength ?? 0, Math.min(1, type.maxLength ?? 1))
    return "a".repeat(Math.min(wish, type.maxLength ?? wish))
  }
  const own = automatonOf(type.pattern)
  if (own === undefined) return ""
  const limit = automatonOf(`.{${type.minLength ?? 0},${Math.min(type.maxLength ?? 200, 200)}}`)
  const theirs = other?.pattern === undefined ? undefined : automatonOf(other.pattern)
  const both = theirs === undefined ? undefined : commonMatch(own, theirs)
  return both ?? (limit === undefined ? undefined : commonMatch(own, limit)) ?? shortestMatch(own) ?? ""
}

function plainFields(twin: Twin, fields: readonly FieldIr[]): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const field of fields) {
    const other = otherField(twin, field)
    // What the reader needs is there, if the sender can say it.
    if (field.required || other?.required === true) made[field.name] = plainValue(into(twin, field.type, other?.type))
  }
  return made
}

function into(twin: Twin, type: TypeIr, other: TypeIr | { readonly type: TypeIr } | undefined): Twin {
  if (other === undefined || twin.other === undefined) return { ir: twin.ir, type }
  return { ir: twin.ir, type, other: { ir: twin.other.ir, type: "kind" in other ? other : other.type } }
}

function otherField(twin: Twin, field: FieldIr): FieldIr | undefined {
  const other = twin.other === undefined ? undefined : resolveType(twin.other.ir, twin.other.type)
  if (other?.kind !== "object") return undefined
  const kin = (one: FieldIr) => field.was?.includes(one.name) === true || one.was?.includes(field.name) === true
  return other.fields.find(({ name }) => name === field.name) ?? other.fields.find(kin)
}

function otherItem(twin: Twin): TypeIr | undefined {
  const other = twin.other === undefined ? undefined : resolveType(twin.other.ir, twin.other.type)
  return other?.kind === "list" ? other.item : undefined
}

function otherValue(twin: Twin): TypeIr | undefined {
  const other = twin.other === undefined ? undefined : resolveType(twin.other.ir, twin.other.type)
  return other?.kind === "map" ? other.value : undefined
}

function otherBranch(twin: Twin, value: string): TypeIr | undefined {
  const other = twin.other === undefined ? undefined : resolveType(twin.other.ir, twin.other.type)
  return other?.kind === "union" ? other.branches.find((branch) => branch.value === value)?.type : undefined
}

function plainKey(type: { readonly keyPattern?: string; readonly keyMaxLength?: number }): string {
  return plainText(keyType(type), undefined)
}

function keyType({
  keyPattern,
  keyMaxLength,
}: {
  readonly keyPattern?: string
  readonly keyMaxLength?: number
}): StringIr {
  return {
    kind: "string",
    ...(keyMaxLength !== undefined && { maxLength: keyMaxLength }),
    ...(keyPattern !== undefined && { pattern: keyPattern }),
  }
}

function keysOf(
  type: { readonly keyPattern?: string; readonly keyMaxLength?: number; readonly maxProperties?: number },
  other: TypeIr | undefined,
): readonly string[] {
  const own = keyType(type)
  const beside = other?.kind === "map" ? keyType(other) : undefined
  const texts = new Set([plainText(own, beside), ...edgeTexts(own, beside)])
  const count = Math.min(type.maxProperties ?? 40, 70_000)
  for (let index = 0; index < count; index++) texts.add(`k${index}`)
  return [...texts].filter((text) => [...text].length <= (type.keyMaxLength ?? 100))
}

/** A float32 between two bounds that may not be one themselves. */
function singleWithin(low: number, high: number): number {
  return [low, high, (low + high) / 2].map(Math.fround).find((one) => one >= low && one <= high) ?? low
}

function whole(bound: number | string | undefined): bigint | undefined {
  if (bound === undefined) return undefined
  return typeof bound === "string" ? BigInt(bound) : Number.isFinite(bound) ? BigInt(Math.trunc(bound)) : undefined
}

function max(a: bigint, b: bigint | undefined): bigint {
  return b !== undefined && b > a ? b : a
}

function min(a: bigint, b: bigint | undefined): bigint {
  return b !== undefined && b < a ? b : a
}
