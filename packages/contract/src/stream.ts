import type { TSchema } from "@sinclair/typebox"
import type { Channel, ChannelOptions } from "./channel.js"
import type { Duration } from "./duration.js"
import { captureOrigin } from "./origin.js"

export interface StreamOptions extends ChannelOptions {
  /** Time between messages in normal operation. */
  readonly every?: Duration
  /**
   * The channel to which a controller publishes what its handler could not handle (M-3): an event from the controller whose
   * message is `DeadLetter`.
   */
  readonly deadLetter?: string
}

export interface StreamChannel<K extends "telemetry" | "event" | "state", Topic extends string, M extends TSchema>
  extends Channel<K, Topic> {
  readonly message: M
  readonly options: StreamOptions
}

/** Measurements that follow each other: QoS 0, not retained; a lost one is replaced by the next. */
export function telemetry<const Topic extends string, M extends TSchema>(
  topic: Topic,
  message: M,
  options: StreamOptions = {},
): StreamChannel<"telemetry", Topic, M> {
  return { kind: "telemetry", topic, message, options, at: captureOrigin(telemetry) }
}

/** Something that happened and must arrive: QoS 1, acknowledged once handled. */
export function event<const Topic extends string, M extends TSchema>(
  topic: Topic,
  message: M,
  options: StreamOptions = {},
): StreamChannel<"event", Topic, M> {
  return { kind: "event", topic, message, options, at: captureOrigin(event) }
}

/** What is so until it changes: retained, so that a late reader has it at once. */
export function state<const Topic extends string, M extends TSchema>(
  topic: Topic,
  message: M,
  options: StreamOptions = {},
): StreamChannel<"state", Topic, M> {
  return { kind: "state", topic, message, options, at: captureOrigin(state) }
}
