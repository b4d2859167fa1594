import type { Format } from "./channel-ir.js"
import type { ContractIr } from "./contract-ir.js"
import { longestMatch } from "./dfa-query.js"
import { compilePattern } from "./pattern.js"
import type { FieldIr, StringIr, TypeIr } from "./type-ir.js"
import { findMessage } from "./walk.js"

type Size = number | undefined

/** Longest text of a double as ECMAScript prints it: `-0.0000012345678901234567`. */
const FLOAT_TEXT = 25
/** The same for a float32, whose fractions need nine digits at most: `-3.4028234663852886e+38`. */
const FLOAT32_TEXT = 23

/**
 * Octets of the longest canonical encoding of a message, or undefined where something in it is unbounded (W-5). An open
 * enum is unbounded wherever it travels by name.
 *
 * @throws Error where the contract has no such message.
 */
export function maxEncodedBytes(ir: ContractIr, message: string, format: Format): Size {
  const found = findMessage(ir, message)
  if (found === undefined) throw new Error(`no message is called ${message}`)
  switch (format) {
    case "json":
    case "compact":
      return jsonSize(ir, found.type, format === "compact")
    case "text":
    case "bytes":
      return rawSize(ir, found.type)
    case "protobuf":
      return isMessageType(ir, found.type) ? bodySize(ir, found.type) : fieldSize(ir, found.type, 1)
  }
}

function rawSize(ir: ContractIr, type: TypeIr): Size {
  switch (type.kind) {
    case "string":
      return maxUtf8Bytes(type)
    case "bytes":
      return type.maxLength
    case "enum":
      return type.open ? undefined : Math.max(...type.values.map((value) => utf8(value.name)))
    case "const":
      return utf8(String(type.value))
    case "int":
      return digits(type.min, type.max)
    case "ref":
      return rawSize(ir, findMessage(ir, type.message)!.type)
    default:
      return jsonSize(ir, type, false)
  }
}

function jsonSize(ir: ContractIr, type: TypeIr, compact: boolean): Size {
  switch (type.kind) {
    case "bool":
      return 5
    case "int":
      return digits(type.min, type.max) + (needsString(type.min) || needsString(type.max) ? 2 : 0)
    case "float":
      return type.bits === 32 ? FLOAT32_TEXT : FLOAT_TEXT
    case "string":
      return plus(2, jsonTextSize(type))
    case "bytes":
      return type.maxLength === undefined ? undefined : 2 + 4 * Math.ceil(type.maxLength / 3)
    case "enum":
      if (type.open) return undefined
      if (compact && type.compactAs === "number")
        return Math.max(...type.values.map((value) => String(value.number).length))
      return Math.max(...type.values.map((value) => utf8(JSON.stringify(value.name))))
    case "const":
      return utf8(JSON.stringify(type.value))
    case "list":
      return joined(type.maxItems, jsonSize(ir, type.item, compact))
    case "map": {
      const key = type.keyMaxLength === undefined ? undefined : 2 + 6 * type.keyMaxLength
      return joined(type.maxProperties, plus(key, 1, jsonSize(ir, type.value, compact)))
    }
    case "object":
      return membersSize(type.fields.map((field) => memberSize(ir, field, compact)))
    case "union": {
      const sizes = type.branches.map((branch) =>
        membersSize([
          utf8(`${JSON.stringify(type.tag)}:${JSON.stringify(branch.value)}`),
          ...branch.type.fields.map((field) => memberSize(ir, field, compact)),
        ]),
      )
      return most(sizes)
    }
    case "ref":
      return jsonSize(ir, findMessage(ir, type.message)!.type, compact)
  }
}

function memberSize(ir: ContractIr, field: FieldIr, compact: boolean): Size {
  const key = compact ? (field.short ?? field.name) : field.name
  return plus(utf8(JSON.stringify(key)), 1, jsonSize(ir, field.type, compact))
}

/** Braces and commas around members that all are there. */
function membersSize(members: readonly Size[]): Size {
  return plus(2, Math.max(0, members.length - 1), ...members)
}

/** Brackets and commas around `count` items. */
function joined(count: Size, item: Size): Size {
  if (count === 0) return 2
  return count === undefined || item === undefined ? undefined : 2 + count * (item + 1) - 1
}

function isMessageType(ir: ContractIr, type: TypeIr): boolean {
  if (type.kind === "ref") return isMessageType(ir, findMessage(ir, type.message)!.type)
  return type.kind === "object" || type.kind === "union"
}

/** Octets of a field with its tag. */
function fieldSize(ir: ContractIr, type: TypeIr, number: number): Size {
  const tag = varint(number * 8)
  switch (type.kind) {
    case "const":
      return 0
    case "ref":
      return fieldSize(ir, findMessage(ir, type.message)!.type, number)
    case "list": {
      if (type.maxItems === 0) return 0
      const scalar = packedSize(type.item)
      if (scalar !== undefined) return type.maxItems === undefined ? undefined : tag + sized(scalar * type.maxItems)
      return times(type.maxItems, elementSize(ir, type.item, number))
    }
    case "map": {
      if (type.maxProperties === 0) return 0
      const key = type.keyMaxLength === undefined ? undefined : 1 + sized(4 * type.keyMaxLength)
      const entry = plus(key, elementSize(ir, type.value, 2))
      return times(type.maxProperties, entry === undefined ? undefined : tag + sized(entry))
    }
    case "object":
    case "union": {
      const body = bodySize(ir, type)
      return body === undefined ? undefined : tag + sized(body)
    }
    case "string": {
      const text = maxUtf8Bytes(type)
      return text === undefined ? undefined : tag + sized(text)
    }
    case "bytes":
      return type.maxLength === undefined ? undefined : tag + sized(type.maxLength)
    default:
      return tag + packedSize(type)!
  }
}

/** Like `fieldSize`, for an item of a list or a value of a map: a list or map there is wrapped in a message. */
function elementSize(ir: ContractIr, type: TypeIr, number: number): Size {
  if (type.kind === "ref") return elementSize(ir, findMessage(ir, type.message)!.type, number)
  if (type.kind !== "list" && type.kind !== "map") return fieldSize(ir, type, number)
  const inner = fieldSize(ir, type, 1)
  return inner === undefined ? undefined : varint(number * 8) + sized(inner)
}

function bodySize(ir: ContractIr, type: TypeIr): Size {
  if (type.kind === "ref") return bodySize(ir, findMessage(ir, type.message)!.type)
  if (type.kind === "object") return plus(0, ...type.fields.map((field) => fieldSize(ir, field.type, field.number)))
  if (type.kind === "union") return most(type.branches.map((branch) => fieldSize(ir, branch.type, branch.number)))
  return undefined
}

/** Octets of a scalar that may be packed. */
function packedSize(type: TypeIr): Size {
  switch (type.kind) {
    case "bool":
      return 1
    case "float":
      return type.bits / 8
    case "enum":
      return type.open ? 5 : Math.max(...type.values.map((value) => varint(value.number)))
    case "int": {
      if (type.fixed) return type.bits === 64 ? 8 : 4
      const zigzag = (value: bigint) => (value < 0n ? -2n * value - 1n : 2n * value)
      const bounds = [BigInt(type.min), BigInt(type.max)]
      return Math.max(...bounds.map((bound) => varint(type.signed ? zigzag(bound) : bound)))
    }
    default:
      return undefined
  }
}

function varint(value: number | bigint): number {
  let octets = 1
  for (let rest = BigInt(value) >> 7n; rest > 0n; rest >>= 7n) octets++
  return octets
}

function sized(octets: number): number {
  return varint(octets) + octets
}

/** Octets of the longest value of a string in UTF-8, or undefined where it is unbounded. */
export function maxUtf8Bytes(type: StringIr): Size {
  return least(
    type.maxBytes,
    type.maxLength === undefined ? undefined : 4 * type.maxLength,
    byPattern(type, (_, to) => (to < 0x80 ? 1 : to < 0x800 ? 2 : to < 0x10000 ? 3 : 4)),
    type.format === undefined ? undefined : FORMAT_LENGTH[type.format],
  )
}

/** Octets between the quotes: a control character takes six, a quote two, an astral character four. */
function jsonTextSize(type: StringIr): Size {
  return least(
    type.maxBytes === undefined ? undefined : 6 * type.maxBytes,
    type.maxLength === undefined ? undefined : 6 * type.maxLength,
    byPattern(type, (from, to) => (from < 0x20 ? 6 : to < 0x800 ? 2 : to < 0x10000 ? 3 : 4)),
    type.format === undefined ? undefined : FORMAT_LENGTH[type.format],
  )
}

/** Longest text of formats that are bounded by their grammar, all ASCII without escapes. */
const FORMAT_LENGTH: { readonly [format: string]: number } = { date: 10, uuid: 36, ipv4: 15, hostname: 253 }

function byPattern(type: StringIr, weigh: (from: number, to: number) => number): Size {
  if (type.pattern === undefined) return undefined
  const compiled = compilePattern(type.pattern)
  return compiled.ok ? longestMatch(compiled.value, weigh) : undefined
}

function digits(min: number | string, max: number | string): number {
  return Math.max(String(min).length, String(max).length)
}

function needsString(bound: number | string): boolean {
  const value = BigInt(bound)
  return value > 9007199254740991n || value < -9007199254740991n
}

function plus(...sizes: readonly Size[]): Size {
  let total = 0
  for (const size of sizes) {
    if (size === undefined) return undefined
    total += size
  }
  return total
}

function times(count: Size, size: Size): Size {
  return count === undefined || size === undefined ? undefined : count * size
}

function most(sizes: readonly Size[]): Size {
  return sizes.reduce((high, size) => (high === undefined || size === undefined ? undefined : Math.max(high, size)), 0)
}

function least(...sizes: readonly Size[]): Size {
  const known = sizes.filter((size) => size !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length
}
