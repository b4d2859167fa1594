import type { EnumValueIr, FloatIr, IntIr, StringIr, TypeIr } from "@fleetwire/ir"
import { integerName, integerRange } from "./integer-range.js"
import type { NotedType } from "./note.js"
import { type OptionReader, show } from "./options.js"
import { checkPattern } from "./pattern-check.js"

/** An integer with its bounds, which default to those of its width. */
export function lowerInteger(type: Extract<NotedType, { kind: "int" }>, options: OptionReader): IntIr {
  const { place, report } = options
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
  options.order(["min", min], ["max", max])
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

/** A number with its bounds. */
export function lowerFloat(bits: 32 | 64, options: OptionReader): FloatIr {
  // One value in every format: a bound of a float32 is a float32 too.
  const round = (value: number | undefined) => (value === undefined || bits === 64 ? value : Math.fround(value))
  const min = round(options.number("min"))
  const max = round(options.number("max"))
  options.order(["min", min], ["max", max])
  const decimals = options.count("decimals")
  return {
    kind: "float",
    bits,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(decimals !== undefined && { decimals }),
  }
}

/** A text with its lengths, pattern and format. */
export function lowerString(format: StringIr["format"], options: OptionReader): StringIr {
  const lengths = options.ordered("minLength", "maxLength")
  const maxBytes = options.count("maxBytes", 1)
  const pattern = options.text("pattern")
  if (pattern !== undefined) checkPattern(pattern, options.place, options.report)
  return {
    kind: "string",
    ...lengths,
    ...(maxBytes !== undefined && { maxBytes }),
    ...(pattern !== undefined && { pattern }),
    ...(format !== undefined && { format }),
  }
}

/** An enum whose numbers are given later, by the lock. */
export function lowerEnum(
  type: Extract<NotedType, { kind: "enum" }>,
  options: OptionReader,
  fallbackName: string,
): TypeIr {
  const { place, report } = options
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
    name: options.text("name") ?? fallbackName,
    open: options.flag("open") ?? false,
    values,
    ...(compactAs !== undefined && { compactAs }),
  }
}
