import { createSeededRandom, sampleString } from "@fleetwire/dynamic"
import { type FieldIr, type Format, findMessage, resolveType, type TypeIr } from "@fleetwire/ir"
import type { ContractView, LegView } from "./contract-view.js"
import { type Profile, profileSample } from "./profile.js"

/** What goes into a message beside its sample. */
export interface MessageParts {
  readonly sample?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly id?: string
  readonly device: string
  readonly version?: number
  /** Times of sending are so many milliseconds earlier. */
  readonly agoMs?: number
}

/**
 * A valid message of a leg: a sample of the profile, or an example of the contract, or the least that the type takes;
 * then automatic fields, then the scenario's own values.
 */
export function makeMessage(view: ContractView, leg: LegView, profile: Profile, parts: MessageParts): unknown {
  const named = parts.sample ?? "quick"
  const base =
    (named === "preempt" || named === "safe" ? semanticSample(view, leg, named) : undefined) ??
    profileSample(profile, leg.channel, named) ??
    findMessage(view.ir, leg.leg.message)!.examples?.[0]
  const type = resolveType(view.ir, findMessage(view.ir, leg.leg.message)!.type)
  if (type.kind !== "object") return base ?? leastValue(view, type)
  const message: Record<string, unknown> = { ...(leastValue(view, type) as object), ...(base as object | undefined) }
  for (const field of type.fields) fillField(message, field, parts)
  const semantics = view.semantics(leg.channel)
  if (semantics !== undefined && parts.id !== undefined) {
    const { request, reply } = semantics.correlate
    if (leg.leg.name === "request") message[request] = idValue(type, request, parts.id)
    else if ("field" in reply) message[reply.field] = idValue(type, reply.field, parts.id)
  }
  if (leg.channel.kind === "config" && parts.version !== undefined && leg.leg.name !== "reported")
    message[leg.channel.versionField] = parts.version
  for (const [path, value] of Object.entries(parts.with ?? {})) setAt(message, path, value)
  return message
}

/** Octets of a message in a format. */
export function encodeMessage(view: ContractView, leg: LegView, message: unknown, format: Format): Buffer {
  const made = view.codec(leg.leg.message, format).encode(message)
  if (!made.ok)
    throw new Error(
      `${leg.id}: the sample does not fit: ${made.issues.map((issue) => `${issue.path} ${issue.message}`).join("; ")}`,
    )
  return Buffer.from(made.value)
}

function semanticSample(
  view: ContractView,
  leg: LegView,
  name: "preempt" | "safe",
): Record<string, unknown> | undefined {
  const semantics = view.semantics(leg.channel)
  const fields = name === "preempt" ? semantics?.preempt : semantics?.onInvalid
  return fields === undefined ? undefined : { ...fields }
}

function fillField(message: Record<string, unknown>, field: FieldIr, parts: MessageParts): void {
  switch (field.auto) {
    case "now":
      message[field.name] = now(field.type, parts.agoMs ?? 0)
      break
    case "identity":
      message[field.name] = parts.device
      break
    case "elapsed":
      message[field.name] = 1
      break
    case "session":
      message[field.name] ??= 1
      break
    default:
  }
}

function now(type: TypeIr, agoMs: number): unknown {
  const sent = Date.now() - agoMs
  if (type.kind !== "int") return new Date(sent).toISOString()
  const value =
    type.epoch === "unix-seconds"
      ? Math.floor(sent / 1000)
      : type.epoch === "unix-milliseconds"
        ? sent
        : Math.floor(performance.now() - agoMs)
  return type.bits === 64 ? BigInt(value) : value
}

/** The least value of a type: required fields only, lower bounds, first words. */
export function leastValue(view: ContractView, declared: TypeIr): unknown {
  const type = resolveType(view.ir, declared)
  switch (type.kind) {
    case "bool":
      return false
    case "int": {
      const low = BigInt(type.min) > 0n ? BigInt(type.min) : BigInt(type.max) < 0n ? BigInt(type.max) : 0n
      const step = BigInt(type.multipleOf ?? 1)
      const value = low % step === 0n ? low : low + step - (low % step)
      return type.bits === 64 ? value : Number(value)
    }
    case "float":
      return Math.min(Math.max(0, type.min ?? 0), type.max ?? Number.POSITIVE_INFINITY)
    case "string":
      return type.pattern === undefined && type.format === undefined
        ? "a".repeat(Math.max(type.minLength ?? 0, 1)).slice(0, type.maxLength ?? undefined)
        : sampleString(type, createSeededRandom(1))
    case "bytes":
      return new Uint8Array(type.minLength ?? 0)
    case "enum":
      return type.values[0]!.name
    case "const":
      return type.value
    case "list":
      return Array.from({ length: type.minItems ?? 0 }, () => leastValue(view, type.item))
    case "map":
      return {}
    case "object":
      return Object.fromEntries(
        type.fields.filter((field) => field.required).map((field) => [field.name, leastValue(view, field.type)]),
      )
    case "union": {
      const branch = type.branches[0]!
      return { [type.tag]: branch.value, ...(leastValue(view, branch.type) as object) }
    }
  }
}

/** An id as the field's type has it: text, or a number where ids are numbers. */
function idValue(type: { readonly fields: readonly FieldIr[] }, name: string, id: string): unknown {
  const field = type.fields.find((each) => each.name === name)
  if (field?.type.kind !== "int") return id
  return field.type.bits === 64 ? BigInt(id) : Number(id)
}

/** Sets a value at a dotted path; null takes it away. */
export function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split(".")
  let at = target
  for (const step of steps.slice(0, -1)) {
    const inner = at[step]
    const copy = typeof inner === "object" && inner !== null ? { ...inner } : {}
    at[step] = copy
    at = copy as Record<string, unknown>
  }
  if (value === null) delete at[steps.at(-1)!]
  else at[steps.at(-1)!] = value
}
