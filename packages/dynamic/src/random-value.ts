import type { ContractIr, EnumIr, FloatIr, IntIr, StringIr, TypeIr } from "@fleetwire/ir"
import { record, resolve } from "./world.js"

/** Uniform in [0, 1). */
export type NextRandom = () => number

/**
 * A valid value of a message, leaning to the edges: bounds, empty and full lists, astral characters. Strings with a
 * pattern or format are taken from `sample`, because making them is another's concern.
 *
 * @throws RangeError for a pattern or format when `sample` gives nothing.
 */
export function randomValue(
  contract: ContractIr,
  type: TypeIr,
  next: NextRandom,
  sample: (type: StringIr) => string | undefined = () => undefined,
): unknown {
  const make = (declared: TypeIr): unknown => {
    const of = resolve(contract, declared)
    switch (of.kind) {
      case "bool":
        return next() < 0.5
      case "int":
        return randomInt(of, next)
      case "float":
        return randomFloat(of, next)
      case "string":
        return randomString(of, next, sample)
      case "bytes": {
        const length = between(of.minLength ?? 0, Math.min(of.maxLength ?? 40, (of.minLength ?? 0) + 40), next)
        return Uint8Array.from({ length }, () => Math.floor(next() * 256))
      }
      case "enum":
        return randomEnum(of, next)
      case "const":
        return of.value
      case "list": {
        const length = between(of.minItems ?? 0, Math.min(of.maxItems ?? 6, (of.minItems ?? 0) + 6), next)
        return Array.from({ length }, () => make(of.item))
      }
      case "map": {
        const length = between(0, Math.min(of.maxProperties ?? 4, 4), next)
        const key: StringIr = {
          kind: "string",
          maxLength: of.keyMaxLength ?? 12,
          ...(of.keyPattern !== undefined && { pattern: of.keyPattern }),
        }
        return record(Array.from({ length }, () => [randomString(key, next, sample), make(of.value)] as const))
      }
      case "object":
        return record(members(of.fields))
      case "union": {
        const branch = of.branches[Math.floor(next() * of.branches.length)]!
        return record([[of.tag, branch.value], ...members(branch.type.fields)])
      }
    }
  }
  const members = (fields: readonly { name: string; required: boolean; type: TypeIr }[]): [string, unknown][] =>
    fields.filter((field) => field.required || next() < 0.6).map((field) => [field.name, make(field.type)])
  return make(type)
}

function between(min: number, max: number, next: NextRandom): number {
  const roll = next()
  if (roll < 0.15) return min
  if (roll > 0.85) return max
  return min + Math.floor(next() * (max - min + 1))
}

function randomInt(type: IntIr, next: NextRandom): number | bigint {
  const [min, max] = [BigInt(type.min), BigInt(type.max)]
  const step = BigInt(type.multipleOf ?? 1)
  const low = min % step === 0n ? min : min + (min > 0n ? step - (min % step) : -(min % step))
  const count = (max - low) / step
  const roll = next()
  const wide = BigInt(Math.floor(next() * 2 ** 32)) * (1n << 32n) + BigInt(Math.floor(next() * 2 ** 32))
  const index =
    roll < 0.15
      ? 0n
      : roll > 0.85
        ? count
        : roll > 0.5
          ? wide % (count + 1n)
          : wide % ((count < 200n ? count : 200n) + 1n)
  const value = low + index * step
  return type.bits === 64 ? value : Number(value)
}

function randomFloat(type: FloatIr, next: NextRandom): number {
  const [low, high] = [type.min ?? -1e6, type.max ?? 1e6]
  const roll = next()
  const picked =
    roll < 0.1
      ? low
      : roll > 0.9
        ? high
        : roll < 0.2
          ? 0
          : roll < 0.6
            ? Math.round(next() * 1e4) / 100
            : low + next() * (high - low)
  const value = Math.min(Math.max(picked, low), high)
  if (type.bits === 64) return value
  const rounded = Math.fround(value)
  return rounded >= low && rounded <= high ? rounded : Math.fround((low + high) / 2)
}

const ALPHABET = [
  "a",
  "Z",
  "0",
  "-",
  "_",
  " ",
  '"',
  "\\",
  "/",
  "\n",
  "\u0001",
  "é",
  "ß",
  "日",
  "\u2028",
  "😀",
  "\ufffd",
]

function randomString(type: StringIr, next: NextRandom, sample: (type: StringIr) => string | undefined): string {
  if (type.pattern !== undefined || type.format !== undefined) {
    const found = sample(type)
    if (found === undefined) throw new RangeError(`no sample of ${type.pattern ?? type.format}`)
    return found
  }
  const min = type.minLength ?? 0
  const fits = type.maxBytes === undefined ? Number.POSITIVE_INFINITY : Math.floor(type.maxBytes / 4)
  const max = Math.max(min, Math.min(type.maxLength ?? 24, min + 24, fits))
  const plain = next() < 0.5 || fits < min
  const length = between(min, max, next)
  return Array.from({ length }, () => ALPHABET[Math.floor(next() * (plain ? 6 : ALPHABET.length))]!).join("")
}

function randomEnum(type: EnumIr, next: NextRandom): string {
  return type.values[Math.floor(next() * type.values.length)]!.name
}
