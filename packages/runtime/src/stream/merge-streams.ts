import type { HandleOptions, Stream, Subscription } from "../surface.js"
import { PullQueue } from "./pull-queue.js"

// biome-ignore lint/suspicious/noExplicitAny: streams of every delivery and filter.
type AnyStream = Stream<any, any>

type DeliveryOf<S> = S extends Stream<infer D, infer _F> ? D : never
type FilterOf<S> = S extends Stream<infer _D, infer F> ? F : never
type Both<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never

/** What a merged stream delivers: which channel it was, and that channel's own delivery. `channel` tells the type. */
export type MergedDelivery<S extends Readonly<Record<string, AnyStream>>> = {
  readonly [K in keyof S & string]: { readonly channel: K; readonly delivery: DeliveryOf<S[K]> }
}[keyof S & string]

/** Params of any of the channels; one that a topic does not have binds nothing there. */
export type MergedFilter<S extends Readonly<Record<string, AnyStream>>> = Both<FilterOf<S[keyof S & string]>>

/**
 * Several channels as one stream, such as everything that one room says. Each keeps its own order, bounds and
 * acknowledgement; between channels there is no order.
 *
 * @example
 * const all = mergeStreams({ temperature: fleet.temperature, motion: fleet.motion })
 * for await (const { channel, delivery } of all({ room: "room-101" })) …
 */
export function mergeStreams<const S extends Readonly<Record<string, AnyStream>>>(
  streams: S,
): Stream<MergedDelivery<S>, MergedFilter<S>> {
  type D = MergedDelivery<S>
  const named = Object.entries(streams) as [keyof S & string, AnyStream][]
  const iterate = (filter?: MergedFilter<S>, options?: { readonly signal?: AbortSignal }) => {
    const pull = new PullQueue<D>()
    const all = named.map(([channel, stream]) => ({ channel, source: stream(filter, options) }))
    let open = all.length
    const pump = async (channel: keyof S & string, source: AsyncIterable<unknown>): Promise<void> => {
      for await (const delivery of source) await pull.offer({ channel, delivery } as D)
      open -= 1
      if (open === 0) pull.end(undefined)
    }
    for (const { channel, source } of all) pump(channel, source).catch((error) => pull.end(error))
    const whole = together(all.map(({ source }) => source))
    const close = async (): Promise<void> => {
      pull.end(undefined)
      await whole.close()
    }
    return {
      ready: whole.ready,
      close,
      [Symbol.asyncDispose]: close,
      [Symbol.asyncIterator]: () => ({
        next: () => pull.next(),
        async return() {
          await close()
          return { value: undefined, done: true as const }
        },
      }),
    }
  }
  return Object.assign(iterate, {
    handle: (
      handler: (delivery: D) => void | Promise<void>,
      options?: HandleOptions & { readonly filter?: MergedFilter<S> },
    ) =>
      together(
        named.map(([channel, stream]) => stream.handle((delivery) => handler({ channel, delivery } as D), options)),
      ),
  }) as Stream<D, MergedFilter<S>>
}

/** Subscriptions that are ready and closed together. */
export function together(all: readonly Subscription[]): Subscription {
  const ready = Promise.all(all.map((subscription) => subscription.ready)).then(() => {})
  ready.catch(() => {})
  const close = async (): Promise<void> => {
    await Promise.all(all.map((subscription) => subscription.close()))
  }
  return { ready, close, [Symbol.asyncDispose]: close }
}
