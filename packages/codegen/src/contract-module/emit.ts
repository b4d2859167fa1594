import { type ContractIr, type MessageIr, type RoleIr, referencedMessages, type SessionIr } from "@fleetwire/ir"
import { type Code, code, ident, string } from "../core/code.js"
import { createCodeFile, type RenderedFile, render } from "../core/code-file.js"
import { duration } from "../core/durations.js"
import { type LiteralValue, wideLiteral } from "../core/literal.js"
import { createNameScope, pascalCase } from "../core/name-policy.js"
import { symbol } from "../core/symbol.js"
import { RESERVED_WORDS, typescript } from "../typescript/language.js"
import { channelBuilder } from "./channel-builder.js"
import { objectFields, type TypeWorld, typeBuilder } from "./type-builder.js"
import { isEmptyLiteral, valueLiteral } from "./value-literal.js"

const FROM = "@fleetwire/contract"

/**
 * A compiled contract as the module that would compile to it: `contract.ts`. Protobuf and enum numbers are not part of
 * the language; they stay where the lock beside the module has them.
 */
export function emitContractModule(ir: ContractIr): RenderedFile {
  const file = createCodeFile({ path: "contract.ts", language: typescript })
  const scope = createNameScope({ case: pascalCase, reserved: [...RESERVED_WORDS, "t"], empty: "Message" })
  const own = inOrder(ir)
  const names = new Map(own.map(({ name }) => [name, scope.take(name)]))
  const world: TypeWorld = { ir, reference: (message) => ident(names.get(message)!) }
  for (const message of own) {
    file.print(code`const ${ident(names.get(message.name)!)} = ${messageBuilder(message, world)}`)
    file.print()
  }
  file.print(code`export default ${symbol("defineContract", FROM)}(${contractBody(ir, world)})`)
  return render(file)
}

/** Messages that somebody wrote, what is referred to before what refers to it. */
function inOrder(ir: ContractIr): readonly MessageIr[] {
  const built = new Set(
    ir.channels.flatMap((channel) =>
      channel.kind === "config"
        ? channel.legs.filter(({ name }) => name === "reported").map(({ message }) => message)
        : [],
    ),
  )
  const done = new Set<string>()
  const sorted: MessageIr[] = []
  const visit = (message: MessageIr): void => {
    if (done.has(message.name)) return
    done.add(message.name)
    for (const name of referencedMessages(ir, message.type)) visit(ir.messages.find((one) => one.name === name)!)
    sorted.push(message)
  }
  for (const message of ir.messages) if (!built.has(message.name)) visit(message)
  return sorted
}

function messageBuilder(
  { name, type, doc, unit, examples, deprecated, since, was }: MessageIr,
  world: TypeWorld,
): Code {
  const said = examples?.map((example) => valueLiteral(world.ir, type, example))
  const options = { doc, examples: said, deprecated, since, was }
  const content =
    type.kind === "object" && type.name === name && unit === undefined
      ? objectFields(type, world)
      : typeBuilder(type, name, world, { unit })
  const message = symbol("message", FROM)
  return isEmptyLiteral(options)
    ? code`${message}(${string(name)}, ${content})`
    : code`${message}(${string(name)}, ${content}, ${wideLiteral(options)})`
}

function contractBody(ir: ContractIr, world: TypeWorld): Code {
  const channels = Object.fromEntries(ir.channels.map((channel) => [channel.name, channelBuilder(channel, world)]))
  return wideLiteral({
    name: ir.name,
    version: ir.version,
    doc: ir.doc,
    params: Object.fromEntries(ir.params.map(({ name, ...param }) => [name, paramBuilder(param)])),
    device: deviceOptions(ir),
    channels,
    roles: Object.fromEntries(ir.roles.map((role) => [role.name, roleOptions(ir, role)])),
  })
}

function paramBuilder(param: Omit<ContractIr["params"][number], "name">): Code {
  const { maxLength, reserved, examples, ...rest } = param
  const options = {
    ...rest,
    maxLength: maxLength === 64 ? undefined : maxLength,
    reserved: reserved.length === 0 ? undefined : reserved,
    examples,
  }
  const t = symbol("t", FROM)
  return isEmptyLiteral(options) ? code`${t}.param()` : code`${t}.param(${wideLiteral(options)})`
}

function deviceOptions({ device }: ContractIr): LiteralValue {
  const { param, session, reconnectSpreadSeconds, keepAliveSeconds } = device
  const options = {
    session: sessionOption(session, { kind: "persistent", expirySeconds: 3600 }),
    reconnectSpread: seconds(reconnectSpreadSeconds, 30),
    keepAlive: seconds(keepAliveSeconds, 30),
  }
  return isEmptyLiteral(options) ? param : { param, ...options }
}

function roleOptions(ir: ContractIr, role: RoleIr): LiteralValue {
  return {
    doc: role.doc,
    publish: rights(ir, role.publish, "publish"),
    read: rights(ir, role.read, "read"),
    probe: role.probe,
    bind: role.bind.length === 0 ? undefined : role.bind,
    session: sessionOption(role.session, { kind: "clean" }),
    reconnectSpread: seconds(role.reconnectSpreadSeconds, 1),
    keepAlive: seconds(role.keepAliveSeconds, 30),
  }
}

/** Rights by channel where a channel's name means just these legs, by leg elsewhere. */
function rights(ir: ContractIr, legs: readonly string[], verb: "publish" | "read"): LiteralValue | undefined {
  if (legs.length === 0) return undefined
  const held = new Set(legs)
  const all = ir.channels.flatMap((channel) => channel.legs.map(({ name }) => `${channel.name}.${name}`))
  if (verb === "read" && all.every((id) => held.has(id))) return "*"
  return ir.channels.flatMap((channel) => {
    const ids = channel.legs.map(({ name, from }) => ({ id: `${channel.name}.${name}`, from }))
    const device = ids.filter(({ from }) => from === "device")
    const meant =
      verb === "publish" ? ids.filter(({ from }) => from === "controller") : device.length > 0 ? device : ids
    const mine = ids.filter(({ id }) => held.has(id))
    const whole = meant.length > 0 && meant.length === mine.length && meant.every(({ id }) => held.has(id))
    return whole ? [channel.name] : mine.map(({ id }) => id)
  })
}

function sessionOption(session: SessionIr, usual: SessionIr): LiteralValue | undefined {
  if (JSON.stringify(session) === JSON.stringify(usual)) return undefined
  return session.kind === "clean" ? "clean" : { expiry: duration(session.expirySeconds * 1000) }
}

function seconds(value: number, usual: number): string | undefined {
  return value === usual ? undefined : duration(value * 1000)
}
