import type { Static, TObject, TOptional, TProperties, TSchema } from "@sinclair/typebox"

declare const filled: unique symbol

/** Marks, in types only, a field that the SDK or the decoder fills in: it may be left out of what is sent. */
export interface Filled {
  readonly [filled]?: true
}

/** The mark itself. It has a name so that declarations of a contract can be written down. */
export interface MarkedFilled {
  readonly [filled]: true
}

/** The schema `T` with the options `O`: marked when they hold `auto` or `default`. */
export type Noted<T extends TSchema, O> = O extends { readonly auto: string } | { readonly default: unknown }
  ? T & MarkedFilled
  : T

/** Refuses option names that `Allowed` does not have; a generic parameter alone would let them pass. */
export type Only<O, Allowed> = O & { readonly [K in Exclude<keyof O, keyof Allowed>]: never }

type Omissible<P extends TProperties> = {
  [K in keyof P]: P[K] extends TOptional<TSchema> | MarkedFilled ? K : never
}[keyof P]

type Flat<T> = { [K in keyof T]: T[K] }

/**
 * What a sender writes: like `Static`, but fields with `auto` or `default` may be left out.
 *
 * @example type Sent = Input<typeof Telemetry>
 */
export type Input<T extends TSchema> =
  T extends TObject<infer P>
    ? Flat<{ [K in Exclude<keyof P, Omissible<P>>]: Input<P[K]> } & { [K in Omissible<P>]?: Input<P[K]> }>
    : Static<T>

/** Names of the params of a template: `"carId"` for `iot-car/{carId}/status`. */
export type ParamNames<Topic extends string> = Topic extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** Params of a template by name. */
export type TopicParams<Topic extends string> = { readonly [K in ParamNames<Topic>]: string }
