import type { ContractIr, FloatIr, IntIr, StringFormat, StringIr, TypeIr, UnionBranchIr } from "@fleetwire/ir"
import { Findings, type IssueCode, type Path, type Result } from "./result.js"
import { dictionary, record, resolve } from "./world.js"

/**
 * Whether a value fits its type, and the value as every format carries it: unknown members left out, float32 rounded.
 * One set of values for all formats (W-2).
 */
export function checkValue(contract: ContractIr, type: TypeIr, value: unknown): Result<unknown> {
  const findings = new Findings()
  const checked = check(value, type, [], { contract, findings })
  return findings.finish(checked)
}

interface World {
  readonly contract: ContractIr
  readonly findings: Findings
}

function check(value: unknown, declared: TypeIr, path: Path, world: World): unknown {
  const type = resolve(world.contract, declared)
  const { findings } = world
  if (value === null) return findings.add(path, "null", "null is not a value")
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? value : findings.add(path, "type", "not true or false")
    case "int":
      return checkInt(value, type, path, findings)
    case "float":
      return checkFloat(value, type, path, findings)
    case "string":
      return checkString(value, type, path, findings)
    case "bytes":
      if (!(value instanceof Uint8Array)) return findings.add(path, "type", "not octets")
      bounds(value.length, type.minLength, type.maxLength, ["min_length", "max_length"], path, findings)
      return value
    case "enum": {
      if (typeof value !== "string") return findings.add(path, "type", "not text")
      if (type.values.some(({ name }) => name === value)) return value
      if (!type.open) return findings.add(path, "enum", "not a value of the enum")
      return wellFormed(value) ? value : findings.add(path, "encoding", "a lone surrogate")
    }
    case "const":
      return value === type.value ? value : findings.add(path, "const", "not the constant")
    case "list":
      if (!Array.isArray(value)) return findings.add(path, "type", "not a list")
      if (!bounds(value.length, type.minItems, type.maxItems, ["min_items", "max_items"], path, findings))
        return undefined
      return value.map((item, index) => check(item, type.item, [...path, index], world))
    case "map": {
      if (!isRecord(value)) return findings.add(path, "type", "not an object")
      const keys = Object.keys(value)
      if (!bounds(keys.length, undefined, type.maxProperties, ["max_properties", "max_properties"], path, findings))
        return undefined
      const keyType: StringIr = {
        kind: "string",
        ...(type.keyMaxLength !== undefined && { maxLength: type.keyMaxLength }),
        ...(type.keyPattern !== undefined && { pattern: type.keyPattern }),
      }
      return dictionary(
        keys.map((key) => {
          checkString(key, keyType, [...path, key], findings)
          return [key, check(value[key], type.value, [...path, key], world)]
        }),
      )
    }
    case "object":
      return isRecord(value)
        ? record(checkFields(value, type.fields, path, world))
        : findings.add(path, "type", "not an object")
    case "union": {
      if (!isRecord(value)) return findings.add(path, "type", "not an object")
      const tag = own(value, type.tag)
      const branch = type.branches.find((candidate) => candidate.value === tag)
      if (branch === undefined)
        return findings.add([...path, type.tag], tag === undefined ? "required" : "union_tag", "no branch has this tag")
      return record([[type.tag, tag], ...checkBranch(value, branch, path, world)])
    }
  }
}

function checkBranch(value: Record<string, unknown>, branch: UnionBranchIr, path: Path, world: World) {
  return checkFields(value, branch.type.fields, path, world)
}

function checkFields(
  value: Record<string, unknown>,
  fields: readonly { readonly name: string; readonly required: boolean; readonly type: TypeIr }[],
  path: Path,
  world: World,
): [string, unknown][] {
  const members: [string, unknown][] = []
  for (const field of fields) {
    const member = own(value, field.name)
    if (member !== undefined) members.push([field.name, check(member, field.type, [...path, field.name], world)])
    else if (field.required) world.findings.add([...path, field.name], "required", "absent")
  }
  return members
}

function checkInt(value: unknown, type: IntIr, path: Path, findings: Findings): unknown {
  if (typeof value !== (type.bits === 64 ? "bigint" : "number")) return findings.add(path, "type", "not an integer")
  if (typeof value === "number" && !Number.isInteger(value))
    return findings.add(path, Number.isFinite(value) ? "not_integer" : "not_finite", "not an integer")
  const wide = BigInt(value as number | bigint)
  if (type.multipleOf !== undefined && wide % BigInt(type.multipleOf) !== 0n)
    return findings.add(path, "multiple_of", `not a multiple of ${type.multipleOf}`)
  if (wide < BigInt(type.min)) return findings.add(path, "minimum", `below ${type.min}`)
  if (wide > BigInt(type.max)) return findings.add(path, "maximum", `above ${type.max}`)
  // An integer has no minus zero: protobuf could not carry it.
  return Object.is(value, -0) ? 0 : value
}

function checkFloat(value: unknown, type: FloatIr, path: Path, findings: Findings): unknown {
  if (typeof value !== "number") return findings.add(path, "type", "not a number")
  const held = type.bits === 32 ? Math.fround(value) : value
  if (!Number.isFinite(held)) return findings.add(path, "not_finite", "not a finite number")
  if (type.min !== undefined && held < type.min) return findings.add(path, "minimum", `below ${type.min}`)
  if (type.max !== undefined && held > type.max) return findings.add(path, "maximum", `above ${type.max}`)
  return held
}

function checkString(value: unknown, type: StringIr, path: Path, findings: Findings): unknown {
  if (typeof value !== "string") return findings.add(path, "type", "not text")
  if (!wellFormed(value)) return findings.add(path, "encoding", "a lone surrogate")
  const points = [...value].length
  bounds(points, type.minLength, type.maxLength, ["min_length", "max_length"], path, findings)
  if (type.maxBytes !== undefined && new TextEncoder().encode(value).length > type.maxBytes)
    findings.add(path, "max_bytes", `longer than ${type.maxBytes} octets`)
  if (type.pattern !== undefined && !anchored(type.pattern).test(value))
    findings.add(path, "pattern", `does not match ${type.pattern}`)
  if (type.format !== undefined && !FORMATS[type.format](value)) findings.add(path, "format", `not a ${type.format}`)
  return value
}

const expressions = new Map<string, RegExp>()

/** The platform's own engine judges patterns here; generated code has automata. */
function anchored(pattern: string): RegExp {
  const known = expressions.get(pattern)
  if (known !== undefined) return known
  const made = new RegExp(`^(?:${pattern})$`, "u")
  expressions.set(pattern, made)
  return made
}

function bounds(
  length: number,
  min: number | undefined,
  max: number | undefined,
  codes: readonly [low: IssueCode, high: IssueCode],
  path: Path,
  findings: Findings,
): boolean {
  if (min !== undefined && length < min) findings.add(path, codes[0], `fewer than ${min}`)
  if (max === undefined || length <= max) return true
  findings.add(path, codes[1], `more than ${max}`)
  return false
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Grammars of the language document, each written a second time, apart from the generated code. */
const FORMATS: Readonly<Record<StringFormat, (text: string) => boolean>> = {
  "date-time": (text) => text[10] === "T" && isDate(text.slice(0, 10)) && TIME.test(text.slice(11)),
  date: isDate,
  time: (text) => TIME.test(text),
  uuid: (text) => /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(text),
  ipv4: (text) => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text),
  hostname: (text) =>
    text.length <= 253 &&
    text.split(".").every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)),
  uri: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/.test(text),
}

function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
  return day >= 1 && day <= days
}

function wellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}
