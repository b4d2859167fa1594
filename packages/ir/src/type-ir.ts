/**
 * The value types of a contract: a closed profile that every target can carry.
 *
 * Wide integers (`bits: 64`) hold their bounds and defaults as decimal strings, because JSON numbers do not hold them
 * exactly; all other numbers are JSON numbers.
 */
export type TypeIr =
  | BoolIr
  | IntIr
  | FloatIr
  | StringIr
  | BytesIr
  | EnumIr
  | ConstIr
  | ListIr
  | MapIr
  | ObjectIr
  | UnionIr
  | RefIr

export interface BoolIr {
  readonly kind: "bool"
}

/** An integer of exact width. `min` and `max` are inclusive, always present, and never wider than the width. */
export interface IntIr {
  readonly kind: "int"
  readonly bits: 8 | 16 | 32 | 64
  readonly signed: boolean
  /** Decimal string where `bits` is 64, otherwise a number. */
  readonly min: number | string
  readonly max: number | string
  readonly multipleOf?: number
  /** Protobuf: fixed-width wire type instead of varint. */
  readonly fixed?: boolean
  /** What the number counts, where it is an instant. Part of comparison: a change of epoch is silent on the wire. */
  readonly epoch?: "unix-seconds" | "unix-milliseconds" | "boot-milliseconds"
}

/** A finite IEEE 754 number; `bits: 32` is rounded to the nearest float32 when validated. Bounds are inclusive. */
export interface FloatIr {
  readonly kind: "float"
  readonly bits: 32 | 64
  readonly min?: number
  readonly max?: number
  /** Decimal places that carry meaning: a hint for text and for firmware that scales integers. Never validated. */
  readonly decimals?: number
}

export type StringFormat = "date-time" | "date" | "time" | "uuid" | "ipv4" | "hostname" | "uri"

export interface StringIr {
  readonly kind: "string"
  /** Unicode code points. */
  readonly minLength?: number
  /** Unicode code points. Absent: unbounded (a C target reports it). */
  readonly maxLength?: number
  /** UTF-8 bytes. Absent: 4 × `maxLength` where that is there. */
  readonly maxBytes?: number
  /** A regular expression of the closed subset (see `pattern.ts`), implicitly anchored at both ends. */
  readonly pattern?: string
  readonly format?: StringFormat
}

/** Octets. JSON carries them as standard base64 with padding; lengths count octets. */
export interface BytesIr {
  readonly kind: "bytes"
  readonly minLength?: number
  readonly maxLength?: number
}

export interface EnumValueIr {
  /** Wire spelling in JSON and text. */
  readonly name: string
  /** Protobuf number (0..2^31-1), and the number that compact JSON writes where `compactAs` is `number`. */
  readonly number: number
  readonly doc?: string
  readonly deprecated?: string
  readonly was?: readonly string[]
}

export interface EnumIr {
  readonly kind: "enum"
  /** Name of the enum where it was declared with one; otherwise derived from where it stands. */
  readonly name: string
  /** Open: values outside the list are delivered as they are (string in JSON and text, number in protobuf). */
  readonly open: boolean
  /** In declared order. */
  readonly values: readonly EnumValueIr[]
  readonly compactAs?: "number"
  readonly reserved?: ReservedIr
}

export interface ConstIr {
  readonly kind: "const"
  readonly value: string | number | boolean
}

export interface ListIr {
  readonly kind: "list"
  readonly item: TypeIr
  /** Unit symbol of the items. Part of comparison. */
  readonly itemUnit?: string
  readonly itemDoc?: string
  readonly minItems?: number
  readonly maxItems?: number
}

/** A JSON object with free string keys and one value type; keys are at most `keyMaxLength` code points. */
export interface MapIr {
  readonly kind: "map"
  readonly value: TypeIr
  /** Unit symbol of the values. Part of comparison. */
  readonly valueUnit?: string
  readonly valueDoc?: string
  readonly keyMaxLength?: number
  readonly keyPattern?: string
  readonly maxProperties?: number
}

export interface ObjectIr {
  readonly kind: "object"
  /** Name of the nested type in targets that need one, such as `TelemetrySensors`. */
  readonly name: string
  /** In declared order: the order of encoding. */
  readonly fields: readonly FieldIr[]
  readonly reserved?: ReservedIr
}

/** A tagged union: JSON objects told apart by the string property `tag`; protobuf: a `oneof` of the branches. */
export interface UnionIr {
  readonly kind: "union"
  readonly name: string
  readonly tag: string
  readonly branches: readonly UnionBranchIr[]
  readonly reserved?: ReservedIr
}

export interface UnionBranchIr {
  /** Value of the tag property. The branch's object does not contain the tag as a field. */
  readonly value: string
  /** Field number in the oneof. */
  readonly number: number
  readonly type: ObjectIr
  readonly doc?: string
}

/** Another message of the contract by name. References never form a cycle. */
export interface RefIr {
  readonly kind: "ref"
  readonly message: string
}

/** Numbers and names that were used once and may never be used again. */
export interface ReservedIr {
  readonly numbers: readonly number[]
  readonly names: readonly string[]
}

/**
 * What the sender's SDK writes into a field that the caller leaves out.
 * `now` the current instant in the field's epoch · `identity` the device's own id · `id` the request's id ·
 * `elapsed` milliseconds since the request began · `session` a number new for each CONNECT.
 */
export type AutoFill = "now" | "identity" | "id" | "elapsed" | "session"

export interface FieldIr {
  /** Wire spelling, and the spelling in code. */
  readonly name: string
  /** Protobuf field number, from the lock. */
  readonly number: number
  /** Key in compact JSON; absent: `name`. */
  readonly short?: string
  readonly required: boolean
  readonly type: TypeIr
  /** Optional fields only: JSON `null` reads as absent. */
  readonly nullAsAbsent?: boolean
  /** Filled in by the decoder when absent, never written by the encoder. Decimal string for 64-bit integers. */
  readonly default?: JsonValue
  readonly auto?: AutoFill
  /** Unit symbol as printed, for example `%`, `cm`, `°C`, `dBm`. Part of comparison. */
  readonly unit?: string
  readonly doc?: string
  readonly examples?: readonly JsonValue[]
  readonly deprecated?: string
  readonly since?: string
  /** Earlier wire names, newest first. */
  readonly was?: readonly string[]
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }
