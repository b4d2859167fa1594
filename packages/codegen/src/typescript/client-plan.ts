import type { ChannelIr, LegIr } from "@fleetwire/ir"
import { type Code, code, doc, join, key, nothing, type Printable, string } from "../core/code.js"
import type { SymbolRef } from "../core/symbol.js"
import type { ContractNames } from "./contract-names.js"
import { runtimeType } from "./runtime-symbols.js"
import { templateParams } from "./template-params.js"
import { type TypeWorld, typeExpression } from "./type-expression.js"

/** One member of a generated client: what it is called, what it is, and the engine's call that makes it. */
export interface Member {
  readonly name: string
  readonly doc: string
  readonly type: Code
  readonly value: Code
  /** A declaration of the file that the type needs. */
  readonly declaration?: Code
}

/** What the parts of a client are printed with. */
export interface ClientWorld {
  readonly names: ContractNames
  readonly types: TypeWorld
  /** Param that identifies a device. */
  readonly deviceParam: string
  /** A name that the file of the client exports, free in it; the same for the same id, which is the wish itself if absent. */
  local(wish: string, id?: string): SymbolRef
}

/** The message of a leg as a reader gets it, or as a sender hands it over. */
export function messageOf(leg: LegIr, side: "value" | "input", world: ClientWorld): Code {
  const names = world.types.names.message(leg.message)
  return side === "value"
    ? typeExpression({ kind: "ref", message: leg.message }, "value", world.types)
    : code`${names.input}`
}

/** Params of a leg apart from those named. */
export function otherParams(leg: LegIr, bound: readonly string[]): readonly string[] {
  return templateParams(leg.topic).filter((param) => !bound.includes(param))
}

/** `{ readonly zone: string }` */
export function paramsType(params: readonly string[]): Code {
  if (params.length === 0) return code`Record<never, string>`
  const members = params.map((param) => code`readonly ${key(param)}: string`)
  return code`{ ${join(members, code`; `)} }`
}

/**
 * A member whose topic has params that its place does not bind: a function of them. `make` prints the engine's call
 * from its argument for params; `nothing` where there are none. `given` are those that the place itself binds.
 */
export function boundMember(options: {
  readonly type: Code
  readonly rest: readonly string[]
  readonly given: Code
  readonly make: (bound: Code) => Code
}): { readonly type: Code; readonly value: Code } {
  const { type, rest, given, make } = options
  if (rest.length === 0) return { type, value: make(given === nothing ? nothing : code`{ ${given} }`) }
  const bound = given === nothing ? code`params` : code`{ ...params, ${given} }`
  return { type: code`(params: ${paramsType(rest)}) => ${type}`, value: code`(params) => ${make(bound)}` }
}

/** The words above a member: the channel's own, and its topic. */
export function memberDoc(channel: ChannelIr, leg: LegIr): string {
  const deprecated = channel.deprecated === undefined ? "" : `@deprecated ${channel.deprecated}`
  return [channel.doc ?? "", `\`${leg.topic}\``, deprecated].filter((line) => line !== "").join("\n")
}

/** A generic type of the runtime with its arguments. */
export function generic(name: string, ...args: readonly Printable[]): Code {
  return code`${runtimeType(name)}<${join(args, code`, `)}>`
}

/** An engine's call: `engine.publisher(telemetry, bound)`. */
export function engineCall(method: Code, channel: SymbolRef, bound: Code = nothing): Code {
  return bound === nothing ? code`engine.${method}(${channel})` : code`engine.${method}(${channel}, ${bound})`
}

/** Members as an interface declares them. */
export function declaredMembers(members: readonly Member[]): readonly Code[] {
  return members.map(
    (member) => code`
      ${doc(member.doc)}
      readonly ${key(member.name)}: ${member.type}
    `,
  )
}

/** Members as an object literal gives them. */
export function givenMembers(members: readonly Member[]): readonly Code[] {
  return members.map((member) => code`${key(member.name)}: ${member.value},`)
}

/** Members of `owner` as an object literal makes them when they are asked for: a handle costs what is used of it. */
export function lazyMembers(owner: SymbolRef, members: readonly Member[]): readonly Code[] {
  return members.map(
    (member) => code`
      get ${key(member.name)}(): ${owner}[${string(member.name)}] {
        return ${member.value}
      },
    `,
  )
}

/** Members that every client has, taken over from the engine's. */
export const CLIENT_MEMBERS: Code = code`
  get state() {
    return client.state
  },
  get counters() {
    return client.counters
  },
  get clientId() {
    return client.clientId
  },
  connect: () => client.connect(),
  close: (how) => client.close(how),
  abort: () => client.abort(),
  [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
`
