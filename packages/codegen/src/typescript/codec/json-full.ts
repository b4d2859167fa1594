import type { FieldIr, ObjectIr, StringIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { block, type Code, code, ident, indent, join, nothing } from "../../core/code.js"
import { constExpression } from "../type-expression.js"
import { typeIdentity } from "../type-identity.js"
import type { Shapes } from "./construct.js"
import { enumByNumber } from "./enum-number.js"
import { trim } from "./guard.js"
import { made, stringTests } from "./json-fast.js"
import { kernel } from "./kernel.js"
import {
  earlierKeys,
  entryBounds,
  isNeeded,
  isNumbered,
  itemBounds,
  keyOf,
  UNBOUNDED,
  type Unit,
  wideLiteral,
} from "./unit.js"

/** Fields whose presence one number can say. */
const GROUP = 31

/**
 * Prints the full path: functions that read any layout, in any order, with white space, escapes and unknown keys, and
 * stop at the first thing that is invalid.
 */
export class FullReader {
  readonly functions: Code[] = []
  readonly #unit: Unit
  readonly #shapes: Shapes
  readonly #compact: boolean
  readonly #known = new Map<string, Code>()

  constructor(unit: Unit, shapes: Shapes, compact: boolean) {
    this.#unit = unit
    this.#shapes = shapes
    this.#compact = compact
  }

  /** A function without parameters that reads the value at the cursor. */
  reader(type: TypeIr): Code {
    const resolved = this.#unit.resolve(type)
    if (resolved.kind === "bool") return code`${kernel("bool")}`
    if (resolved.kind === "object") return this.#function(resolved, () => this.#object(resolved))
    if (resolved.kind === "union") return this.#function(resolved, () => this.#union(resolved))
    return code`() => ${this.#value(resolved)}`
  }

  #function(type: TypeIr, body: () => readonly Code[]): Code {
    const id = typeIdentity(type)
    let name = this.#known.get(id)
    if (name === undefined) {
      name = ident(`read${this.#known.size}`)
      this.#known.set(id, name)
      const lines = body()
      this.functions.push(block(code`function ${name}(): ${this.#unit.typeOf(type)}`, lines))
    }
    return name
  }

  #value(type: TypeIr): Code {
    const resolved = this.#unit.resolve(type)
    const call = (name: string, ...args: readonly Code[]): Code => code`${kernel(name)}(${join(args, code`, `)})`
    switch (resolved.kind) {
      case "bool":
        return call("bool")
      case "int":
        return resolved.bits === 64
          ? call(
              "wide",
              ...trim(
                wideLiteral(resolved.min),
                wideLiteral(resolved.max),
                resolved.multipleOf === undefined ? undefined : code`${BigInt(resolved.multipleOf)}`,
              ),
            )
          : call(
              "integer",
              ...trim(number(Number(resolved.min)), number(Number(resolved.max)), number(resolved.multipleOf)),
            )
      case "float":
        return call(resolved.bits === 32 ? "float32" : "float", ...trim(number(resolved.min), number(resolved.max)))
      case "string":
        return this.#string(resolved)
      case "bytes":
        return call("bytes", code`${resolved.minLength ?? 0}`, code`${resolved.maxLength ?? UNBOUNDED}`)
      case "enum": {
        if (isNumbered(resolved, this.#compact))
          return code`${enumByNumber(this.#unit, resolved, code`${kernel("integer")}(0, 2147483647)`)} ?? ${kernel("fail")}()`
        if (resolved.open) return call("string", code`${UNBOUNDED}`)
        const names = this.#unit.spellings(resolved.values.map((value) => value.name))
        return code`${kernel("choice")}(${names}) as ${this.#unit.typeOf(resolved)}`
      }
      case "const":
        return call("constant", constExpression(resolved.value))
      case "list": {
        const { min, max } = itemBounds(resolved)
        return call("list", this.reader(resolved.item), code`${min}`, code`${max}`)
      }
      case "map": {
        const { max, keyMax } = entryBounds(resolved)
        const test = resolved.keyPattern === undefined ? undefined : this.#unit.pattern(resolved.keyPattern)
        return call("map", this.reader(resolved.value), ...trim(code`${max}`, code`${keyMax}`, test))
      }
      case "object":
      case "union":
        return code`${this.reader(resolved)}()`
    }
  }

  #string(type: StringIr): Code {
    const read = code`${kernel("string")}(${type.maxLength ?? UNBOUNDED})`
    const tests = stringTests(this.#unit, type, code`x`)
    if (tests.length === 0) return read
    return code`${kernel("such")}(${read}, (x) => ${join(tests, code` && `)})`
  }

  #object(type: ObjectIr): readonly Code[] {
    const { lines, values } = this.#members(type.fields)
    return [...lines, code`return ${made(this.#shapes.object(type), values)}`]
  }

  #union(type: UnionIr): readonly Code[] {
    const tag = this.#unit.spellings([type.tag])
    const values = this.#unit.spellings(type.branches.map((branch) => branch.value))
    const cases = type.branches.map((branch, index) => {
      const { lines, values: found } = this.#members(branch.type.fields)
      return block(code`case ${index}:`, [...lines, code`return ${made(this.#shapes.branch(type, branch), found)}`])
    })
    return [
      block(code`switch (${kernel("tagOf")}(${tag}, ${values}))`, [
        ...cases,
        code`default:`,
        indent(code`return ${kernel("fail")}()`),
      ]),
    ]
  }

  #members(fields: readonly FieldIr[]): { readonly lines: readonly Code[]; readonly values: readonly Code[] } {
    const keys = fields.map((field) => keyOf(field, this.#compact))
    const earlier = fields.flatMap((field, index) => earlierKeys(field, keys).map((key) => ({ key, index })))
    const names = this.#unit.spellings([...keys, ...earlier.map(({ key }) => key)])
    const locals = fields.map(() => this.#unit.fresh())
    const groups = Array.from({ length: Math.ceil(fields.length / GROUP) }, () => this.#unit.fresh())
    const lines: Code[] = []
    fields.forEach((field, index) => {
      lines.push(code`let ${locals[index]!}: ${this.#unit.typeOf(field.type)} | undefined`)
    })
    for (const group of groups) lines.push(code`let ${group} = 0`)
    lines.push(code`${kernel("enter")}()`)
    const step = this.#unit.fresh()
    const cases = fields.map((field, index) => {
      const read = code`${locals[index]!} = ${this.#value(field.type)}`
      const guarded = field.nullAsAbsent === true ? code`if (!${kernel("isNull")}()) ${read}` : read
      return [code`case ${index}:`, indent([guarded, code`break`])]
    })
    const seen = groups.map((group, index) => {
      const from = index * GROUP
      const condition = groups.length === 1 ? nothing : code`if (${step} >= ${from} && ${step} < ${from + GROUP}) `
      return code`${condition}${group} = ${kernel("once")}(${group}, ${from === 0 ? step : code`${step} - ${from}`})`
    })
    lines.push(
      block(code`for (let ${step}: number; (${step} = ${kernel("key")}(${names})) >= 0; )`, [
        // An earlier name stands for its field.
        ...earlier.map(({ index }, at) => code`if (${step} === ${fields.length + at}) ${step} = ${index}`),
        ...seen,
        cases.length === 0 ? nothing : block(code`switch (${step})`, cases),
      ]),
    )
    groups.forEach((group, index) => {
      let mask = 0
      fields.slice(index * GROUP, (index + 1) * GROUP).forEach((field, bit) => {
        if (isNeeded(field)) mask |= 1 << bit
      })
      if (mask !== 0) lines.push(code`if ((${group} & ${mask}) !== ${mask}) ${kernel("fail")}()`)
    })
    const values = fields.map((field, index) => (isNeeded(field) ? code`${locals[index]!}!` : locals[index]!))
    return { lines, values }
  }
}

function number(value: number | undefined): Code | undefined {
  return value === undefined ? undefined : code`${value}`
}
