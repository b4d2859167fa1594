// Small contracts, written compactly: what a case says is what differs; all else is filled in here.
import {
  type ChannelIr,
  type ChannelKind,
  type CommandSemanticsIr,
  type ContractIr,
  type FieldIr,
  type Format,
  IR_VERSION,
  type LegIr,
  type LegName,
  maxEncodedBytes,
  type ObjectIr,
  type ParamIr,
  type RoleIr,
  type TypeIr,
} from "@fleetwire/ir"

/** A field without what the builder fills in. */
export type Field = Omit<FieldIr, "name" | "number"> & { readonly number?: number }
export type Fields = Readonly<Record<string, Field>>

/** A required field. */
export const req = (type: TypeIr, more: Partial<FieldIr> = {}): Field => ({ required: true, type, ...more })
/** An optional field. */
export const opt = (type: TypeIr, more: Partial<FieldIr> = {}): Field => ({ required: false, type, ...more })

type Bits = 8 | 16 | 32 | 64
const integer = (bits: Bits, signed: boolean) => {
  const low = signed ? -(1n << BigInt(bits - 1)) : 0n
  const high = (1n << BigInt(signed ? bits - 1 : bits)) - 1n
  const bound = (value: bigint) => (bits === 64 ? String(value) : Number(value))
  return (more: Partial<Extract<TypeIr, { kind: "int" }>> = {}): TypeIr => ({
    kind: "int",
    bits,
    signed,
    min: bound(low),
    max: bound(high),
    ...more,
  })
}
export const u8 = integer(8, false)
export const u16 = integer(16, false)
export const u32 = integer(32, false)
export const u64 = integer(64, false)
export const i8 = integer(8, true)
export const i16 = integer(16, true)
export const i32 = integer(32, true)
export const i64 = integer(64, true)
export const f32 = (min?: number, max?: number): TypeIr => float(32, min, max)
export const f64 = (min?: number, max?: number): TypeIr => float(64, min, max)
const float = (bits: 32 | 64, min?: number, max?: number): TypeIr => ({
  kind: "float",
  bits,
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
})
export const bool: TypeIr = { kind: "bool" }
export const text = (maxLength: number, more: Partial<Extract<TypeIr, { kind: "string" }>> = {}): TypeIr => ({
  kind: "string",
  maxLength,
  ...more,
})
export const octets = (maxLength: number, minLength?: number): TypeIr => ({
  kind: "bytes",
  maxLength,
  ...(minLength !== undefined && { minLength }),
})
export const constant = (value: string | number | boolean): TypeIr => ({ kind: "const", value })
/** Values are `name` (numbered from 1 in order) or `name=number`. */
export const choice = (
  values: readonly (string | { readonly name: string; readonly number: number; readonly was?: readonly string[] })[],
  more: Partial<Extract<TypeIr, { kind: "enum" }>> = {},
): TypeIr => ({
  kind: "enum",
  name: "Choice",
  open: false,
  values: values.map((value, index) => (typeof value === "string" ? { name: value, number: index + 1 } : value)),
  ...more,
})
export const list = (item: TypeIr, maxItems: number, minItems?: number): TypeIr => ({
  kind: "list",
  item,
  maxItems,
  ...(minItems !== undefined && { minItems }),
})
export const map = (value: TypeIr, more: Partial<Extract<TypeIr, { kind: "map" }>> = {}): TypeIr => ({
  kind: "map",
  value,
  keyMaxLength: 8,
  maxProperties: 4,
  ...more,
})
export const object = (fields: Fields): ObjectIr => ({ kind: "object", name: "Inner", fields: numbered(fields) })
/** Branches are numbered from 1 in order unless a number is given. */
export const union = (
  tag: string,
  branches: Readonly<Record<string, Fields>>,
  numbers: Readonly<Record<string, number>> = {},
): TypeIr => ({
  kind: "union",
  name: "Kinds",
  tag,
  branches: Object.entries(branches).map(([value, fields], index) => ({
    value,
    number: numbers[value] ?? index + 1,
    type: { kind: "object", name: `Kinds_${value}`, fields: numbered(fields) },
  })),
})

function numbered(fields: Fields): FieldIr[] {
  return Object.entries(fields).map(([name, field], index) => ({ name, number: index + 1, ...field }) as FieldIr)
}

/** What a case may say about a leg. */
export type LegOptions = Partial<Omit<LegIr, "name" | "from" | "message">>
/** What a case may say about a channel of one message. */
export interface ChannelSpec {
  readonly kind?: ChannelKind
  readonly from?: "device" | "controller"
  readonly leg?: LegOptions
  readonly reply?: LegOptions
  readonly message?: Fields | TypeIr
  readonly response?: Fields | TypeIr
  readonly command?: Partial<CommandSemanticsIr>
  readonly more?: object
  /** Legs that the kind has only where declared. */
  readonly legs?: readonly LegName[]
}

export interface ContractSpec {
  readonly name?: string
  readonly version?: string
  readonly params?: Readonly<Record<string, Partial<ParamIr>>>
  readonly device?: Partial<ContractIr["device"]>
  readonly channels?: Readonly<Record<string, ChannelSpec>>
  readonly roles?: Readonly<Record<string, Partial<RoleIr>>>
}

const semantics: CommandSemanticsIr = {
  correlate: { request: "id", reply: { field: "id" } },
  outcome: { field: "status", success: ["ok"], failure: "failed" },
  timeoutMs: 5000,
  executionTimeoutMs: 5000,
  concurrency: 1,
  queueBound: 16,
  remember: { count: 256, bytes: 65_536, retentionMs: 90_000 },
  idempotent: false,
  journal: "none",
}
const REQUEST: Fields = { id: req(text(20)), speed: req(u8()) }
const REPLY: Fields = { id: req(text(20)), status: req(choice(["ok", "failed"])) }
const REPORT: Fields = { version: req(u32()), outcome: req(choice(["applied", "rejected"])) }
const READING: Fields = { value: req(u8()) }

/** A contract `demo` with the channels given, one role `app` that may do everything, and the device `unit`. */
export function contract(spec: ContractSpec): ContractIr {
  const messages: { name: string; type: TypeIr }[] = []
  const channels = Object.entries(spec.channels ?? { reading: {} })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, channel]) => buildChannel(name, channel, messages))
  const params = Object.entries(spec.params ?? { unit: {} }).map(
    ([name, param]): ParamIr => ({ name, maxLength: 12, reserved: [], pattern: "[a-z]+-[0-9]+", ...param }),
  )
  const skeleton: ContractIr = {
    ir: IR_VERSION,
    name: spec.name ?? "demo",
    version: spec.version ?? "1.0.0",
    params,
    device: {
      param: "unit",
      session: { kind: "persistent", expirySeconds: 3600 },
      reconnectSpreadSeconds: 30,
      keepAliveSeconds: 30,
      ...spec.device,
    },
    messages: messages.sort((a, b) => (a.name < b.name ? -1 : 1)),
    channels: [],
    roles: [],
  }
  const sized = channels.map((channel) => ({ ...channel, legs: channel.legs.map((leg) => size(skeleton, leg)) }))
  const ids = (from: "device" | "controller") =>
    sized.flatMap((channel) =>
      channel.legs.filter((leg) => leg.from === from).map((leg) => `${channel.name}.${leg.name}`),
    )
  const roles = Object.entries(spec.roles ?? { app: {} }).map(
    ([name, role]): RoleIr => ({
      name,
      publish: ids("controller"),
      read: ids("device"),
      bind: [],
      session: { kind: "clean" },
      reconnectSpreadSeconds: 1,
      keepAliveSeconds: 30,
      ...role,
    }),
  )
  return { ...skeleton, channels: sized as unknown as ChannelIr[], roles }
}

function size(ir: ContractIr, { maxBytes, ...leg }: LegIr): LegIr {
  const worst = maxEncodedBytes(ir, leg.message, leg.sends)
  return { ...leg, maxBytes: maxBytes > 0 ? maxBytes : worst === undefined ? 65_536 : worst + 256 } as LegIr
}

interface DraftChannel {
  readonly name: string
  readonly legs: readonly LegIr[]
}

function buildChannel(name: string, spec: ChannelSpec, messages: { name: string; type: TypeIr }[]): DraftChannel {
  const kind = spec.kind ?? "telemetry"
  const asks = kind === "command" || kind === "action" || kind === "broadcast" || kind === "config"
  const from = spec.from ?? (asks ? "controller" : "device")
  const back = from === "device" ? "controller" : "device"
  const topic = `demo/{unit}/${name}`
  const retained = kind === "state" || kind === "presence" || kind === "config"
  const base: LegOptions = {
    qos: kind === "telemetry" ? 0 : 1,
    retain: retained,
    ...(kind === "command" || kind === "action" || kind === "broadcast" ? { expiryMs: 30_000 } : {}),
  }
  const legName: LegName = kind === "config" ? "desired" : asks ? "request" : "message"
  const main = say(`${capital(name)}`, spec.message ?? (asks && kind !== "config" ? REQUEST : READING))
  const legs = [leg(legName, from, main, { topic, ...base, ...spec.leg })]
  const replies = kind === "command" || spec.legs?.includes("reply") === true
  if (replies) {
    const response = say(`${capital(name)}Reply`, spec.response ?? REPLY)
    legs.push(leg("reply", back, response, { topic: `${topic}/reply`, qos: 1, ...spec.reply }))
  }
  if (spec.legs?.includes("progress")) {
    legs.push(leg("progress", back, say(`${capital(name)}Progress`, READING), { topic: `${topic}/progress`, qos: 1 }))
  }
  if (kind === "config") {
    if (spec.legs?.includes("fleet")) legs.push(leg("fleet", from, main, { ...base, topic: `demo/all/${name}` }))
    const report = say(`${capital(name)}Report`, spec.response ?? REPORT)
    legs.push(leg("reported", back, report, { topic: `${topic}/reported`, qos: 1, retain: true, ...spec.reply }))
  }
  const extra =
    kind === "command" || kind === "broadcast"
      ? {
          command: { ...semantics, ...spec.command },
          ...(kind === "broadcast" && { replies: replies ? "each" : "none" }),
        }
      : kind === "action"
        ? { idempotent: false }
        : kind === "config"
          ? { versionField: "version" }
          : kind === "presence"
            ? { online: { status: "online" }, offline: { status: "offline" }, willDelayMs: 0 }
            : {}
  return { name, kind, from, legs, ...extra, ...spec.more } as unknown as DraftChannel

  function say(message: string, written: Fields | TypeIr): string {
    if (!messages.some((one) => one.name === message)) {
      const type: TypeIr = isType(written) ? written : { kind: "object", name: message, fields: numbered(written) }
      messages.push({ name: message, type })
    }
    return message
  }
}

function leg(name: LegName, from: "device" | "controller", message: string, options: LegOptions): LegIr {
  return {
    name,
    from,
    message,
    topic: "",
    qos: 0,
    retain: false,
    accepts: ["json"],
    sends: options.accepts?.[0] ?? "json",
    maxBytes: 0,
    acknowledge: "on-receipt",
    queue: { bound: 1000, drop: "oldest" },
    outbox: { bound: 100, drop: "oldest", durable: false },
    ...options,
  }
}

function isType(written: Fields | TypeIr): written is TypeIr {
  return typeof (written as { kind?: unknown }).kind === "string"
}

function capital(name: string): string {
  return `${name[0]!.toUpperCase()}${name.slice(1)}`
}

/** Two versions of a contract. */
export type Pair = readonly [old: ContractIr, next: ContractIr]

/** Two versions of one channel, named `reading`. */
export function channel(old: ChannelSpec, next: ChannelSpec): Pair {
  return [contract({ channels: { reading: old } }), contract({ channels: { reading: next } })]
}

/** Two versions of a message on one channel; fields keep the numbers of their names, as a lock makes them. */
export function payload(
  old: Fields | TypeIr,
  next: Fields | TypeIr,
  formats: readonly Format[] = ["json"],
  rest: ChannelSpec = {},
): Pair {
  const leg = { accepts: [...formats].sort(), sends: formats[0]!, ...rest.leg }
  const then = isType(old) ? old : locked(old, {})
  const now = isType(next) ? next : locked(next, isType(old) ? {} : (then as Fields))
  return channel({ ...rest, leg, message: then }, { ...rest, leg, message: now })
}

/** A message that the device sends: telemetry. */
export const fromDevice = (old: Fields | TypeIr, next: Fields | TypeIr, ...formats: Format[]): Pair =>
  payload(old, next, formats.length > 0 ? formats : undefined)

/** A message that controllers send: an action, which expires within 30 s. */
export const fromController = (old: Fields | TypeIr, next: Fields | TypeIr, ...formats: Format[]): Pair =>
  payload(old, next, formats.length > 0 ? formats : undefined, { kind: "action" })

/** A message that the broker keeps: a state of the device. */
export const kept = (old: Fields | TypeIr, next: Fields | TypeIr, ...formats: Format[]): Pair =>
  payload(old, next, formats.length > 0 ? formats : undefined, { kind: "state" })

/** One value of the message under the name `value`. */
export const value = (old: TypeIr, next: TypeIr, ...formats: Format[]): Pair =>
  fromDevice({ value: req(old) }, { value: req(next) }, ...formats)

function locked(fields: Fields, earlier: Fields): Fields {
  let highest = Math.max(0, ...Object.values(earlier).map(({ number }) => number ?? 0))
  const made: Record<string, Field> = {}
  for (const [name, field] of Object.entries(fields)) {
    const before = [name, ...(field.was ?? [])].find((one) => Object.hasOwn(earlier, one))
    const number = field.number ?? (before === undefined ? undefined : earlier[before]!.number) ?? ++highest
    highest = Math.max(highest, number)
    made[name] = { ...field, number }
  }
  return made
}
