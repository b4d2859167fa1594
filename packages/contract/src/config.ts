import type { Static, TSchema } from "@sinclair/typebox"
import type { Channel, ChannelOptions, LegOptions } from "./channel.js"
import { captureOrigin } from "./origin.js"

export interface ConfigOptions<M extends TSchema> extends ChannelOptions {
  /** Topic of the config for all devices, which each device's own overlays. */
  readonly fleet?: string
  /** Topic where a device says what became of it. Default: the desired topic + `/reported`. */
  readonly reported?: string | (LegOptions & { readonly topic?: string })
  /** Integer field that only rises. Default `version`. */
  readonly versionField?: keyof Static<M> & string
}

export interface ConfigChannel<Topic extends string, M extends TSchema> extends Channel<"config", Topic> {
  readonly message: M
  readonly options: ConfigOptions<M>
}

/** Desired settings, retained, and the device's report of what it applied. */
export function config<const Topic extends string, M extends TSchema>(
  topic: Topic,
  message: M,
  options: ConfigOptions<M> = {},
): ConfigChannel<Topic, M> {
  return { kind: "config", topic, message, options, at: captureOrigin(config as (...args: never[]) => unknown) }
}
