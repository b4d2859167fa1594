import type { EnumIr, FieldIr, ListIr, MapIr, RefIr, StringIr, TypeIr, UnionBranchIr, UnionIr } from "@fleetwire/ir"
import { type Code, code, join, numbered, string } from "../../core/code.js"
import type { TypescriptContext } from "../context.js"
import { worldOf } from "../messages.js"
import { typeExpression } from "../type-expression.js"
import { kernel } from "./kernel.js"
import { patternTest } from "./pattern-test.js"

/** A type that is no reference. */
export type Resolved = Exclude<TypeIr, RefIr>

/** No bound in the contract: what fits a payload fits. */
export const UNBOUNDED = 0x7fffffff

/**
 * A file of generated code in the making: fresh names, and constants (tests of patterns, tables of names) that several
 * places share.
 */
export class Unit {
  readonly constants: Code[] = []
  readonly #context: TypescriptContext
  readonly #known = new Map<string, Code>()
  #count = 0

  constructor(context: TypescriptContext) {
    this.#context = context
  }

  /** Follows references. */
  resolve(type: TypeIr): Resolved {
    let found = type
    while (found.kind === "ref") found = worldOf(this.#context).message(found.message).type
    return found
  }

  /** The TypeScript type of a decoded value. */
  typeOf(type: TypeIr): Code {
    return typeExpression(type, "value", worldOf(this.#context))
  }

  /** The type of a union's branch. */
  branchType(type: UnionIr, branch: UnionBranchIr): Code {
    const tag = code`{ readonly [tag in ${string(type.tag)}]: ${string(branch.value)} }`
    return code`Extract<${this.typeOf(type)}, ${tag}>`
  }

  /** A name that nothing else in the file has. */
  fresh(): Code {
    return numbered("v", this.#count++)
  }

  /** A constant of the file, declared once for each `id`. */
  constant(id: string, value: () => Code): Code {
    let name = this.#known.get(id)
    if (name === undefined) {
      name = numbered("c", this.#known.size)
      this.#known.set(id, name)
      this.constants.push(code`const ${name} = ${value()}`)
    }
    return name
  }

  /** A table of spellings for reading from bytes. */
  spellings(names: readonly string[]): Code {
    return this.constant(`spellings ${JSON.stringify(names)}`, () => {
      const list = join(names.map(string), code`, `)
      return code`/* @__PURE__ */ ${kernel("spellings")}(${list})`
    })
  }

  /** A function from a string to whether the pattern fits all of it. */
  pattern(pattern: string): Code {
    return this.constant(`pattern ${pattern}`, () => patternTest(pattern))
  }

  /** Tests beyond a string's length: expressions that call for a text, with their kind and name. */
  rules(type: StringIr): readonly Rule[] {
    const rules: Rule[] = []
    if (type.pattern !== undefined)
      rules.push({ code: "pattern", name: type.pattern, test: this.pattern(type.pattern) })
    if (type.format !== undefined)
      rules.push({ code: "format", name: type.format, test: code`${kernel(FORMAT_TESTS[type.format])}` })
    return rules
  }
}

export interface Rule {
  readonly code: "pattern" | "format"
  readonly name: string
  readonly test: Code
}

const FORMAT_TESTS = {
  "date-time": "isDateTime",
  date: "isDate",
  time: "isTime",
  uuid: "isUuid",
  ipv4: "isIpv4",
  hostname: "isHostname",
  uri: "isUri",
} as const satisfies { [format in NonNullable<StringIr["format"]>]: string }

/** Members of Object.prototype: read of an object only where it has them itself. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** True for the name of a member that every object inherits. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name)
}

/** The decimal spelling of a bound of a 64-bit integer, as code. */
export function wideLiteral(value: number | string): Code {
  return code`${BigInt(value)}`
}

/** The most octets that a string may have, where that says more than its length in code points. */
export function octetBound(type: StringIr): number | undefined {
  if (type.maxBytes === undefined) return undefined
  return type.maxLength !== undefined && type.maxBytes >= type.maxLength * 4 ? undefined : type.maxBytes
}

/** Earlier names under which a reader of JSON finds a field, those aside that another field has now (W-3). */
export function earlierKeys(field: FieldIr, keys: readonly string[]): readonly string[] {
  return (field.was ?? []).filter((name) => !keys.includes(name))
}

/** A field's key in the format. */
export function keyOf(field: FieldIr, compact: boolean): string {
  return compact ? (field.short ?? field.name) : field.name
}

/** True where the enum is a number in the format. */
export function isNumbered(type: EnumIr, compact: boolean): boolean {
  return compact && type.compactAs === "number"
}

/** A field must be on the wire. */
export function isNeeded(field: FieldIr): boolean {
  return field.required && field.default === undefined
}

/** Items of a list, at least and at most. */
export function itemBounds(type: ListIr): { readonly min: number; readonly max: number } {
  return { min: type.minItems ?? 0, max: type.maxItems ?? UNBOUNDED }
}

/** Entries of a map and code points of its keys, at most. */
export function entryBounds(type: MapIr): { readonly max: number; readonly keyMax: number } {
  return { max: type.maxProperties ?? UNBOUNDED, keyMax: type.keyMaxLength ?? UNBOUNDED }
}
