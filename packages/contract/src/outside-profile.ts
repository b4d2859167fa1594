import { Kind, type TSchema } from "@sinclair/typebox"
import type { NotedType } from "./note.js"

/** What to write instead of a TypeBox kind that no target but JavaScript could carry. */
const SUGGESTIONS: Readonly<Record<string, string>> = {
  Any: "say what it is: t.object, t.map, or t.bytes for opaque octets",
  Unknown: "say what it is: t.object, t.map, or t.bytes for opaque octets",
  Unsafe: "say what it is: t.object, t.map, or t.bytes for opaque octets",
  Null: "wrap the type in t.optional; `nullAsAbsent: true` reads null as absent",
  Undefined: "wrap the type in t.optional",
  Void: "wrap the type in t.optional",
  BigInt: "use t.int64 or t.uint64",
  Integer: "say the width: t.uint8 … t.uint64, t.int8 … t.int64",
  Date: "use t.unixSeconds, t.unixMilliseconds or t.dateTime",
  Tuple: "use t.object with a name for each place",
  Intersect: "write one t.object: `{ ...A.properties, ...B.properties }`",
  Union: 'use t.enum for words, t.union("type", { … }) for objects, t.optional for "or nothing"',
  Ref: "use the message itself: it becomes a reference",
  This: "small targets cannot hold a value of unknown depth: send parts as messages of their own",
  TemplateLiteral: "use t.string({ pattern })",
  RegExp: "use t.string({ pattern })",
  Not: "list what is allowed with t.enum, or bound it with a pattern",
  Never: "leave the field out",
  Function: "a message is data",
  Symbol: "use t.enum",
}

/** Why a plain TypeBox schema has no place in a contract. */
export interface Outside {
  readonly outside: string
  readonly suggestion: string
}

/** JSON Schema keywords of a plain TypeBox schema that mean the same as an option of `t`. */
const KEYWORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Boolean: {},
  Number: { minimum: "min", maximum: "max" },
  String: { minLength: "minLength", maxLength: "maxLength" },
  Uint8Array: { minByteLength: "minLength", maxByteLength: "maxLength" },
  Literal: {},
  Array: { minItems: "minItems", maxItems: "maxItems" },
  Record: { maxProperties: "maxProperties" },
  Object: {},
  Union: {},
}

const STRUCTURAL = ["type", "const", "items", "properties", "required", "patternProperties", "anyOf"]
const ANNOTATIONS: Readonly<Record<string, string>> = { description: "doc", examples: "examples", default: "default" }

/** What `readPlain` made of a TypeBox schema that no builder of `t` made. */
export interface Plain {
  readonly type: NotedType
  readonly options: Readonly<Record<string, unknown>>
  /** Keywords that are not in the profile, with what to do instead. */
  readonly keywords: readonly { readonly keyword: string; readonly suggestion: string }[]
}

/** Reads a schema made with TypeBox's own builders; kinds are told by TypeBox's registered symbol, never by identity. */
export function readPlain(schema: TSchema): Plain | Outside {
  const kind = (schema as { readonly [Kind]?: string })[Kind] ?? "?"
  const type = noted(kind, schema)
  if (type === undefined) {
    const outside = kind === "?" ? "a schema without a TypeBox kind" : `Type.${kind}`
    return { outside, suggestion: SUGGESTIONS[kind] ?? "use a builder of `t`" }
  }
  const options: Record<string, unknown> = {}
  const keywords: { keyword: string; suggestion: string }[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    const option = KEYWORDS[kind]?.[keyword] ?? ANNOTATIONS[keyword]
    if (option !== undefined) options[option] = value
    else if (!STRUCTURAL.includes(keyword)) keywords.push({ keyword, suggestion: advise(keyword) })
  }
  return { type, options, keywords }
}

function noted(kind: string, schema: TSchema): NotedType | undefined {
  switch (kind) {
    case "Boolean":
      return { kind: "bool" }
    case "Number":
      return { kind: "float", bits: 64 }
    case "String":
      return { kind: "string" }
    case "Uint8Array":
      return { kind: "bytes" }
    case "Literal":
      return { kind: "const", value: schema.const }
    case "Array":
      return { kind: "list", item: schema.items }
    case "Object":
      return { kind: "object", fields: schema.properties }
    case "Record": {
      const values = Object.values((schema.patternProperties ?? {}) as Record<string, TSchema>)
      return values.length === 1 ? { kind: "map", value: values[0]! } : undefined
    }
    case "Union": {
      const words = (schema.anyOf as TSchema[]).map((member) => (member as { const?: unknown }).const)
      if (!words.every((word): word is string => typeof word === "string")) return undefined
      return { kind: "enum", values: words.map((name) => ({ name })) }
    }
    default:
      return undefined
  }
}

function advise(keyword: string): string {
  if (keyword === "pattern") return "use t.string({ pattern }): patterns of the profile are anchored and regular"
  if (keyword === "format") return "use t.dateTime, t.date, t.time, t.uuid, t.ipv4, t.hostname or t.uri"
  if (keyword.startsWith("exclusive")) return "bounds are inclusive: use `min` and `max`"
  if (keyword === "additionalProperties") return "remove it: unknown fields are always ignored"
  if (keyword === "multipleOf") return "use an integer of `t`"
  if (keyword === "uniqueItems") return "remove it; a map has unique keys"
  return "remove it"
}
