import type { ContractIr, EnumIr, FieldIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import { checkValue } from "./check-value.js"
import { JsonFault, type JsonNode, readJson } from "./json-reader.js"
import { Findings, type Path, type Result } from "./result.js"
import { record, resolve, withDefaults } from "./world.js"

/** JSON with full keys, or compact JSON with the declared short ones. */
export function decodeJson(contract: ContractIr, type: TypeIr, octets: Uint8Array, compact: boolean): Result<unknown> {
  const findings = new Findings()
  let node: JsonNode
  try {
    node = readJson(octets)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    findings.add([], error.code, error.message)
    return findings.finish(undefined)
  }
  const value = new Reading(contract, findings, compact).value(node, type, [])
  return findings.issues.length > 0 ? findings.finish(undefined) : checkValue(contract, type, value)
}

class Reading {
  constructor(
    readonly contract: ContractIr,
    readonly findings: Findings,
    readonly compact: boolean,
  ) {}

  /** The value in code for a JSON node; bounds are not looked at. */
  value(node: JsonNode, declared: TypeIr, path: Path): unknown {
    const type = resolve(this.contract, declared)
    if (node.kind === "null") return this.findings.add(path, "null", "null")
    const wrong = (): undefined => this.findings.add(path, "type", `not a ${type.kind}`)
    switch (type.kind) {
      case "bool":
        return node.kind === "bool" ? node.value : wrong()
      case "int":
        return type.bits === 64 ? this.#wide(node, path) : node.kind === "number" ? Number(node.literal) : wrong()
      case "float":
        return node.kind === "number" ? Number(node.literal) : wrong()
      case "string":
        return node.kind === "string" ? node.value : wrong()
      case "bytes":
        return node.kind === "string" ? this.#base64(node.value, path) : wrong()
      case "enum":
        if (this.compact && type.compactAs === "number") return this.#numbered(node, type, path)
        return node.kind === "string" ? node.value : wrong()
      case "const":
        if (node.kind === "number") return Number(node.literal)
        return node.kind === "string" || node.kind === "bool" ? node.value : wrong()
      case "list": {
        if (node.kind !== "list") return wrong()
        if (type.maxItems !== undefined && node.items.length > type.maxItems)
          return this.findings.add(path, "max_items", `more than ${type.maxItems}`)
        return node.items.map((item, index) => this.value(item, type.item, [...path, index]))
      }
      case "map": {
        if (node.kind !== "object") return wrong()
        const seen = new Set<string>()
        for (const [key] of node.members) {
          if (seen.has(key)) this.findings.add([...path, key], "duplicate", "the key stands twice")
          seen.add(key)
        }
        return record(node.members.map(([key, member]) => [key, this.value(member, type.value, [...path, key])]))
      }
      case "object":
        return node.kind === "object" ? record(this.#fields(node.members, type, path)) : wrong()
      case "union": {
        if (node.kind !== "object") return wrong()
        const tags = node.members.filter(([key]) => key === type.tag)
        if (tags.length > 1) this.findings.add([...path, type.tag], "duplicate", "the key stands twice")
        const tag = tags[0]?.[1]
        const branch = type.branches.find(({ value }) => tag?.kind === "string" && tag.value === value)
        if (branch === undefined)
          return this.findings.add([...path, type.tag], tag === undefined ? "required" : "union_tag", "no branch")
        return record([[type.tag, branch.value], ...this.#fields(node.members, branch.type, path)])
      }
    }
  }

  #fields(members: readonly (readonly [string, JsonNode])[], type: ObjectIr, path: Path): Map<string, unknown> {
    const values = new Map<string, unknown>()
    for (const field of type.fields) {
      const key = this.#key(field)
      const keys = [key, ...this.#earlier(field, type)]
      const found = members.filter(([name]) => keys.includes(name))
      const here = [...path, key]
      if (found.length > 1) this.findings.add(here, "duplicate", "the key stands twice")
      const node = found[0]?.[1]
      if (node === undefined || (node.kind === "null" && field.nullAsAbsent === true)) {
        if (field.required) this.findings.add(here, "required", "absent")
      } else values.set(field.name, this.value(node, field.type, here))
    }
    withDefaults(type, values, (of, value) => fromPlain(this.contract, of, value))
    return values
  }

  /** Earlier names that stand for a field, those aside that another field has now (W-3). */
  #earlier(field: FieldIr, { fields }: ObjectIr): readonly string[] {
    return (field.was ?? []).filter((name) => !fields.some((one) => this.#key(one) === name))
  }

  #key(field: FieldIr): string {
    return this.compact ? (field.short ?? field.name) : field.name
  }

  #wide(node: JsonNode, path: Path): bigint | undefined {
    if (node.kind === "string") {
      if (/^(?:0|-?[1-9][0-9]*)$/.test(node.value)) return BigInt(node.value)
    } else if (node.kind === "number") {
      const value = Number(node.literal)
      if (Number.isSafeInteger(value)) return BigInt(value)
      if (Number.isFinite(value) && !Number.isInteger(value))
        return this.findings.add(path, "not_integer", "a fraction")
    }
    return this.findings.add(path, "type", "not an integer within ±(2^53−1) nor a decimal string")
  }

  #base64(text: string, path: Path): Uint8Array | undefined {
    const canonical = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
    const octets = canonical ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) : undefined
    // Bits behind the last octet are zero, so that one value has one spelling.
    return octets !== undefined && base64(octets) === text ? octets : this.findings.add(path, "format", "not base64")
  }

  #numbered(node: JsonNode, type: EnumIr, path: Path): string | undefined {
    const number = node.kind === "number" ? Number(node.literal) : Number.NaN
    if (Number.isNaN(number)) return this.findings.add(path, "type", "not a number")
    return enumName(type, number) ?? this.findings.add(path, "enum", "not the number of a value")
  }
}

/** Spelling of an enum's number; an unknown number of an open enum is `#` and the number. */
export function enumName(type: EnumIr, number: number): string | undefined {
  const known = type.values.find((candidate) => candidate.number === number)
  if (known !== undefined) return known.name
  return type.open && Number.isInteger(number) && number >= 0 && number <= 0x7fffffff ? `#${number}` : undefined
}

/** Number of an enum's spelling; undefined where the format with numbers cannot carry it. */
export function enumNumber(type: EnumIr, name: string): number | undefined {
  const known = type.values.find((candidate) => candidate.name === name)
  if (known !== undefined) return known.number
  const unknown = /^#(0|[1-9][0-9]*)$/.exec(name)?.[1]
  return unknown !== undefined && Number(unknown) <= 0x7fffffff ? Number(unknown) : undefined
}

/** A default of the intermediate form as a value in code. */
export function fromPlain(contract: ContractIr, declared: TypeIr, value: unknown): unknown {
  const node = toNode(value)
  return new Reading(contract, new Findings(), false).value(node, declared, [])
}

function toNode(value: unknown): JsonNode {
  return readJson(new TextEncoder().encode(JSON.stringify(value)))
}

/** Canonical JSON of a checked value: declared order, no white space. */
export function encodeJson(contract: ContractIr, type: TypeIr, value: unknown, compact: boolean): Result<Uint8Array> {
  const findings = new Findings()
  const text = write(value, type, [], { contract, compact, findings })
  return findings.finish(new TextEncoder().encode(text))
}

interface Writing {
  readonly contract: ContractIr
  readonly compact: boolean
  readonly findings: Findings
}

function write(value: unknown, declared: TypeIr, path: Path, world: Writing): string {
  const type = resolve(world.contract, declared)
  switch (type.kind) {
    case "int":
    case "float":
      if (typeof value === "bigint") return wide(value)
      return plainNumber(value as number, type.kind === "float" && type.bits === 32)
    case "bytes":
      return JSON.stringify(base64(value as Uint8Array))
    case "enum": {
      if (!(world.compact && type.compactAs === "number")) return JSON.stringify(value)
      const number = enumNumber(type, value as string)
      if (number === undefined) world.findings.add(path, "enum", "has no number")
      return String(number)
    }
    case "list":
      return `[${(value as unknown[]).map((item, index) => write(item, type.item, [...path, index], world)).join(",")}]`
    case "map":
      return braces(
        Object.entries(value as object).map(([key, member]) => [key, write(member, type.value, [...path, key], world)]),
      )
    case "object":
      return braces(fields(value as Record<string, unknown>, type, path, world))
    case "union": {
      const tag = (value as Record<string, unknown>)[type.tag] as string
      const branch = type.branches.find((candidate) => candidate.value === tag)!
      return braces([
        [type.tag, JSON.stringify(tag)],
        ...fields(value as Record<string, unknown>, branch.type, path, world),
      ])
    }
    default:
      return JSON.stringify(value)
  }
}

function fields(value: Record<string, unknown>, type: ObjectIr, path: Path, world: Writing): [string, string][] {
  return type.fields
    .filter(({ name }) => Object.hasOwn(value, name))
    .map((field) => [
      world.compact ? (field.short ?? field.name) : field.name,
      write(value[field.name], field.type, [...path, field.name], world),
    ])
}

function braces(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(",")}}`
}

function wide(value: bigint): string {
  const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
  return safe ? String(value) : `"${value}"`
}

/**
 * The canonical spelling of a number: as ECMAScript prints it. A float32 that is no integer has the fewest digits, six at
 * least, that round to it.
 */
export function plainNumber(value: number, single: boolean): string {
  if (Object.is(value, -0)) return "-0"
  // Nine digits tell any two float32 values apart.
  for (let digits = 6; single && !Number.isInteger(value) && digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return String(shorter)
  }
  return String(value)
}

function base64(octets: Uint8Array): string {
  return btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""))
}
