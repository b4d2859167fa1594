import { compilePattern, type FieldIr, type JsonValue, type StringIr, shortestMatch, type TypeIr } from "@fleetwire/ir"
import { code } from "../core/code.js"
import type { LiteralValue } from "../core/literal.js"
import { isPresent, isSpared, type TypeWorld } from "./type-expression.js"

/** A small value that a sender may hand over, as documentation shows it: only what must be there, examples first. */
export function sampleOf(type: TypeIr, world: TypeWorld, top = true): LiteralValue {
  switch (type.kind) {
    case "bool":
      return true
    case "int":
      return type.bits === 64 ? BigInt(type.min) : nearZero(Number(type.min), Number(type.max))
    case "float":
      return nearZero(type.min ?? 0, type.max ?? 0)
    case "string":
      return sampleText(type)
    case "bytes":
      return code`new Uint8Array(${type.minLength ?? 0})`
    case "enum":
      return type.values[0]?.name ?? ""
    case "const":
      return type.value
    case "list":
      return Array.from({ length: type.minItems ?? 0 }, () => sampleOf(type.item, world, false))
    case "map":
      return {}
    case "object":
      return sampleFields(type.fields, world, top)
    case "union": {
      const branch = type.branches[0]
      if (branch === undefined) return {}
      const fields = sampleFields(branch.type.fields, world, false)
      return Object.fromEntries([[type.tag, branch.value], ...Object.entries(fields)])
    }
    case "ref":
      return sampleOf(world.message(type.message).type, world, false)
  }
}

function sampleFields(
  fields: readonly FieldIr[],
  world: TypeWorld,
  top: boolean,
): { readonly [key: string]: LiteralValue } {
  return Object.fromEntries(
    fields
      .filter((field) => isPresent(field) && !isSpared(field, top))
      .map((field) => [field.name, sampleField(field, world)]),
  )
}

function sampleField(field: FieldIr, world: TypeWorld): LiteralValue {
  const example = field.examples?.[0]
  const { type } = field
  if (example !== undefined && isPlain(type)) return exampleOf(type, example)
  return sampleOf(type, world, false)
}

/** Types whose JSON value is their value in TypeScript, give or take a width. */
function isPlain(type: TypeIr): boolean {
  return type.kind === "int" || type.kind === "float" || type.kind === "string" || type.kind === "enum"
}

function exampleOf(type: TypeIr, example: JsonValue): LiteralValue {
  return type.kind === "int" && type.bits === 64 ? BigInt(example as number | string) : (example as LiteralValue)
}

function nearZero(min: number, max: number): number {
  return Math.max(min, Math.min(max, 0))
}

const FORMATS = {
  "date-time": "2026-01-01T00:00:00Z",
  date: "2026-01-01",
  time: "00:00:00Z",
  uuid: "00000000-0000-4000-8000-000000000000",
  ipv4: "192.0.2.1",
  hostname: "example.org",
  uri: "https://example.org/",
} as const

function sampleText(type: StringIr): string {
  if (type.format !== undefined) return FORMATS[type.format]
  if (type.pattern !== undefined) {
    const compiled = compilePattern(type.pattern)
    if (compiled.ok) return shortestMatch(compiled.value) ?? ""
  }
  return "…".repeat(Math.min(Math.max(type.minLength ?? 1, 1), type.maxLength ?? 1))
}
