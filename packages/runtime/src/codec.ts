/** A fact about data that does not fit its contract. Never carries the whole payload. */
export interface Issue {
  /** JSON Pointer (RFC 6901) into the value; empty for the whole. */
  readonly path: string
  readonly code: IssueCode
  /** For humans, in English, without a trailing full stop. */
  readonly message: string
  /** What the contract allows there, in short. */
  readonly expected?: string
  /** What was found, in at most 64 characters. */
  readonly received?: string
}

/** Closed list: a new kind of mistake is a new code here. */
export type IssueCode =
  | "syntax"
  | "encoding"
  | "truncated"
  | "too_large"
  | "too_deep"
  | "type"
  | "required"
  | "null"
  | "duplicate"
  | "minimum"
  | "maximum"
  | "multiple_of"
  | "not_integer"
  | "not_finite"
  | "min_length"
  | "max_length"
  | "max_bytes"
  | "pattern"
  | "format"
  | "enum"
  | "const"
  | "min_items"
  | "max_items"
  | "max_properties"
  | "union_tag"
  | "wire_type"
  | "identity"
  /** Content Type names a format that the channel does not accept. */
  | "content_type"
  /** Content Type names another major version of the contract (W-7). */
  | "version"
  /** Response Topic is not the contract's reply topic (C-2). */
  | "response_topic"
  /** A request that was stored by the broker, and may be as old as the hills (C-14). */
  | "retained"

export type Result<T> = Ok<T> | Invalid
export interface Ok<T> {
  readonly ok: true
  readonly value: T
}
export interface Invalid {
  readonly ok: false
  readonly issues: readonly Issue[]
}

export type Format = "json" | "compact" | "protobuf" | "text" | "bytes"

/** One message in one format. Both directions accept exactly the same set of values. */
export interface Codec<T> {
  /** Reads and validates at once. Never throws; the value owns its strings. */
  readonly decode: (bytes: Uint8Array) => Result<T>
  /** Validates, then writes. The bytes belong to the caller for ever. */
  readonly encode: (value: T) => Result<Uint8Array>
}

/** What generated code hands over for a message on a leg: the formats it was generated with. */
export interface PayloadCodecs<T> {
  readonly json?: Codec<T>
  readonly compact?: Codec<T>
  readonly protobuf?: Codec<T>
  readonly text?: Codec<T>
  readonly bytes?: Codec<T>
}
