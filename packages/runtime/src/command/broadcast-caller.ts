import type { ClientCore } from "../client/client-core.js"
import { createDeferred } from "../client/deferred.js"
import { asSdkError } from "../client/reporter.js"
import { timeLimit } from "../client/time-limit.js"
import type { BroadcastDescriptor } from "../descriptor.js"
import type { Outbox } from "../publish/outbox.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import { PullQueue } from "../stream/pull-queue.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { Broadcast, BroadcastCall, BroadcastOutcome, CallOptions } from "../surface.js"
import { errorOfReply } from "./reply-outcome.js"
import { createRequestId, encodeId } from "./request-id.js"

// biome-ignore lint/suspicious/noExplicitAny: a broadcast of any shape.
type AnyBroadcast = BroadcastDescriptor<any, any>

export interface BroadcastContext {
  readonly core: ClientCore
  readonly outbox: Outbox
  readonly identity: string | undefined
  readonly deviceParam: string
  /** Devices known to be online now. */
  readonly online: () => readonly string[]
}

/** Sends to every device and waits for the broker only (B-1, B-3). */
export function createBroadcast<In>(context: BroadcastContext, channel: AnyBroadcast): Broadcast<In> {
  const send = sender(context, channel)
  return (request, options = {}) => {
    try {
      const { id, message } = identified(context, channel, request, undefined)
      return send(message, id, options)
    } catch (error) {
      const refused = createDeferred<void>()
      refused.reject(error)
      return refused.promise
    }
  }
}

/** Sends to every device and iterates their answers until the deadline, then who was silent (B-2). */
export function createBroadcastCall<In, Response>(
  context: BroadcastContext,
  channel: AnyBroadcast,
): BroadcastCall<In, Response> {
  const send = sender(context, channel)
  const { reply } = channel
  if (reply === undefined) throw new SdkError("unsupported", `${channel.name}: devices do not answer this broadcast`)
  return (request, options = {}) => {
    const { core } = context
    const timeoutMs = timeLimit("timeoutMs", options.timeoutMs, channel.command.timeoutMs)
    const { id, message } = identified(context, channel, request, options.idempotencyKey)
    const answered = new Set<string>()
    const pull = new PullQueue<BroadcastOutcome<Response>>()
    const subscriber = new LegSubscriber(
      core,
      reply,
      {},
      (packet, params, incoming) => {
        packet.acknowledge()
        const device = params[context.deviceParam]
        if (device === undefined || answered.has(device)) return
        const decoded = incoming.decode(packet)
        if (!decoded.ok) {
          incoming.refuse(packet, decoded.issues)
          return
        }
        const how = channel.command.correlate.reply
        const echoed = "param" in how ? params[how.param] : (decoded.value as Record<string, unknown>)[how.field]
        if (String(echoed) !== id) return
        answered.add(device)
        const error = errorOfReply(channel.command.outcome, decoded.value)
        pull.offer(
          error === undefined
            ? { kind: "reply", device, message: decoded.value as Response }
            : { kind: "failure", device, error },
        )
      },
      (error) => finish(error),
    )
    const stop = (): void => {
      cancelTimer()
      options.signal?.removeEventListener("abort", abort)
      subscriber.release().catch(() => {})
    }
    const finish = (error?: SdkError): void => {
      stop()
      pull.end(error)
    }
    const abort = (): void => finish(new SdkError("canceled", "canceled by the caller", { sent: true }))
    const cancelTimer = core.clock.after(timeoutMs, () => {
      for (const device of context.online()) if (!answered.has(device)) pull.offer({ kind: "silent", device })
      stop()
      pull.finish()
    })
    options.signal?.addEventListener("abort", abort, { once: true })
    // C-1 holds here too: listening before asking.
    subscriber.granted
      .then(() => send(message, id, sendOptions(options)))
      .catch((error: unknown) => finish(isSdkError(error) ? error : asSdkError(error, "unavailable", "not sent")))
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => pull.next(),
        async return() {
          finish()
          return { value: undefined, done: true as const }
        },
      }),
    }
  }
}

function sender(context: BroadcastContext, channel: AnyBroadcast) {
  const port = new OutgoingLeg(context.core, channel.request, context.identity)
  const topic = port.topic({})
  return (
    message: object,
    id: string,
    options: Pick<CallOptions, "format" | "signal" | "traceparent"> & { readonly expiryMs?: number },
  ): Promise<void> => {
    const expiryMs = options.expiryMs ?? channel.request.expiryMs
    const payload = port.encode(message, options.format, { id })
    const packet = port.packet(topic, payload, options.format, {
      expiryMs,
      traceparent: options.traceparent,
      correlationData: encodeId(id),
    })
    return context.outbox.publish(port.leg, packet, { expiryMs, signal: options.signal })
  }
}

function identified(
  context: BroadcastContext,
  channel: AnyBroadcast,
  request: unknown,
  key: string | undefined,
): { readonly id: string; readonly message: object } {
  const field = channel.command.correlate.request
  const given = (request as Readonly<Record<string, unknown>> | null)?.[field]
  const id = key ?? (given === undefined ? createRequestId(context.core.random) : String(given))
  return { id, message: { ...(request as object), [field]: given ?? id } }
}

function sendOptions(options: CallOptions): Pick<CallOptions, "format" | "signal" | "traceparent"> {
  const { format, signal, traceparent } = options
  return {
    ...(format === undefined ? {} : { format }),
    ...(signal === undefined ? {} : { signal }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}
