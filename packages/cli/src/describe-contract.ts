import { createDynamicCodec } from "@fleetwire/dynamic"
import type {
  BroadcastChannelIr,
  ChannelIr,
  CommandChannelIr,
  ContractIr,
  FieldIr,
  Format,
  LegIr,
  LegName,
} from "@fleetwire/ir"
import { contractDigest } from "@fleetwire/ir"
import type {
  AutoField,
  ChannelDescriptor,
  Codec,
  CommandSemantics,
  ContractDescriptor,
  LegDescriptor,
  ParamDescriptor,
  PayloadCodecs,
} from "@fleetwire/runtime/codegen-v1"

/** A compiled contract as the engines take it, with interpreted codecs: for tools that have no generated SDK. */
export interface DescribedContract {
  readonly contract: ContractDescriptor
  channel(name: string): ChannelDescriptor | undefined
}

export function describeContract(ir: ContractIr): DescribedContract {
  const { device } = ir
  return {
    contract: {
      name: ir.name,
      version: ir.version,
      digest: contractDigest(ir),
      device,
    },
    channel(name) {
      const channel = ir.channels.find((candidate) => candidate.name === name)
      return channel === undefined ? undefined : describeChannel(ir, channel)
    },
  }
}

function describeChannel(ir: ContractIr, channel: ChannelIr): ChannelDescriptor {
  const leg = (name: LegName): LegDescriptor<unknown> => {
    const found = channel.legs.find((candidate) => candidate.name === name)
    if (found === undefined) throw new Error(`${channel.name} has no leg ${name}`)
    return describeLeg(ir, channel, found)
  }
  const has = (name: LegName): boolean => channel.legs.some((candidate) => candidate.name === name)
  const { name, from } = channel
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return {
        kind: channel.kind,
        name,
        from,
        message: leg("message"),
        ...(channel.deadLetter === undefined ? {} : { deadLetter: channel.deadLetter }),
      }
    case "presence": {
      const { online, offline, willDelayMs } = channel
      return { kind: "presence", name, message: leg("message"), online, offline, willDelayMs }
    }
    case "command":
      return {
        kind: "command",
        name,
        from,
        request: leg("request"),
        reply: leg("reply"),
        ...(has("progress") ? { progress: leg("progress") } : {}),
        command: describeSemantics(channel),
      }
    case "action":
      return { kind: "action", name, from, request: leg("request"), idempotent: channel.idempotent }
    case "config": {
      const fleet = has("fleet") ? { fleet: leg("fleet") } : {}
      const { versionField } = channel
      return { kind: "config", name, desired: leg("desired"), ...fleet, reported: leg("reported"), versionField }
    }
    case "broadcast": {
      const reply = has("reply") ? { reply: leg("reply") } : {}
      const as = channel.as === undefined ? {} : { as: channel.as }
      const command = describeSemantics(channel)
      return { kind: "broadcast", name, request: leg("request"), ...reply, replies: channel.replies, ...as, command }
    }
  }
}

function describeLeg(ir: ContractIr, channel: ChannelIr, leg: LegIr): LegDescriptor<unknown> {
  const codecs: Partial<Record<Format, Codec<unknown>>> = {}
  for (const format of leg.accepts) codecs[format] = createDynamicCodec(ir, leg.message, format) as Codec<unknown>
  const { topic, message: _message, from: _from, name, ...rest } = leg
  return {
    ...rest,
    id: `${channel.name}.${name}`,
    template: topic,
    params: paramsOf(ir, topic),
    auto: autoFields(ir, leg.message),
    codecs: codecs as PayloadCodecs<unknown>,
  }
}

function paramsOf(ir: ContractIr, topic: string): readonly ParamDescriptor[] {
  return [...topic.matchAll(/\{([^}]+)\}/g)].map(([, name]) => {
    const param = ir.params.find((candidate) => candidate.name === name)
    if (param === undefined) throw new Error(`the contract has no param ${name}`)
    const { maxLength, reserved, pattern } = param
    if (pattern === undefined) return { name: param.name, maxLength, reserved }
    const expression = new RegExp(`^(?:${pattern})$`, "u")
    return { name: param.name, maxLength, reserved, pattern, test: (value) => expression.test(value) }
  })
}

function autoFields(ir: ContractIr, message: string): readonly AutoField[] {
  const type = ir.messages.find((candidate) => candidate.name === message)?.type
  if (type?.kind !== "object") return []
  return type.fields.flatMap((field) => (field.auto === undefined ? [] : [autoField(field, field.auto)]))
}

function autoField(field: FieldIr, fill: AutoField["fill"]): AutoField {
  const { type } = field
  const epoch =
    fill !== "now"
      ? {}
      : type.kind === "int" && type.epoch !== undefined
        ? { epoch: type.epoch }
        : type.kind === "string"
          ? { epoch: "iso" as const }
          : {}
  return { field: field.name, fill, ...epoch, ...(type.kind === "int" && type.bits === 64 && { big: true }) }
}

/** Without the trusted clock and the id's place on the wire: they serve devices, and this serves a controller. */
function describeSemantics(channel: CommandChannelIr | BroadcastChannelIr): CommandSemantics {
  const { trustedClock: _trustedClock, ...command } = channel.command
  return command
}
