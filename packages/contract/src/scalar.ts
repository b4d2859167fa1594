import type { StringFormat } from "@fleetwire/ir"
import {
  Boolean as BooleanType,
  Integer,
  Literal,
  Number as NumberType,
  String as StringType,
  type TBoolean,
  type TInteger,
  type TLiteral,
  type TNumber,
  type TString,
  type TUint8Array,
  type TUnsafe,
  Uint8Array as Uint8ArrayType,
  Unsafe,
} from "@sinclair/typebox"
import type { Noted, Only } from "./inference.js"
import { type Epoch, type FieldAnnotations, withNote } from "./note.js"
import { captureOrigin } from "./origin.js"

type Builder = (...args: never[]) => unknown

/** Bounds are inclusive and never wider than the width. */
export interface IntegerOptions<N extends number | bigint = number> extends FieldAnnotations<N> {
  readonly min?: N
  readonly max?: N
  readonly multipleOf?: number
  /** Protobuf: fixed-width wire type instead of varint. */
  readonly fixed?: boolean
}

export interface FloatOptions extends FieldAnnotations<number> {
  readonly min?: number
  readonly max?: number
  /** Decimal places that carry meaning: a hint for text and firmware, never validated. */
  readonly decimals?: number
}

export interface StringOptions extends FieldAnnotations<string> {
  /** Unicode code points. */
  readonly minLength?: number
  /** Unicode code points. A C target needs it. */
  readonly maxLength?: number
  /** UTF-8 octets; default 4 × `maxLength`. */
  readonly maxBytes?: number
  /** Regular expression of the closed subset, anchored at both ends. */
  readonly pattern?: string
}

export interface BytesOptions extends FieldAnnotations<Uint8Array> {
  /** Octets. */
  readonly minLength?: number
  readonly maxLength?: number
}

/** Truth value. */
export function bool<const O extends FieldAnnotations<boolean> = Record<never, never>>(
  options?: Only<O, FieldAnnotations>,
): Noted<TBoolean, O> {
  return withNote(BooleanType(), {
    type: { kind: "bool" },
    options: { ...options },
    at: captureOrigin(bool),
  }) as unknown as Noted<TBoolean, O>
}

type IntegerBuilder = <const O extends IntegerOptions = Record<never, never>>(
  options?: Only<O, IntegerOptions>,
) => Noted<TInteger, O>

type WideIntegerBuilder = <const O extends IntegerOptions<bigint> = Record<never, never>>(
  options?: Only<O, IntegerOptions<bigint>>,
) => Noted<TUnsafe<bigint>, O>

function integer(bits: 8 | 16 | 32, signed: boolean, epoch?: Epoch): IntegerBuilder {
  const build = (options: IntegerOptions = {}) => {
    const low = signed ? -(2 ** (bits - 1)) : 0
    const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1
    const schema = Integer({ minimum: options.min ?? low, maximum: options.max ?? high })
    return withNote(schema, {
      type: { kind: "int", bits, signed, ...(epoch && { epoch }) },
      options: { ...options },
      at: captureOrigin(build as Builder),
    })
  }
  return build as unknown as IntegerBuilder
}

function wideInteger(signed: boolean, epoch?: Epoch): WideIntegerBuilder {
  const build = (options: IntegerOptions<bigint> = {}) => {
    const type = { kind: "int", bits: 64, signed, ...(epoch && { epoch }) } as const
    return withNote(Unsafe<bigint>({ type: "bigint" }), {
      type,
      options: { ...options },
      at: captureOrigin(build as Builder),
    })
  }
  return build as unknown as WideIntegerBuilder
}

/** 0 … 255. */
export const uint8: IntegerBuilder = integer(8, false)
/** 0 … 65 535. */
export const uint16: IntegerBuilder = integer(16, false)
/** 0 … 4 294 967 295. */
export const uint32: IntegerBuilder = integer(32, false)
/** 0 … 2^64 − 1, a bigint in TypeScript. */
export const uint64: WideIntegerBuilder = wideInteger(false)
/** −128 … 127. */
export const int8: IntegerBuilder = integer(8, true)
/** −32 768 … 32 767. */
export const int16: IntegerBuilder = integer(16, true)
/** −2^31 … 2^31 − 1. */
export const int32: IntegerBuilder = integer(32, true)
/** −2^63 … 2^63 − 1, a bigint in TypeScript. */
export const int64: WideIntegerBuilder = wideInteger(true)
/** Seconds since 1970-01-01T00:00:00Z in 32 bits without sign: until the year 2106. */
export const unixSeconds: IntegerBuilder = integer(32, false, "unix-seconds")
/** Milliseconds since 1970-01-01T00:00:00Z in 64 bits. */
export const unixMilliseconds: WideIntegerBuilder = wideInteger(false, "unix-milliseconds")
/** Milliseconds since the device started, in 32 bits without sign: wraps after 49.7 days. */
export const bootMilliseconds: IntegerBuilder = integer(32, false, "boot-milliseconds")

type FloatBuilder = <const O extends FloatOptions = Record<never, never>>(
  options?: Only<O, FloatOptions>,
) => Noted<TNumber, O>

function float(bits: 32 | 64): FloatBuilder {
  const build = (options: FloatOptions = {}) => {
    const schema = NumberType({
      ...(options.min !== undefined && { minimum: options.min }),
      ...(options.max !== undefined && { maximum: options.max }),
    })
    return withNote(schema, {
      type: { kind: "float", bits },
      options: { ...options },
      at: captureOrigin(build as Builder),
    })
  }
  return build as unknown as FloatBuilder
}

/** A finite number, rounded to the nearest IEEE 754 single when validated. */
export const float32: FloatBuilder = float(32)
/** A finite IEEE 754 double. */
export const float64: FloatBuilder = float(64)

type StringBuilder = <const O extends StringOptions = Record<never, never>>(
  options?: Only<O, StringOptions>,
) => Noted<TString, O>

function text(format?: StringFormat): StringBuilder {
  const build = (options: StringOptions = {}) => {
    const schema = StringType({
      ...(options.minLength !== undefined && { minLength: options.minLength }),
      ...(options.maxLength !== undefined && { maxLength: options.maxLength }),
      ...(options.pattern !== undefined && { pattern: `^(?:${options.pattern})$` }),
    })
    return withNote(schema, {
      type: { kind: "string", ...(format && { format }) },
      options: { ...options },
      at: captureOrigin(build as Builder),
    })
  }
  return build as unknown as StringBuilder
}

/** Well-formed Unicode text. */
export const string: StringBuilder = text()
/** An instant such as `2024-01-25T08:00:00Z`. */
export const dateTime: StringBuilder = text("date-time")
/** A day such as `2024-01-25`. */
export const date: StringBuilder = text("date")
/** A time of day such as `08:00:00Z`. */
export const time: StringBuilder = text("time")
/** A UUID of 36 characters. */
export const uuid: StringBuilder = text("uuid")
/** An IPv4 address of four decimal numbers. */
export const ipv4: StringBuilder = text("ipv4")
/** A host name. */
export const hostname: StringBuilder = text("hostname")
/** An absolute URI. */
export const uri: StringBuilder = text("uri")

/** Octets; JSON carries them as base64. */
export function bytes<const O extends BytesOptions = Record<never, never>>(
  options?: Only<O, BytesOptions>,
): Noted<TUint8Array, O> {
  const schema = Uint8ArrayType({
    ...(options?.minLength !== undefined && { minByteLength: options.minLength }),
    ...(options?.maxLength !== undefined && { maxByteLength: options.maxLength }),
  })
  return withNote(schema, {
    type: { kind: "bytes" },
    options: { ...options },
    at: captureOrigin(bytes),
  }) as unknown as Noted<TUint8Array, O>
}

/** Exactly one value. Never a field's whole meaning: a constant that tells versions or kinds apart. */
export function constant<
  const V extends string | number | boolean,
  const O extends FieldAnnotations<V> = Record<never, never>,
>(value: V, options?: Only<O, FieldAnnotations>): Noted<TLiteral<V>, O> {
  return withNote(Literal(value), {
    type: { kind: "const", value },
    options: { ...options },
    at: captureOrigin(constant),
  }) as unknown as Noted<TLiteral<V>, O>
}
