import { type ContractIr, type TypeIr, type UnionIr, wireType } from "@fleetwire/ir"
import { WRAPPED } from "./protobuf-root.js"
import type { Findings, IssueCode, Path } from "./result.js"
import { resolve } from "./world.js"

/** Fields a message type has on the wire, by number. */
interface WireField {
  readonly step: string | undefined
  readonly type: TypeIr
}

/**
 * What protobufjs lets through and the contract does not: fields with another wire type than declared, truncated and
 * overlong varints, groups, field number 0, invalid UTF-8. Returns false after the first fault.
 */
export function checkWire(contract: ContractIr, type: TypeIr, octets: Uint8Array, findings: Findings): boolean {
  return message(octets, type, { contract, findings }, [], 0)
}

interface World {
  readonly contract: ContractIr
  readonly findings: Findings
}

/** Nesting above this is refused, as in JSON. */
const MAXIMUM_DEPTH = 64

function message(octets: Uint8Array, type: TypeIr, world: World, path: Path, depth: number): boolean {
  if (depth > MAXIMUM_DEPTH) {
    world.findings.add(path, "too_deep", `more than ${MAXIMUM_DEPTH} levels`)
    return false
  }
  return fieldsFit(octets, wireFields(resolve(world.contract, type)), world, path, depth)
}

function fieldsFit(
  octets: Uint8Array,
  fields: ReadonlyMap<number, WireField>,
  world: World,
  path: Path,
  depth: number,
): boolean {
  const fail = (code: IssueCode, words: string, at: Path = path): false => {
    world.findings.add(at, code, words)
    return false
  }
  const reader = new Octets(octets)
  while (!reader.done) {
    const key = reader.varint(32)
    if (typeof key === "string") return fail(key, "a key is cut off or too long")
    const number = Number(key >> 3n)
    const wire = Number(key & 7n)
    if (number === 0) return fail("syntax", "field number 0")
    const field = fields.get(number)
    const here = field?.step === undefined ? path : [...path, field.step]
    if (wire !== 0 && wire !== 1 && wire !== 2 && wire !== 5) return fail("wire_type", `wire type ${wire}`, here)
    const value = wire === 0 ? reader.varint(64) : wire === 2 ? reader.sized() : reader.skip(wire === 1 ? 8 : 4)
    if (typeof value === "string") return fail(value, "a field is cut off or too long", here)
    if (field === undefined) continue
    if (!fieldFits(field.type, wire, value, world, here, depth)) return false
  }
  return true
}

function fieldFits(
  declared: TypeIr,
  wire: number,
  value: bigint | Uint8Array,
  world: World,
  path: Path,
  depth: number,
): boolean {
  const { contract, findings } = world
  const type = resolve(contract, declared)
  const wrong = (): false => {
    findings.add(path, "wire_type", `wire type ${wire}`)
    return false
  }
  switch (type.kind) {
    case "const":
      return true
    case "list": {
      const item = resolve(contract, type.item)
      const element = wireType(item)
      if (element === 2 || wire !== 2) return fieldFits(item, wire, value, world, path, depth)
      return packedFits(item, value as Uint8Array, findings, path)
    }
    case "map": {
      if (wire !== 2) return wrong()
      const entry = new Map<number, WireField>([
        [1, { step: undefined, type: { kind: "string" } }],
        [2, { step: undefined, type: type.value }],
      ])
      return fieldsFit(value as Uint8Array, entry, world, path, depth + 1)
    }
    case "object":
    case "union":
      return wire === 2 ? message(value as Uint8Array, type, world, path, depth + 1) : wrong()
    case "string":
      if (wire !== 2) return wrong()
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(value as Uint8Array)
        return true
      } catch {
        findings.add(path, "encoding", "invalid UTF-8")
        return false
      }
    default:
      if (wire !== wireType(type)) return wrong()
      return wire !== 0 || widthFits(type, value as bigint, findings, path)
  }
}

/** A varint that a 32-bit integer cannot hold is refused; parsers that cut it off would read another number. */
function widthFits(type: TypeIr, value: bigint, findings: Findings, path: Path): boolean {
  if (type.kind !== "int" || type.bits === 64 || value >> 32n === 0n) return true
  findings.add(path, "maximum", "does not fit 32 bits")
  return false
}

function packedFits(item: TypeIr, octets: Uint8Array, findings: Findings, path: Path): boolean {
  const reader = new Octets(octets)
  const element = wireType(item)
  while (!reader.done) {
    const value = element === 0 ? reader.varint(64) : reader.skip(element === 1 ? 8 : 4)
    if (typeof value === "bigint" && !widthFits(item, value, findings, path)) return false
    if (typeof value !== "string") continue
    findings.add(path, value, "a packed item is cut off or too long")
    return false
  }
  return true
}

function wireFields(type: TypeIr): ReadonlyMap<number, WireField> {
  if (type.kind === "object")
    return new Map(type.fields.map((field) => [field.number, { step: field.name, type: field.type }]))
  if (type.kind === "union") {
    const branches = (type as UnionIr).branches
    return new Map(branches.map((branch) => [branch.number, { step: undefined, type: branch.type }]))
  }
  return new Map([[WRAPPED, { step: undefined, type }]])
}

/** Reads octets; a fault is returned as its issue code. */
class Octets {
  #at = 0

  constructor(readonly octets: Uint8Array) {}

  get done(): boolean {
    return this.#at >= this.octets.length
  }

  varint(bits: 32 | 64): bigint | "truncated" | "syntax" {
    let value = 0n
    for (let i = 0n; i < 10n; i++) {
      const octet = this.octets[this.#at++]
      if (octet === undefined) return "truncated"
      value |= BigInt(octet & 0x7f) << (7n * i)
      if (octet < 0x80) return value >> BigInt(bits) === 0n ? value : "syntax"
    }
    return "syntax"
  }

  sized(): Uint8Array | "truncated" | "syntax" {
    const length = this.varint(64)
    return typeof length === "string" ? length : this.skip(Number(length))
  }

  skip(length: number): Uint8Array | "truncated" {
    if (length > this.octets.length - this.#at) return "truncated"
    const part = this.octets.subarray(this.#at, this.#at + length)
    this.#at += length
    return part
  }
}
