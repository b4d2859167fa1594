import type { ChannelIr, LegIr } from "./channel-ir.js"
import type { ContractIr, MessageIr, ParamIr } from "./contract-ir.js"
import type { RefIr, TypeIr } from "./type-ir.js"

/** The message of that name, or undefined. */
export function findMessage(ir: ContractIr, name: string): MessageIr | undefined {
  return ir.messages.find((message) => message.name === name)
}

/**
 * The type itself, or what a reference refers to, however many references stand between.
 *
 * @throws Error where a reference names no message; `parseContractIr` refuses such a contract.
 */
export function resolveType(ir: ContractIr, type: TypeIr): Exclude<TypeIr, RefIr> {
  let found: TypeIr = type
  while (found.kind === "ref") {
    const message = findMessage(ir, found.message)
    if (message === undefined) throw new Error(`no message is called ${found.message}`)
    found = message.type
  }
  return found
}

/**
 * Unit symbol of a value: what is said where it stands, otherwise what the message says that its type refers to.
 * Undefined where nobody says one.
 */
export function unitOf(ir: ContractIr, type: TypeIr, said?: string): string | undefined {
  if (said !== undefined || type.kind !== "ref") return said
  const message = findMessage(ir, type.message)
  return message === undefined ? undefined : unitOf(ir, message.type, message.unit)
}

/** Types directly inside a type, each with the JSON Pointer token that leads there; none for scalars and references. */
export function childTypes(type: TypeIr): readonly { readonly token: string; readonly type: TypeIr }[] {
  switch (type.kind) {
    case "list":
      return [{ token: "item", type: type.item }]
    case "map":
      return [{ token: "value", type: type.value }]
    case "object":
      return type.fields.map((field) => ({ token: field.name, type: field.type }))
    case "union":
      return type.branches.map((branch) => ({ token: branch.value, type: branch.type }))
    default:
      return []
  }
}

/** Visits a type and every type inside it, outer before inner; references are visited, not followed. */
export function walkType(type: TypeIr, visit: (type: TypeIr, path: readonly string[]) => void): void {
  const step = (at: TypeIr, path: readonly string[]): void => {
    visit(at, path)
    for (const child of childTypes(at)) step(child.type, [...path, child.token])
  }
  step(type, [])
}

/** Names of the messages that a type refers to, directly or through others, in order of first appearance. */
export function referencedMessages(ir: ContractIr, type: TypeIr): readonly string[] {
  const names = new Set<string>()
  const collect = (at: TypeIr): void =>
    walkType(at, (inner) => {
      if (inner.kind !== "ref" || names.has(inner.message)) return
      names.add(inner.message)
      const message = findMessage(ir, inner.message)
      if (message !== undefined) collect(message.type)
    })
  collect(type)
  return [...names]
}

/** A leg with its channel. `id` is what rights name, such as `drive.request`. */
export interface LegPlace {
  readonly id: string
  readonly channel: ChannelIr
  readonly leg: LegIr
}

/** Every leg of the contract, channel by channel. */
export function contractLegs(ir: ContractIr): readonly LegPlace[] {
  return ir.channels.flatMap((channel) =>
    channel.legs.map((leg) => ({ id: `${channel.name}.${leg.name}`, channel, leg })),
  )
}

/** Names of the params of a template, such as `iot-car/{carId}/telemetry`, in order of appearance. */
export function topicParamNames(topic: string): readonly string[] {
  return topic
    .split("/")
    .filter((level) => level.length > 2 && level.startsWith("{") && level.endsWith("}"))
    .map((level) => level.slice(1, -1))
}

/** Params of a template in order of appearance; a name that the contract does not declare is left out. */
export function topicParams(ir: ContractIr, topic: string): readonly ParamIr[] {
  return topicParamNames(topic).flatMap((name) => ir.params.filter((param) => param.name === name))
}
