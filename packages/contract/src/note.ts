import type { AutoFill, StringFormat } from "@fleetwire/ir"
import type { TSchema } from "@sinclair/typebox"
import type { Origin } from "./origin.js"

/*
 * What a builder of `t` writes beside the TypeBox keywords. It is found by a registered symbol, never by identity, so
 * that two copies of this package in one program understand each other.
 */
const NOTE: unique symbol = Symbol.for("fleetwire.note") as never

/** The value type that a builder meant. Nested types stay TypeBox schemas, with notes or without. */
export type NotedType =
  | { readonly kind: "bool" }
  | { readonly kind: "int"; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean; readonly epoch?: Epoch }
  | { readonly kind: "float"; readonly bits: 32 | 64 }
  | { readonly kind: "string"; readonly format?: StringFormat }
  | { readonly kind: "bytes" }
  | { readonly kind: "enum"; readonly values: readonly NotedEnumValue[] }
  | { readonly kind: "const"; readonly value: string | number | boolean }
  | { readonly kind: "list"; readonly item: TSchema }
  | { readonly kind: "map"; readonly value: TSchema }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, TSchema>> }
  | { readonly kind: "union"; readonly tag: string; readonly branches: Readonly<Record<string, TSchema>> }

export type Epoch = "unix-seconds" | "unix-milliseconds" | "boot-milliseconds"

export interface NotedEnumValue {
  readonly name: string
  readonly doc?: string
  readonly deprecated?: string
  readonly was?: string | readonly string[]
}

export interface Note {
  readonly type: NotedType
  /** Options as the author wrote them; lowering checks every one. */
  readonly options: Readonly<Record<string, unknown>>
  readonly at: Origin
}

/** What a builder left on a schema; undefined for a plain TypeBox schema. */
export function readNote(schema: object): Note | undefined {
  return (schema as { readonly [NOTE]?: Note })[NOTE]
}

/** The schema with a note; symbol keys are kept by TypeBox when it copies a schema. */
export function withNote<T extends object>(schema: T, note: Note): T {
  return Object.assign(schema, { [NOTE]: note })
}

const FIELD: unique symbol = Symbol.for("fleetwire.field") as never

/** What `t.field` put on top of a shared schema; it wins over the schema's own options. */
export interface FieldNote {
  readonly annotations: Readonly<Record<string, unknown>>
  readonly at: Origin
}

/** What `t.field` left on a schema. */
export function readFieldNote(schema: object): FieldNote | undefined {
  return (schema as { readonly [FIELD]?: FieldNote })[FIELD]
}

/** A copy of the schema with annotations on top of those it has. */
export function withFieldNote<T extends object>(schema: T, note: FieldNote): T {
  const annotations = { ...readFieldNote(schema)?.annotations, ...note.annotations }
  return { ...schema, [FIELD]: { annotations, at: note.at } }
}

/** The schema without what `t.field` put on top: a message is the same wherever a field refers to it. */
export function withoutFieldNote<T extends object>(schema: T): T {
  if (readFieldNote(schema) === undefined) return schema
  const { [FIELD]: _note, ...rest } = schema as T & { readonly [FIELD]?: FieldNote }
  return rest as T
}

/** Annotations of the field that a schema stands for. */
export interface FieldAnnotations<V = unknown> {
  /** Unit symbol as printed, such as `%`, `cm`, `°C`. */
  readonly unit?: string
  readonly doc?: string
  readonly examples?: readonly V[]
  /** Why, and what to use instead. */
  readonly deprecated?: string
  /** Version of the contract that added it. */
  readonly since?: string
  /** Key in compact JSON. */
  readonly short?: string
  /** Earlier wire names, newest first. */
  readonly was?: string | readonly string[]
  /** Optional fields only: JSON `null` reads as absent. */
  readonly nullAsAbsent?: boolean
  /** What the sender's SDK writes when the caller leaves the field out; top-level fields only. */
  readonly auto?: AutoFill
  /** What the decoder fills in when the field is absent. Makes the field optional on the wire. */
  readonly default?: V
}
