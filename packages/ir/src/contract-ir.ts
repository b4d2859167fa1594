import type { ChannelIr } from "./channel-ir.js"
import type { JsonValue, TypeIr } from "./type-ir.js"

/** Version of the intermediate form itself. A reader refuses a number it does not know. */
export const IR_VERSION = 1

/** A contract, compiled: plain, readonly, canonical. Everything after the compiler reads only this. */
export interface ContractIr {
  readonly ir: typeof IR_VERSION
  /** Kebab-case, such as `iot-car`. */
  readonly name: string
  /** Semantic version. */
  readonly version: string
  readonly doc?: string
  /** Sorted by name. */
  readonly params: readonly ParamIr[]
  /** Who a device is, and how it connects. */
  readonly device: DeviceIr
  /** Sorted by name. */
  readonly messages: readonly MessageIr[]
  /** Sorted by name. */
  readonly channels: readonly ChannelIr[]
  /** Controller roles, sorted by name. The device is not among them. */
  readonly roles: readonly RoleIr[]
}

export interface ParamIr {
  readonly name: string
  readonly doc?: string
  /** Closed regular subset, anchored. */
  readonly pattern?: string
  /** Code points. */
  readonly maxLength: number
  /** Values refused although they fit, because a topic of the contract has them as a literal. Sorted. */
  readonly reserved: readonly string[]
  readonly examples?: readonly string[]
}

export type SessionIr = { readonly kind: "clean" } | { readonly kind: "persistent"; readonly expirySeconds: number }

export interface DeviceIr {
  /** Name of the param that identifies a device. */
  readonly param: string
  readonly session: SessionIr
  /** Seconds over which a fleet's first reconnection attempts are spread (S-2). */
  readonly reconnectSpreadSeconds: number
  readonly keepAliveSeconds: number
}

export interface MessageIr {
  readonly name: string
  readonly doc?: string
  /** Unit symbol of a message that is one value, such as `cm`. Part of comparison. */
  readonly unit?: string
  readonly type: TypeIr
  readonly examples?: readonly JsonValue[]
  readonly deprecated?: string
  readonly since?: string
  readonly was?: readonly string[]
}

/** A right names a leg of a channel: `drive.request`. Sorted. */
export interface RoleIr {
  readonly name: string
  readonly doc?: string
  readonly publish: readonly string[]
  readonly read: readonly string[]
  /** Channel that it publishes and reads itself, to learn that it has seen everything stored (P-5). */
  readonly probe?: string
  /** Params that access rules bind to the identity (an app user's own cars). */
  readonly bind: readonly string[]
  readonly session: SessionIr
  readonly reconnectSpreadSeconds: number
  readonly keepAliveSeconds: number
}
