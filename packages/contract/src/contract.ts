import type { Static, TSchema } from "@sinclair/typebox"
import type { Channel } from "./channel.js"
import type { Duration } from "./duration.js"
import type { TopicParams } from "./inference.js"
import { captureOrigin, type Origin } from "./origin.js"
import type { Param } from "./param.js"

/** What the broker keeps for a client that is away: nothing, or its subscriptions and queue for a while. */
export type SessionOptions = "clean" | "persistent" | { readonly expiry: Duration }

export interface ConnectionOptions {
  /** Devices: persistent for one hour. Roles: clean. */
  readonly session?: SessionOptions
  /** Time over which a fleet's first reconnection attempts are spread. Devices 30 s, roles 1 s. */
  readonly reconnectSpread?: Duration
  /** Default 30 s. */
  readonly keepAlive?: Duration
}

export interface DeviceOptions<P extends string = string> extends ConnectionOptions {
  /** Param that identifies a device. */
  readonly param: P
}

export interface RoleOptions<C extends string = string, P extends string = string> extends ConnectionOptions {
  readonly doc?: string
  /** Channels, or single legs such as `config.fleet`; `"*"` is every leg that controllers write. */
  readonly publish?: "*" | readonly (C | `${C}.${string}`)[]
  /** Channels, or single legs such as `drive.request`; a channel's name is every leg that controllers read, `"*"` everything. */
  readonly read?: "*" | readonly (C | `${C}.${string}`)[]
  /**
   * The telemetry or event that the role publishes and reads itself, to know when it has seen everything that the broker
   * has stored (P-5). Its topic has no param, its QoS is that of the presence, and its message has an `auto: "id"` field.
   */
  readonly probe?: C
  /** Params that access rules bind to the identity. */
  readonly bind?: readonly P[]
}

export interface ContractDefinition<
  Params extends Record<string, Param> = Record<string, Param>,
  Channels extends Record<string, Channel> = Record<string, Channel>,
> {
  /** Kebab-case, such as `iot-car`. */
  readonly name: string
  /** Semantic version. */
  readonly version: string
  readonly doc?: string
  readonly params: Params
  readonly device: (keyof Params & string) | DeviceOptions<keyof Params & string>
  readonly channels: Channels
  readonly roles: Readonly<Record<string, RoleOptions<keyof Channels & string, keyof Params & string>>>
}

const CONTRACT: unique symbol = Symbol.for("fleetwire.contract") as never

/** A contract as written: its definition, and where. Compile it with `lowerContract`. */
export interface Contract<
  Params extends Record<string, Param> = Record<string, Param>,
  Channels extends Record<string, Channel> = Record<string, Channel>,
> extends ContractDefinition<Params, Channels> {
  readonly [CONTRACT]: Origin
}

/** Declares a contract. Nothing is checked here but types; every mistake is a diagnostic of `lowerContract`. */
export function defineContract<
  const Params extends Record<string, Param>,
  const Channels extends Record<string, Channel>,
>(definition: ContractDefinition<Params, Channels>): Contract<Params, Channels> {
  return { ...definition, [CONTRACT]: captureOrigin(defineContract as (...args: never[]) => unknown) }
}

/** Whether a value was made by `defineContract`, of this or another copy of the package. */
export function isContract(value: unknown): value is Contract {
  return typeof value === "object" && value !== null && CONTRACT in value
}

/** Where the contract was declared. */
export function contractOrigin(contract: Contract): Origin {
  return contract[CONTRACT]
}

type AnyContract = { readonly channels: Record<string, Channel> }

/** Type of the message of a channel: what is streamed, asked or desired. */
export type MessageOf<C extends AnyContract, Name extends keyof C["channels"]> = C["channels"][Name] extends {
  readonly message: infer M extends TSchema
}
  ? Static<M>
  : never

/** Type of the response of a command. */
export type ResponseOf<C extends AnyContract, Name extends keyof C["channels"]> = C["channels"][Name] extends {
  readonly response: infer M extends TSchema
}
  ? Static<M>
  : never

/** Params of a channel's topic. */
export type ParamsOf<C extends AnyContract, Name extends keyof C["channels"]> = C["channels"][Name] extends {
  readonly topic: infer T extends string
}
  ? TopicParams<T>
  : never
