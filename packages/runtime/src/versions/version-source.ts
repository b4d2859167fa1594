import type { HandleOptions, MessageMeta, Stream, Subscription } from "../surface.js"

/** A message that a device said, whatever version it speaks. */
export interface Said<T> {
  readonly device: string
  readonly message: T
  readonly meta: MessageMeta
}

/**
 * One version's message in the words of another. `undefined`: it cannot be said there, and is left out. A generated
 * caster is one; where a change leaves something open, the application writes it.
 */
export type Caster<From, To> = (
  message: From,
  from: { readonly device: string; readonly meta: MessageMeta },
) => To | undefined

/** What the devices of one version say on a channel, in the words that the reader wants. */
export interface VersionSource<T> {
  handle(handler: (said: Said<T>) => void | Promise<void>, options?: HandleOptions): Subscription
}

type Streamed<M> = { readonly message: M; readonly meta: MessageMeta }

/** A stream as it is, for the version whose words the reader wants. `device` names the param that identifies a device. */
export function versionSource<M, D extends Streamed<M>, F>(
  stream: Stream<D & Streamed<M>, F>,
  device: keyof D & string,
): VersionSource<D["message"]>
/** A stream in the words of another version. */
export function versionSource<M, D extends Streamed<M>, F, T>(
  stream: Stream<D & Streamed<M>, F>,
  device: keyof D & string,
  cast: Caster<D["message"], T>,
): VersionSource<T>
export function versionSource(
  stream: Stream<Streamed<unknown>, unknown>,
  param: string,
  cast?: Caster<unknown, unknown>,
): VersionSource<unknown> {
  return {
    handle: (handler, options) =>
      stream.handle((delivery) => {
        const device = String((delivery as unknown as Readonly<Record<string, unknown>>)[param])
        const { meta } = delivery
        const message = cast === undefined ? delivery.message : cast(delivery.message, { device, meta })
        return message === undefined ? undefined : handler({ device, message, meta })
      }, options),
  }
}
