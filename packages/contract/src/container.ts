import {
  Array as ArrayType,
  Literal,
  Object as ObjectType,
  Optional,
  Record as RecordType,
  type Static,
  String as StringType,
  type TArray,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Union,
} from "@sinclair/typebox"
import type { Noted, Only } from "./inference.js"
import { type FieldAnnotations, withFieldNote, withNote } from "./note.js"
import { captureOrigin } from "./origin.js"

export interface ListOptions extends FieldAnnotations<readonly unknown[]> {
  readonly minItems?: number
  /** A C target needs it. */
  readonly maxItems?: number
}

export interface MapOptions extends FieldAnnotations {
  /** Code points of a key. */
  readonly keyMaxLength?: number
  /** Regular expression of the closed subset, anchored. */
  readonly keyPattern?: string
  /** A C target needs it. */
  readonly maxProperties?: number
}

export interface ObjectOptions extends FieldAnnotations {
  /** Name of the type in generated code; default: derived from where the object stands. */
  readonly name?: string
}

/** Items of one type in order. */
export function list<T extends TSchema, const O extends ListOptions = Record<never, never>>(
  item: T,
  options?: Only<O, ListOptions>,
): Noted<TArray<T>, O> {
  const schema = ArrayType(item, {
    ...(options?.minItems !== undefined && { minItems: options.minItems }),
    ...(options?.maxItems !== undefined && { maxItems: options.maxItems }),
  })
  return withNote(schema, {
    type: { kind: "list", item },
    options: { ...options },
    at: captureOrigin(list),
  }) as unknown as Noted<TArray<T>, O>
}

/** A JSON object with free keys and values of one type. */
export function map<T extends TSchema, const O extends MapOptions = Record<never, never>>(
  value: T,
  options?: Only<O, MapOptions>,
): Noted<TUnsafe<{ [key: string]: Static<T> }>, O> {
  const schema = RecordType(StringType(), value, {
    ...(options?.maxProperties !== undefined && { maxProperties: options.maxProperties }),
  })
  return withNote(schema, {
    type: { kind: "map", value },
    options: { ...options },
    at: captureOrigin(map),
  }) as unknown as Noted<TUnsafe<{ [key: string]: Static<T> }>, O>
}

/** Named fields, in the order in which they are encoded. */
export function object<P extends TProperties, const O extends ObjectOptions = Record<never, never>>(
  fields: P,
  options?: Only<O, ObjectOptions>,
): Noted<TObject<P>, O> {
  return withNote(ObjectType(fields), {
    type: { kind: "object", fields },
    options: { ...options },
    at: captureOrigin(object),
  }) as unknown as Noted<TObject<P>, O>
}

type UnionStatic<Tag extends string, B extends Record<string, TSchema>> = {
  [K in keyof B & string]: { [T in Tag]: K } & Static<B[K]>
}[keyof B & string]

/**
 * Objects told apart by a tag property, which the branches do not repeat.
 *
 * @example t.union("type", { circle: t.object({ radius: t.float64() }), point: t.object({}) })
 */
export function union<
  const Tag extends string,
  B extends Record<string, TObject>,
  const O extends ObjectOptions = Record<never, never>,
>(tag: Tag, branches: B, options?: Only<O, ObjectOptions>): Noted<TUnsafe<UnionStatic<Tag, B>>, O> {
  const variants = Object.entries(branches).map(([value, branch]) =>
    ObjectType({ [tag]: Literal(value), ...(branch.properties ?? {}) }),
  )
  return withNote(Union(variants), {
    type: { kind: "union", tag, branches },
    options: { ...options },
    at: captureOrigin(union),
  }) as unknown as Noted<TUnsafe<UnionStatic<Tag, B>>, O>
}

/** The field may be left out. Absent and `null` are two things: `null` is refused unless `nullAsAbsent` says otherwise. */
export function optional<T extends TSchema>(schema: T): TOptional<T> {
  return Optional(schema) as unknown as TOptional<T>
}

/**
 * The same type with a field's own annotations, for types that several fields share.
 *
 * @example battery: t.field(Percent, { short: "bat", doc: "State of charge." })
 */
export function field<T extends TSchema, const O extends FieldAnnotations<Static<T>>>(
  schema: T,
  annotations: Only<O, FieldAnnotations>,
): Noted<T, O> {
  return withFieldNote(schema, { annotations: { ...annotations }, at: captureOrigin(field) }) as unknown as Noted<T, O>
}
