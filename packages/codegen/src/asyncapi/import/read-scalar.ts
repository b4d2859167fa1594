import { compilePattern, type FloatIr, type IntIr, type StringFormat, type StringIr, type TypeIr } from "@fleetwire/ir"
import { FORMAT_PATTERNS, HOSTNAME_LENGTH } from "../../json-schema/string-patterns.js"
import type { Node } from "./node.js"
import { decide, type Facts, keyword, pick, type TypeWorld } from "./type-world.js"

/** Widths of integers that are numbers in every target. */
export const INTEGERS = [8, 16, 32] as const

/** The integer that one of ours said it was. */
export function declaredInt(at: Node, said: string, facts: Facts): IntIr {
  const bits = Number(said.replace(/\D+/, "")) as IntIr["bits"]
  const signed = said.startsWith("int")
  const rest = pick(facts, ["fixed", "epoch"])
  if (bits === 64)
    return {
      kind: "int",
      bits,
      signed,
      ...(pick(facts, ["min", "max", "multipleOf"]) as unknown as Pick<IntIr, "min" | "max">),
      ...rest,
    }
  const { min, max } = limits(bits, signed)
  const multipleOf = at.number("multipleOf")
  return {
    kind: "int",
    bits,
    signed,
    min: at.number("minimum") ?? min,
    max: at.number("maximum") ?? max,
    ...(multipleOf !== undefined && { multipleOf }),
    ...rest,
  }
}

/** The bounds of a width. */
export function limits(bits: 8 | 16 | 32, signed: boolean): { readonly min: number; readonly max: number } {
  return signed ? { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 } : { min: 0, max: 2 ** bits - 1 }
}

/** The smallest width that holds the bounds; without bounds what `format` says, else 32 bits with a note. */
export function readInt(at: Node, world: TypeWorld): IntIr {
  const format = at.text("format")
  const exclusive = (name: "exclusiveMinimum" | "exclusiveMaximum", step: number) => {
    const bound = at.number(name)
    return bound === undefined ? undefined : bound + step
  }
  const min = at.number("minimum") ?? exclusive("exclusiveMinimum", 1)
  const max = at.number("maximum") ?? exclusive("exclusiveMaximum", -1)
  const multipleOf = at.number("multipleOf")
  const whole = multipleOf !== undefined && Number.isSafeInteger(multipleOf) && multipleOf > 1 ? { multipleOf } : {}
  if (min === undefined && max === undefined && format === undefined) {
    decide(at, world, "an integer without bounds is taken as int32", "give it bounds, or another width in the contract")
  }
  const signed = min === undefined || min < 0
  for (const bits of format === "int64" ? [] : INTEGERS) {
    const range = limits(bits, signed)
    const fits = (min ?? range.min) >= range.min && (max ?? range.max) <= range.max
    const bounded = min !== undefined && max !== undefined
    if (fits && (bounded || bits === 32)) {
      return {
        kind: "int",
        bits,
        signed,
        min: Math.ceil(min ?? range.min),
        max: Math.floor(max ?? range.max),
        ...whole,
      }
    }
  }
  const [low, high] = signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n]
  const bound = (value: number | undefined, limit: bigint) =>
    value === undefined || !Number.isSafeInteger(value) ? limit.toString() : String(value)
  return { kind: "int", bits: 64, signed, min: bound(min, low), max: bound(max, high), ...whole }
}

/** The float that one of ours said it was. */
export function declaredFloat(at: Node, bits: 32 | 64, facts: Facts): FloatIr {
  const bounds = bits === 32 ? pick(facts, ["min", "max"]) : bounds64(at)
  return { kind: "float", bits, ...bounds, ...pick(facts, ["decimals"]) }
}

function bounds64(at: Node): Pick<FloatIr, "min" | "max"> {
  const [min, max] = [at.number("minimum"), at.number("maximum")]
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

/** 64 bits unless `format` says `float`. */
export function readFloat(at: Node, world: TypeWorld): FloatIr {
  const multiple = at.number("multipleOf")
  if (multiple !== undefined) keyword(at, world, "multipleOf", "numbers that are no integers have no steps")
  return { kind: "float", bits: at.text("format") === "float" ? 32 : 64, ...bounds64(at) }
}

const FORMATS: ReadonlySet<string> = new Set([
  "date-time",
  "date",
  "time",
  "uuid",
  "ipv4",
  "hostname",
  "uri",
] satisfies StringFormat[])

/** A text, or octets where its encoding says so. */
export function readString(at: Node, facts: Facts, world: TypeWorld): TypeIr {
  const encoding = at.text("contentEncoding")
  const format = at.text("format")
  if (encoding === "base64" || format === "byte" || format === "binary") return { kind: "bytes" }
  if (encoding !== undefined) keyword(at, world, "contentEncoding", "octets are carried as base64 only")
  const known = format !== undefined && FORMATS.has(format)
  if (format !== undefined && !known) keyword(at, world, "format", `\`${format}\` has no grammar here`)
  // A format's grammar may be written out beside it.
  const written = at.text("pattern")
  const own = known && written === FORMAT_PATTERNS[format as StringFormat] ? undefined : written
  const pattern = own === undefined ? undefined : readPattern(at, own, world)
  const minLength = at.number("minLength")
  const most = (facts.maxLength as number | undefined) ?? at.number("maxLength")
  const implied = format === "hostname" && facts.maxLength === undefined && most === HOSTNAME_LENGTH
  return {
    kind: "string",
    ...(minLength !== undefined && minLength > 0 && { minLength }),
    ...(most !== undefined && !implied && { maxLength: most }),
    ...pick(facts, ["maxBytes"]),
    ...(pattern !== undefined && { pattern }),
    ...(known && { format: format as StringFormat }),
  } satisfies StringIr
}

/** A pattern of the closed subset, anchored; undefined where it is none. */
export function readPattern(at: Node, pattern: string, world: TypeWorld): string | undefined {
  const anchored = /^\^([\s\S]*)\$$/.exec(pattern)?.[1]
  if (anchored === undefined) {
    keyword(at, world, "pattern", `${JSON.stringify(pattern)} is not anchored at both ends`)
    return undefined
  }
  const group = /^\(\?:([\s\S]*)\)$/.exec(anchored)?.[1]
  const candidates = group === undefined ? [anchored] : [group, anchored]
  const found = candidates.find((text) => compilePattern(text).ok)
  if (found === undefined)
    keyword(at, world, "pattern", `${JSON.stringify(pattern)} is outside of what every target can match`)
  return found
}
