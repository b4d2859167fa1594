import type { ContractIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import Long from "long"
import type protobuf from "protobufjs"
import { checkValue } from "./check-value.js"
import { enumName, enumNumber, fromPlain } from "./json-format.js"
import { Findings, type Path, type Result } from "./result.js"
import { checkWire } from "./wire-check.js"
import { record, resolve, withDefaults } from "./world.js"

type Reflected = Readonly<Record<string, unknown>>

/** Decodes with protobufjs reflection, after the wire was checked for what protobufjs accepts and the contract does not. */
export function decodeProtobuf(
  contract: ContractIr,
  type: TypeIr,
  reflection: protobuf.Type,
  octets: Uint8Array,
): Result<unknown> {
  const findings = new Findings()
  if (!checkWire(contract, type, octets, findings)) return findings.finish(undefined)
  const message = reflection.decode(octets) as unknown as Reflected
  const top = resolve(contract, type)
  const world = { contract, findings }
  const value =
    top.kind === "object" || top.kind === "union"
      ? readMessage(message, top, [], world)
      : readField(message, "f1", top, [], world)
  if (value === undefined && findings.issues.length === 0) findings.add([], "required", "absent")
  return findings.issues.length > 0 ? findings.finish(undefined) : checkValue(contract, type, value)
}

interface World {
  readonly contract: ContractIr
  readonly findings: Findings
}

function readMessage(message: Reflected, type: TypeIr, path: Path, world: World): unknown {
  if (type.kind === "object") return record(readFields(message, type, path, world))
  if (type.kind !== "union") return undefined
  // The last branch on the wire is the one that protobufjs keeps.
  const branch = type.branches.find(
    ({ number }) => Object.hasOwn(message, `f${number}`) && message[`f${number}`] != null,
  )
  if (branch === undefined) return world.findings.add([...path, type.tag], "required", "no branch")
  const members = readFields(message[`f${branch.number}`] as Reflected, branch.type, path, world)
  return record([[type.tag, branch.value], ...members])
}

function readFields(message: Reflected, type: ObjectIr, path: Path, world: World): Map<string, unknown> {
  const members = new Map<string, unknown>()
  for (const field of type.fields) {
    const value = readField(message, `f${field.number}`, field.type, [...path, field.name], world)
    const kind = resolve(world.contract, field.type).kind
    if (value !== undefined && (field.required || !isEmptyCollection(kind, value))) members.set(field.name, value)
  }
  withDefaults(type, members, (of, value) => fromPlain(world.contract, of, value))
  return members
}

/** An empty list or map is not on the wire: an optional one reads as absent, a required one as empty. */
function isEmptyCollection(kind: TypeIr["kind"], value: unknown): boolean {
  if (kind === "list") return (value as unknown[]).length === 0
  return kind === "map" && Object.keys(value as object).length === 0
}

function readField(message: Reflected, key: string, declared: TypeIr, path: Path, world: World): unknown {
  const type = resolve(world.contract, declared)
  if (type.kind === "const") return type.value
  const held = Object.hasOwn(message, key) ? message[key] : undefined
  if (type.kind === "list")
    return ((held ?? []) as unknown[]).map((item, i) => readOne(item, type.item, [...path, i], world))
  if (type.kind === "map")
    return record(
      Object.entries((held ?? {}) as object).map(([name, v]) => [name, readOne(v, type.value, [...path, name], world)]),
    )
  return held === undefined || held === null ? undefined : readOne(held, type, path, world)
}

function readOne(held: unknown, declared: TypeIr, path: Path, world: World): unknown {
  const type = resolve(world.contract, declared)
  switch (type.kind) {
    case "int":
      return type.bits === 64 ? BigInt(String(held)) : held
    case "bytes":
      return Uint8Array.from(held as Uint8Array)
    case "enum":
      return enumName(type, held as number) ?? world.findings.add(path, "enum", "not the number of a value")
    case "object":
    case "union":
      return readMessage(held as Reflected, type, path, world)
    default:
      return held
  }
}

/** Canonical protobuf of a checked value: fields in order of their numbers as declared, every present one written. */
export function encodeProtobuf(
  contract: ContractIr,
  type: TypeIr,
  reflection: protobuf.Type,
  value: unknown,
): Result<Uint8Array> {
  const findings = new Findings()
  const top = resolve(contract, type)
  const world = { contract, findings }
  const plain =
    top.kind === "object" || top.kind === "union"
      ? writeMessage(value as Reflected, top, [], world)
      : { f1: writeOne(value, top, [], world) }
  if (findings.issues.length > 0) return findings.finish(new Uint8Array())
  return findings.finish(Uint8Array.from(reflection.encode(plain).finish()))
}

function writeMessage(value: Reflected, type: TypeIr, path: Path, world: World): Record<string, unknown> {
  if (type.kind === "union") {
    const branch = type.branches.find((candidate) => candidate.value === value[type.tag])!
    return { [`f${branch.number}`]: writeMessage(value, branch.type, path, world) }
  }
  const made: Record<string, unknown> = {}
  for (const field of (type as ObjectIr).fields) {
    if (Object.hasOwn(value, field.name))
      made[`f${field.number}`] = writeOne(value[field.name], field.type, [...path, field.name], world)
  }
  return made
}

function writeOne(value: unknown, declared: TypeIr, path: Path, world: World): unknown {
  const type = resolve(world.contract, declared)
  switch (type.kind) {
    case "int":
      return type.bits === 64 ? Long.fromString(String(value), !type.signed) : value
    case "enum":
      return enumNumber(type, value as string) ?? world.findings.add(path, "enum", "has no number")
    case "list":
      return (value as unknown[]).map((item, i) => writeOne(item, type.item, [...path, i], world))
    case "map":
      return record(
        Object.entries(value as object).map(([key, v]) => [key, writeOne(v, type.value, [...path, key], world)]),
      )
    case "object":
    case "union":
      return writeMessage(value as Reflected, type, path, world)
    default:
      return value
  }
}
