import type { ClientCore } from "../client/client-core.js"
import { createDeferred } from "../client/deferred.js"
import { timeLimit } from "../client/time-limit.js"
import { TopicPort } from "../client/topic-port.js"
import type { CommandDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { SdkError } from "../sdk-error.js"
import type { CallOptions, ProgressCommand, RemoteCommand } from "../surface.js"
import type { OutboundMessage } from "../transport.js"
import type { CallSpec } from "./call.js"
import type { CallCenter } from "./call-center.js"
import { ProgressQueue } from "./progress-queue.js"
import { createRequestId, encodeId } from "./request-id.js"
import { CANCEL_PROPERTY } from "./request-reader.js"
import type { SentRequests } from "./sent-requests.js"

// biome-ignore lint/suspicious/noExplicitAny: a command of any shape.
type AnyCommand = CommandDescriptor<any, any>

export interface CallerContext {
  /** The connection and the calls on it, chosen anew for each call (M-5). */
  readonly lane: () => { readonly core: ClientCore; readonly calls: CallCenter }
  readonly core: ClientCore
  readonly identity: string | undefined
  /** The device is known to be offline (C-11). */
  readonly isOffline: () => boolean
  /** What went out under callers' own keys, shared by all callers of a client: a handle may be made anew for each call. */
  readonly sent: SentRequests
}

/** Calls a command of one device. Every mistake is a rejection, a bad param too. */
export function createCaller<In, Response>(
  context: CallerContext,
  channel: AnyCommand,
  bound: Params,
): RemoteCommand<In, Response> {
  const ask = createAsk(context, channel, bound)
  return (request, options) => ask(request, options, undefined) as Promise<Response>
}

/** Calls a command of one device that tells how far it is (C-12). */
export function createProgressCaller<In, Response, Progress>(
  context: CallerContext,
  channel: AnyCommand,
  bound: Params,
): ProgressCommand<In, Response, Progress> {
  const ask = createAsk(context, channel, bound)
  const { bound: room = 1, drop = "oldest" } = channel.progress?.queue ?? {}
  return (request, options) => {
    const queue = new ProgressQueue(room, drop, (count) => {
      context.core.reporter.dropped(channel.progress?.id ?? channel.name, "bound", count)
    })
    // A promise of its own, for callers of one id share theirs; one who looks at the progress only need not catch it.
    const outcome = ask(request, options, queue).then((reply) => reply as Response)
    const over = (): void => queue.end()
    outcome.then(over, over)
    return Object.assign(outcome, { progress: queue as AsyncIterable<unknown> as AsyncIterable<Progress> })
  }
}

type Ask = (request: unknown, options: CallOptions | undefined, progress: ProgressQueue | undefined) => Promise<unknown>

function createAsk(context: CallerContext, channel: AnyCommand, bound: Params): Ask {
  const port = new OutgoingLeg(context.core, channel.request, context.identity)
  const replies = new TopicPort(channel.reply, context.core.prefix)
  const onTheWay = channel.progress && new TopicPort(channel.progress, context.core.prefix)
  let topic: string | undefined
  return (request, options = {}, progress) => {
    try {
      topic ??= port.topic(bound)
      const spec = specOf(context, channel, { port, replies, onTheWay, topic, params: bound }, request, options)
      return context.lane().calls.call(spec, progress)
    } catch (error) {
      const refused = createDeferred<unknown>()
      refused.reject(error)
      return refused.promise
    }
  }
}

/** Where a command's packets go. */
interface Ports {
  readonly port: OutgoingLeg
  readonly replies: TopicPort
  readonly onTheWay: TopicPort | undefined
  readonly topic: string
  readonly params: Params
}

function specOf(
  context: CallerContext,
  channel: AnyCommand,
  { port, replies, onTheWay, topic, params }: Ports,
  request: unknown,
  options: CallOptions,
): CallSpec {
  const { core } = context
  const { command } = channel
  const field = command.correlate.request
  const given = (request as Readonly<Record<string, unknown>> | null)?.[field]
  const key = options.idempotencyKey ?? (given === undefined ? undefined : String(given))
  const id = key ?? createRequestId(core.random)
  const encode = (): Uint8Array => port.encode({ ...(request as object), [field]: given ?? id }, options.format, { id })
  const payload = key === undefined ? encode() : context.sent.payload(topic, key, request, encode)
  const bound = "param" in command.correlate.reply ? { ...params, [command.correlate.reply.param]: id } : params
  const replyTopic = replies.topic(bound)
  const correlationData = encodeId(id)
  const timeoutMs = timeLimit("timeoutMs", options.timeoutMs, command.timeoutMs)
  const expiryMs = channel.request.expiryMs ?? timeoutMs
  const packet = (ageMs: number): OutboundMessage =>
    port.packet(topic, payload, options.format, {
      expiryMs: Math.max(0, expiryMs - ageMs),
      traceparent: options.traceparent,
      responseTopic: replyTopic,
      correlationData,
    })
  const withdraws = command.cancel === true && core.protocol === "5"
  return {
    id,
    topic,
    replyTopic,
    progressTopic: onTheWay?.topic(bound),
    params,
    timeoutMs: options.queueOffline === true ? Math.max(timeoutMs, expiryMs) : timeoutMs,
    retryBusy: options.retryBusy ?? true,
    signal: options.signal,
    packet,
    obstacle: () =>
      options.queueOffline !== true && context.isOffline()
        ? new SdkError("unavailable", "the device is offline", { details: { channel: channel.name } })
        : undefined,
    withdraw: withdraws
      ? () => ({
          topic,
          payload: new Uint8Array(0),
          qos: channel.request.qos,
          retain: false,
          properties: { userProperties: [[CANCEL_PROPERTY, id]] },
        })
      : undefined,
  }
}
