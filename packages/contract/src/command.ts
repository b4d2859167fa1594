import type { Static, TSchema } from "@sinclair/typebox"
import type { Channel, ChannelOptions, LegOptions, Size } from "./channel.js"
import type { Duration } from "./duration.js"
import type { Input } from "./inference.js"
import { captureOrigin } from "./origin.js"

/** Some fields of a request with fixed values. */
export type RequestFields<Req extends TSchema> = { readonly [K in keyof Input<Req>]?: Input<Req>[K] }

/** How a reply says success or failure. */
export interface OutcomeOptions<Res extends TSchema> {
  readonly field: keyof Static<Res> & string
  /** Values that mean success; the first is written by default. */
  readonly success: string | readonly string[]
  /** Value that is written for a failure. */
  readonly failure: string
  /** Field for the error code; without one `detail` begins with it in brackets. */
  readonly code?: keyof Static<Res> & string
  /** Field for human words. */
  readonly detail?: keyof Static<Res> & string
  readonly retryAfterMs?: keyof Static<Res> & string
}

/** How requests are run: shared by commands and broadcasts. */
export interface ExecutionOptions<Req extends TSchema, Res extends TSchema> {
  /** Id field of the request, then that of the reply or the reply topic's param. Default: what both spell alike. */
  readonly correlate?: readonly [keyof Static<Req> & string, (keyof Static<Res> & string) | { readonly param: string }]
  readonly outcome?: OutcomeOptions<Res>
  /** How long a caller waits. Default 5 s. */
  readonly timeout?: Duration
  /** How long a handler may run. Default: the timeout. */
  readonly executionTimeout?: Duration
  /** Handlers at once. Default 1. */
  readonly concurrency?: number
  /** Requests that wait beyond that before the answer is `busy`. Default 16. */
  readonly queueBound?: number
  /** A request whose fields equal these starts at once and aborts the others. */
  readonly preempt?: RequestFields<Req>
  /** The safe action, run when a request cannot be read. */
  readonly onInvalid?: RequestFields<Req>
  /** The safe action, run when the connection has been down that long. */
  readonly onLinkLost?: RequestFields<Req> & { readonly after: Duration }
  /** Outcomes kept for duplicates. Default 256 ids, 64 KiB, for expiry + 60 s. */
  readonly remember?: { readonly count?: number; readonly bytes?: Size; readonly for?: Duration }
  /** Running twice does no harm: sent again after a lost session. */
  readonly idempotent?: boolean
  /**
   * Whether a device remembers across a crash what began (C-4). `optional`: wherever it is given a store. `required`: it does
   * not start without one, and callers rely on it. `none`: not even then; a command that a crash interrupts may run twice.
   * Default `optional`.
   */
  readonly journal?: "none" | "optional" | "required"
  /**
   * Field of the request that says when it was sent. It declares that clocks agree: where MQTT carries no expiry (3.1.1),
   * a request expires by this field instead of counting from its first receipt.
   */
  readonly trustClock?: keyof Static<Req> & string
  /** The device is told when a caller gives up. */
  readonly cancel?: boolean
}

/** Where replies go: a topic, or a topic with options of its own. */
export type ReplyTopic = string | (LegOptions & { readonly topic: string })

export interface CommandOptions<
  Req extends TSchema,
  Res extends TSchema,
  Reply extends ReplyTopic,
  Progress extends TSchema = TSchema,
> extends ChannelOptions,
    ExecutionOptions<Req, Res> {
  readonly request: Req
  readonly reply: Reply
  readonly response: Res
  /** What a handler may say while it runs, before its reply. It is correlated as the reply is. */
  readonly progress?: Progress
  /** Where that is said. Default: the reply's topic and `/progress`. */
  readonly progressTopic?: ReplyTopic
}

export interface CommandChannel<
  Topic extends string,
  Req extends TSchema,
  Res extends TSchema,
  Reply extends ReplyTopic = ReplyTopic,
> extends Channel<"command", Topic> {
  readonly message: Req
  readonly response: Res
  readonly options: CommandOptions<Req, Res, Reply>
}

/** A request that is run at most once and answered. */
export function command<
  const Topic extends string,
  Req extends TSchema,
  Res extends TSchema,
  const Reply extends ReplyTopic,
  Progress extends TSchema = TSchema,
>(topic: Topic, options: CommandOptions<Req, Res, Reply, Progress>): CommandChannel<Topic, Req, Res, Reply> {
  const at = captureOrigin(command as (...args: never[]) => unknown)
  return { kind: "command", topic, message: options.request, response: options.response, options, at }
}

export interface ActionOptions extends ChannelOptions {
  /** Running twice does no harm. At QoS 1 it will happen. */
  readonly idempotent?: boolean
}

export interface ActionChannel<Topic extends string, M extends TSchema> extends Channel<"action", Topic> {
  readonly message: M
  readonly options: ActionOptions
}

/** A request without id and without reply: at least once. */
export function action<const Topic extends string, M extends TSchema>(
  topic: Topic,
  message: M,
  options: ActionOptions = {},
): ActionChannel<Topic, M> {
  return { kind: "action", topic, message, options, at: captureOrigin(action) }
}

export interface BroadcastOptions<Req extends TSchema, Res extends TSchema>
  extends ChannelOptions,
    ExecutionOptions<Req, Res> {
  /** A command of the contract with the same request, whose handler, semantics and reply topic serve this too. */
  readonly as?: string
  /** Whether each device answers. Default `none`. */
  readonly replies?: "none" | "each"
  /** With `replies: "each"` and without `as`: where and what. */
  readonly reply?: ReplyTopic
  readonly response?: Res
}

export interface BroadcastChannel<Topic extends string, Req extends TSchema, Res extends TSchema>
  extends Channel<"broadcast", Topic> {
  readonly message: Req
  readonly options: BroadcastOptions<Req, Res>
}

/** A command to every device that listens. */
export function broadcast<const Topic extends string, Req extends TSchema, Res extends TSchema = TSchema>(
  topic: Topic,
  request: Req,
  options: BroadcastOptions<Req, Res> = {},
): BroadcastChannel<Topic, Req, Res> {
  const at = captureOrigin(broadcast as (...args: never[]) => unknown)
  return { kind: "broadcast", topic, message: request, options, at }
}
