import type { ClientCore } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { SdkError } from "../sdk-error.js"
import type { HandleOptions, Stream, Subscription } from "../surface.js"
import type { InboundMessage } from "../transport.js"
import type { LegDeadLetters } from "./dead-letters.js"
import { StreamDelivery } from "./delivery.js"
import type { AnyFilter } from "./param-filter.js"
import { PullQueue } from "./pull-queue.js"
import { LegSubscriber } from "./subscriber.js"
import { StreamWorker } from "./worker.js"

// biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
type AnyLeg = LegDescriptor<any>

export interface StreamSpec {
  readonly core: ClientCore
  readonly leg: AnyLeg
  /** Params that are bound whatever the filter says. */
  readonly bound: Params
  /** Its messages stay in order for each of its values (M-8). */
  readonly deviceParam: string
  /** Where this leg's messages go that handlers could not handle. */
  readonly deadLetters: LegDeadLetters
  /** Makes the consumer of packets; default: decode, and hand deliveries to the worker. */
  readonly intake?: Intake
}

/** Turns packets into deliveries for a worker. `stop` ends what it keeps besides. */
export type Intake = (
  core: ClientCore,
  worker: StreamWorker<unknown>,
  keyOf: (params: Params, topic: string) => string,
) => {
  receive(message: InboundMessage, params: Params, incoming: IncomingLeg): void
  stop(): void
}

/** The typed messages of one leg, to iterate or to handle. */
export function createStream<D, F>(spec: StreamSpec): Stream<D, F> {
  const iterate = (filter?: F, options: { readonly signal?: AbortSignal } = {}): AsyncIterable<D> & Subscription => {
    const pull = new PullQueue<D>()
    const subscription = attach<D>(
      spec,
      (delivery) => pull.offer(delivery),
      { ...options, ...(spec.leg.acknowledge === "on-handled" ? {} : { deadlineMs: Number.POSITIVE_INFINITY }) },
      filter as AnyFilter | undefined,
      (error) => pull.end(error),
    )
    return {
      ...subscription,
      [Symbol.asyncIterator]: () => ({
        next: () => pull.next(),
        async return() {
          await subscription.close()
          return { value: undefined, done: true as const }
        },
      }),
    }
  }
  return Object.assign(iterate, {
    handle(
      handler: (delivery: D) => void | Promise<void>,
      options: HandleOptions & { readonly filter?: F } = {},
    ): Subscription {
      return attach<D>(spec, handler, options, options.filter as AnyFilter | undefined, () => {})
    },
  }) as Stream<D, F>
}

function attach<D>(
  spec: StreamSpec,
  handler: (delivery: D) => unknown,
  options: HandleOptions,
  filter: AnyFilter | undefined,
  ended: (error: SdkError | undefined) => void,
): Subscription {
  const { core, leg } = spec
  const worker = new StreamWorker<unknown>(
    core,
    StreamWorker.options<unknown>(
      leg,
      options,
      spec.deadLetters(options.onFailure),
      handler as (delivery: unknown) => unknown,
    ),
  )
  const keyOf = (params: Params, topic: string): string => params[spec.deviceParam] ?? topic
  const intake = (spec.intake ?? messageIntake)(core, worker, keyOf)
  const subscriber = new LegSubscriber(core, leg, { ...filter, ...spec.bound }, intake.receive, (error) => {
    // A client that failed may come back with the handlers it has; one that was closed does not.
    if (error.code === "closed") worker.close()
    ended(error.code === "closed" ? undefined : error)
  })
  const withheld = worker.withholds && leg.qos > 0
  if (withheld) core.withheldStreams++
  let closed = false
  const close = async (): Promise<void> => {
    if (withheld && !closed) core.withheldStreams--
    closed = true
    options.signal?.removeEventListener("abort", stop)
    worker.close()
    intake.stop()
    ended(undefined)
    await subscriber.release()
  }
  const stop = (): void => void close()
  if (options.signal?.aborted === true) stop()
  else options.signal?.addEventListener("abort", stop, { once: true })
  return { ready: subscriber.granted, close, [Symbol.asyncDispose]: close }
}

/** Validated messages; what does not fit is acknowledged, counted and shown (W-6). */
const messageIntake: Intake = (core, worker, keyOf) => ({
  receive(message, params, incoming) {
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      message.acknowledge()
      return
    }
    const delivery = new StreamDelivery(decoded.value, message, incoming.format, core.clock.now(), params)
    worker.push(delivery, keyOf(params, message.topic), message)
  },
  stop() {},
})
