import type { Static, TSchema } from "@sinclair/typebox"
import type { Channel, ChannelOptions } from "./channel.js"
import type { Duration } from "./duration.js"
import { captureOrigin } from "./origin.js"

/** The part of a message that says one thing: some of an object's fields, or a whole scalar. */
export type Constants<M extends TSchema> =
  Static<M> extends string | number | boolean ? Static<M> : { readonly [K in keyof Static<M>]?: Static<M>[K] }

export interface PresenceOptions<M extends TSchema> extends ChannelOptions {
  /** What the birth message says. Default `{ status: "online" }`, or `"online"` for a scalar. */
  readonly online?: Constants<M>
  /** What the last will and the goodbye say. */
  readonly offline?: Constants<M>
  /** MQTT 5: how long the broker waits before it publishes the will. Default 0. */
  readonly willDelay?: Duration
}

export interface PresenceChannel<Topic extends string, M extends TSchema> extends Channel<"presence", Topic> {
  readonly message: M
  readonly options: PresenceOptions<M>
}

/** Whether a device is there: retained birth, last will and goodbye. */
export function presence<const Topic extends string, M extends TSchema>(
  topic: Topic,
  message: M,
  options: PresenceOptions<M> = {},
): PresenceChannel<Topic, M> {
  return { kind: "presence", topic, message, options, at: captureOrigin(presence as (...args: never[]) => unknown) }
}
