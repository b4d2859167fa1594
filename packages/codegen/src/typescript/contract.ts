import type { ChannelIr, CommandSemanticsIr, LegIr, LegName, ParamIr, RoleIr, TypeIr } from "@fleetwire/ir"
import { type Code, code, doc, ident, key } from "../core/code.js"
import type { CodeFile } from "../core/code-file.js"
import { type LiteralValue, literal } from "../core/literal.js"
import type { SymbolRef } from "../core/symbol.js"
import type { TypescriptContext } from "./context.js"
import { CONTRACT_FILE, type ContractNames } from "./contract-names.js"
import { patternTest } from "./pattern-test.js"
import { runtimeType } from "./runtime-symbols.js"
import { templateParams } from "./template-params.js"
import { type TypeWorld, typeExpression } from "./type-expression.js"

/** `src/contract.ts`: one constant for the contract, each param, role and channel, so that what is unused is dropped. */
export function emitContract(
  context: TypescriptContext,
  names: ContractNames,
  world: TypeWorld,
  digest: string,
): CodeFile {
  const file = context.file(CONTRACT_FILE)
  const { ir } = context
  file.print(
    constant("The contract as a whole.", names.contract, "ContractDescriptor", {
      name: ir.name,
      version: ir.version,
      digest,
      device: {
        param: ir.device.param,
        session: ir.device.session,
        reconnectSpreadSeconds: ir.device.reconnectSpreadSeconds,
        keepAliveSeconds: ir.device.keepAliveSeconds,
      },
    }),
  )
  const used = new Set(ir.channels.flatMap((channel) => channel.legs.flatMap((leg) => templateParams(leg.topic))))
  for (const param of byName(ir.params)) {
    if (!used.has(param.name)) continue
    const test = param.pattern === undefined ? undefined : names.paramTest(param.name)
    file.print()
    if (test !== undefined) file.print(patternTest(test, param.pattern!), code``)
    file.print(constant(param.doc ?? "", names.param(param.name), "ParamDescriptor", paramLiteral(param, test)))
  }
  for (const role of byName(ir.roles)) {
    file.print()
    file.print(constant(role.doc ?? "", names.role(role.name), "RoleDescriptor", roleLiteral(role)))
  }
  for (const channel of byName(ir.channels)) {
    file.print()
    const name = names.channel(channel.name)
    const value = literal(channelLiteral(channel, world, (leg) => legLiteral(channel, leg, context, names, world)))
    file.print(code`
      ${doc([channel.doc, channel.deprecated === undefined ? undefined : `@deprecated ${channel.deprecated}`].filter((line) => line !== undefined).join("\n"))}
      export const ${name}: ${channelType(channel, world)} = ${value}
    `)
  }
  return file
}

/** Ordered as the canonical form orders them, whatever order they came in. */
export function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A leg of a channel; throws where the channel has none of that name. */
export function legOf(channel: ChannelIr, name: LegName): LegIr {
  const leg = findLeg(channel, name)
  if (leg === undefined) throw new Error(`channel ${JSON.stringify(channel.name)} has no leg ${name}`)
  return leg
}

/** A leg of a channel, where it has one of that name. */
export function findLeg(channel: ChannelIr, name: LegName): LegIr | undefined {
  return channel.legs.find((leg) => leg.name === name)
}

function constant(
  words: string,
  name: SymbolRef,
  type: string,
  value: { readonly [key: string]: LiteralValue | undefined },
): Code {
  return code`
    ${doc(words)}
    export const ${name}: ${runtimeType(type)} = ${literal(value)}
  `
}

function paramLiteral(param: ParamIr, test: string | undefined): { readonly [key: string]: LiteralValue | undefined } {
  return {
    name: param.name,
    maxLength: param.maxLength,
    reserved: [...param.reserved].sort(),
    test: test === undefined ? undefined : code`${ident(test)}`,
    pattern: param.pattern,
  }
}

function roleLiteral(role: RoleIr): { readonly [key: string]: LiteralValue | undefined } {
  return {
    name: role.name,
    session: role.session,
    reconnectSpreadSeconds: role.reconnectSpreadSeconds,
    keepAliveSeconds: role.keepAliveSeconds,
    publish: [...role.publish].sort(),
    read: [...role.read].sort(),
    probe: role.probe,
  }
}

/** The descriptor's type with the channel's messages: `CommandDescriptor<Command, Response>`. */
function channelType(channel: ChannelIr, world: TypeWorld): Code {
  const value = (leg: LegIr | undefined): Code =>
    leg === undefined ? code`never` : typeExpression({ kind: "ref", message: leg.message }, "value", world)
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return code`${runtimeType("StreamDescriptor")}<${value(legOf(channel, "message"))}>`
    case "presence":
      return code`${runtimeType("PresenceDescriptor")}<${value(legOf(channel, "message"))}>`
    case "command": {
      const type = code`${runtimeType("CommandDescriptor")}<${value(legOf(channel, "request"))}, ${value(legOf(channel, "reply"))}>`
      return withLeg(type, channel, "progress", value)
    }
    case "action":
      return code`${runtimeType("ActionDescriptor")}<${value(legOf(channel, "request"))}>`
    case "config": {
      const type = code`${runtimeType("ConfigDescriptor")}<${value(legOf(channel, "desired"))}, ${value(legOf(channel, "reported"))}>`
      return withLeg(type, channel, "fleet", value)
    }
    case "broadcast": {
      const type = code`${runtimeType("BroadcastDescriptor")}<${value(legOf(channel, "request"))}, ${value(findLeg(channel, "reply"))}>`
      return withLeg(type, channel, "reply", value)
    }
  }
}

/** The type, and that a leg which not every such channel has is there. */
function withLeg(type: Code, channel: ChannelIr, name: LegName, value: (leg: LegIr) => Code): Code {
  const leg = findLeg(channel, name)
  return leg === undefined
    ? type
    : code`${type} & { readonly ${key(name)}: ${runtimeType("LegDescriptor")}<${value(leg)}> }`
}

function channelLiteral(channel: ChannelIr, world: TypeWorld, leg: (leg: LegIr) => LiteralValue): LiteralValue {
  const one = (name: LegName): LiteralValue => leg(legOf(channel, name))
  const maybe = (name: LegName): LiteralValue | undefined => {
    const found = findLeg(channel, name)
    return found === undefined ? undefined : leg(found)
  }
  const head = { kind: channel.kind, name: channel.name }
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return { ...head, from: channel.from, message: one("message"), deadLetter: channel.deadLetter }
    case "presence":
      return {
        ...head,
        message: one("message"),
        online: channel.online as LiteralValue,
        offline: channel.offline as LiteralValue,
        willDelayMs: channel.willDelayMs,
      }
    case "command":
      return {
        ...head,
        from: channel.from,
        request: one("request"),
        reply: one("reply"),
        progress: maybe("progress"),
        command: semanticsLiteral(channel.command, legOf(channel, "request"), world),
      }
    case "action":
      return { ...head, from: channel.from, request: one("request"), idempotent: channel.idempotent }
    case "config":
      return {
        ...head,
        desired: one("desired"),
        fleet: maybe("fleet"),
        reported: one("reported"),
        versionField: channel.versionField,
        objects: objectsWithin(world.message(legOf(channel, "desired").message).type, world),
      }
    case "broadcast":
      return {
        ...head,
        request: one("request"),
        reply: maybe("reply"),
        replies: channel.replies,
        as: channel.as,
        command: semanticsLiteral(channel.command, legOf(channel, "request"), world),
      }
  }
}

function legLiteral(
  channel: ChannelIr,
  leg: LegIr,
  context: TypescriptContext,
  names: ContractNames,
  world: TypeWorld,
): LiteralValue {
  const message = context.names.message(leg.message)
  const formats = context
    .formatsOf(leg.message)
    .filter((format) => leg.accepts.includes(format) || leg.sends === format)
  return {
    id: `${channel.name}.${leg.name}`,
    template: leg.topic,
    params: templateParams(leg.topic).map((param) => code`${names.param(param)}`),
    qos: leg.qos,
    retain: leg.retain,
    expiryMs: leg.expiryMs,
    accepts: [...leg.accepts].sort(),
    sends: leg.sends,
    maxBytes: leg.maxBytes,
    acknowledge: leg.acknowledge,
    versions: versionRule(leg, world),
    queue: { bound: leg.queue.bound, drop: leg.queue.drop },
    outbox: { bound: leg.outbox.bound, drop: leg.outbox.drop, durable: leg.outbox.durable },
    auto: autoFields(world.message(leg.message).type),
    codecs: Object.fromEntries(formats.map((format) => [format, code`${message.codec(format)}`])),
  }
}

/** The rule as the engine reads it: with the field's short key, where it has one. */
function versionRule({ versions, message }: LegIr, world: TypeWorld): LiteralValue | undefined {
  if (versions === undefined || versions.kind === "any") return versions
  const { type } = world.message(message)
  const declared = type.kind === "object" ? type.fields.find(({ name }) => name === versions.field) : undefined
  return { ...versions, short: declared?.short }
}

function autoFields(type: TypeIr): LiteralValue {
  if (type.kind !== "object") return []
  return type.fields.flatMap((field) => {
    if (field.auto === undefined) return []
    return [
      { field: field.name, fill: field.auto, epoch: epochOf(field.type), big: isBig(field.type) ? true : undefined },
    ]
  })
}

function epochOf(type: TypeIr): string | undefined {
  if (type.kind === "int") return type.epoch
  return type.kind === "string" && type.format === "date-time" ? "iso" : undefined
}

function isBig(type: TypeIr): boolean {
  return type.kind === "int" && type.bits === 64
}

/** How requests are run, with what an engine cannot see without the types: where the id stands, what its clock counts. */
function semanticsLiteral(command: CommandSemanticsIr, request: LegIr, world: TypeWorld): LiteralValue {
  const type = world.message(request.message).type
  const fields = type.kind === "object" ? type.fields : []
  const id = fields.find((field) => field.name === command.correlate.request)
  const clock = fields.find((field) => field.name === command.trustedClock)
  return {
    ...(command as unknown as { readonly [key: string]: LiteralValue }),
    idOnWire: id === undefined ? undefined : { number: id.number, short: id.short },
    trustedClock: clock === undefined ? undefined : { field: clock.name, epoch: epochOf(clock.type) },
  }
}

/** Fields that are objects, each with those within: what a config overlays field by field (F-2). */
function objectsWithin(type: TypeIr, world: TypeWorld): { readonly [field: string]: LiteralValue } | undefined {
  if (type.kind !== "object") return undefined
  const found = type.fields.flatMap((field): readonly (readonly [string, LiteralValue])[] => {
    const inner = field.type.kind === "ref" ? world.message(field.type.message).type : field.type
    return inner.kind === "object" ? [[field.name, objectsWithin(inner, world) ?? {}]] : []
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}
