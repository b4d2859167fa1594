import { Literal, String as StringType, type TUnsafe, Union } from "@sinclair/typebox"
import type { Noted, Only } from "./inference.js"
import { type FieldAnnotations, type NotedEnumValue, withNote } from "./note.js"
import { captureOrigin } from "./origin.js"

export interface EnumOptions<V extends string = string> extends FieldAnnotations<V> {
  /** Name of the type in generated code; default: derived from where the enum stands. */
  readonly name?: string
  /** Values outside the list are delivered as they are, not refused. */
  readonly open?: boolean
  /** Compact JSON carries the number from the lock. */
  readonly compactAs?: "number"
}

export interface EnumValueOptions {
  readonly doc?: string
  readonly deprecated?: string
  /** Earlier wire spellings, newest first. */
  readonly was?: string | readonly string[]
}

type EnumStatic<V extends string, O> = O extends { readonly open: true } ? V | (string & {}) : V

/**
 * One of a few words. Their protobuf numbers come from the lock.
 *
 * @example t.enum(["forward", "stop"])
 * @example t.enum({ forward: "Drive on.", stop: { doc: "Stand still.", was: "halt" } }, { open: true })
 */
export function enumeration<const V extends string, const O extends EnumOptions<V> = Record<never, never>>(
  values: readonly V[] | { readonly [K in V]: string | EnumValueOptions },
  options?: Only<O, EnumOptions>,
): Noted<TUnsafe<EnumStatic<V, O>>, O> {
  const listed: NotedEnumValue[] = Array.isArray(values)
    ? (values as readonly string[]).map((name) => ({ name }))
    : Object.entries(values as Record<string, string | EnumValueOptions>).map(([name, value]) => ({
        name,
        ...(typeof value === "string" ? { doc: value } : value),
      }))
  const schema = options?.open === true ? StringType() : Union(listed.map(({ name }) => Literal(name)))
  return withNote(schema, {
    type: { kind: "enum", values: listed },
    options: { ...options },
    at: captureOrigin(enumeration),
  }) as unknown as Noted<TUnsafe<EnumStatic<V, O>>, O>
}
