import type { EnumIr, FieldIr, FloatIr, IntIr, ListIr, MapIr, ObjectIr, StringIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { block, type Code, code, comment, join, nothing, string } from "../../core/code.js"
import type { SymbolRef } from "../../core/symbol.js"
import type { Shapes } from "./construct.js"
import { enumByNumber } from "./enum-number.js"
import { kernel } from "./kernel.js"
import { lengthOf, matches, position } from "./literal.js"
import {
  entryBounds,
  isNeeded,
  isNumbered,
  itemBounds,
  keyOf,
  octetBound,
  UNBOUNDED,
  type Unit,
  wideLiteral,
} from "./unit.js"

const MISS = code`return undefined`

/**
 * Prints straight code that reads the layout that our own writers give: fields in order, no white space. Bytes that are
 * known are gathered and compared a word at a time; anything unexpected returns `undefined`, and the full path decides.
 */
export class FastReader {
  readonly #unit: Unit
  readonly #shapes: Shapes
  readonly #compact: boolean
  #lines: Code[] = []
  /** Text that must come next and is not compared yet. */
  #pending = ""
  /** Distance of the reading position from the variable `p`. */
  #offset = 0

  constructor(unit: Unit, shapes: Shapes, compact: boolean) {
    this.#unit = unit
    this.#shapes = shapes
    this.#compact = compact
  }

  /** The body of the reader of a whole message. */
  read(type: TypeIr): readonly Code[] {
    const value = this.#value(type)
    this.#compare()
    this.#lines.push(code`if (${position(this.#offset)} !== n) ${MISS}`, code`return ${value}`)
    return this.#lines
  }

  #compare(): void {
    if (this.#pending === "") return
    this.#lines.push(comment(this.#pending), code`if (!(${matches(this.#pending, this.#offset)})) ${MISS}`)
    this.#offset += lengthOf(this.#pending)
    this.#pending = ""
  }

  /** Compares what is pending and makes `p` the reading position. */
  #settle(): void {
    this.#compare()
    if (this.#offset > 0) this.#lines.push(code`p += ${this.#offset}`)
    this.#offset = 0
  }

  /** Calls a kernel function that reads at the position and leaves `r.p` behind what it read. */
  #call(name: string, skip: number, ...args: readonly Code[]): Code {
    this.#compare()
    const value = this.#unit.fresh()
    const at = position(this.#offset + skip)
    this.#lines.push(code`const ${value} = ${kernel(name)}(${join([code`b`, at, ...args], code`, `)})`)
    this.#offset = 0
    return value
  }

  #accept(condition: Code): void {
    this.#lines.push(code`if (!(${condition})) ${MISS}`, code`p = ${kernel("r")}.p`)
  }

  /** Prints into a block of its own. */
  #nested(print: () => void): readonly Code[] {
    const outer = this.#lines
    this.#lines = []
    print()
    const inner = this.#lines
    this.#lines = outer
    return inner
  }

  /** Prints what reads a value and gives an expression for it. */
  #value(type: TypeIr): Code {
    const resolved = this.#unit.resolve(type)
    switch (resolved.kind) {
      case "bool":
        return this.#bool()
      case "int":
        return resolved.bits === 64 ? this.#wide(resolved) : this.#int(resolved)
      case "float":
        return this.#float(resolved)
      case "string":
        return this.#string(resolved)
      case "bytes": {
        this.#pending += '"'
        const value = this.#call(
          "bytesHere",
          0,
          code`${resolved.minLength ?? 0}`,
          code`${resolved.maxLength ?? UNBOUNDED}`,
        )
        this.#accept(code`${value} !== undefined`)
        return value
      }
      case "enum":
        return this.#enum(resolved)
      case "const":
        this.#pending += JSON.stringify(resolved.value)
        return typeof resolved.value === "string" ? string(resolved.value) : literalOf(resolved.value)
      case "list":
        return this.#list(resolved)
      case "map":
        return this.#map(resolved)
      case "object":
        return this.#object(resolved)
      case "union":
        return this.#union(resolved)
    }
  }

  #bool(): Code {
    this.#settle()
    const value = this.#unit.fresh()
    this.#lines.push(
      code`const ${value} = b[p] === 116`,
      code`if (!(${value} ? ${matches("true", 0)} : ${matches("false", 0)})) ${MISS}`,
      code`p += ${value} ? 4 : 5`,
    )
    return value
  }

  #int(type: IntIr): Code {
    const value = this.#call("int", 0)
    const multiple = type.multipleOf === undefined ? nothing : code` && ${value} % ${type.multipleOf} === 0`
    this.#accept(code`${value} >= ${Number(type.min)} && ${value} <= ${Number(type.max)}${multiple}`)
    return value
  }

  #wide(type: IntIr): Code {
    const value = this.#call("wideAt", 0)
    const multiple = type.multipleOf === undefined ? nothing : code` && ${value} % ${BigInt(type.multipleOf)} === 0n`
    this.#accept(
      code`${value} !== undefined && ${value} >= ${wideLiteral(type.min)} && ${value} <= ${wideLiteral(type.max)}${multiple}`,
    )
    return value
  }

  #float(type: FloatIr): Code {
    let value = this.#call("num", 0)
    if (type.bits === 32) {
      const rounded = this.#unit.fresh()
      this.#lines.push(code`const ${rounded} = Math.fround(${value})`)
      value = rounded
    }
    const tests = []
    if (type.min !== undefined) tests.push(code`${value} >= ${type.min}`)
    if (type.max !== undefined) tests.push(code`${value} <= ${type.max}`)
    // What `num` reads is finite or NaN.
    this.#accept(tests.length === 0 ? code`${value} === ${value}` : join(tests, code` && `))
    return value
  }

  #string(type: StringIr): Code {
    this.#pending += '"'
    const value = this.#call("str", 0, code`${type.maxLength ?? UNBOUNDED}`)
    this.#accept(join([code`${value} !== undefined`, ...stringTests(this.#unit, type, value)], code` && `))
    return value
  }

  #enum(type: EnumIr): Code {
    if (isNumbered(type, this.#compact)) {
      const number = this.#call("int", 0)
      const value = this.#unit.fresh()
      this.#lines.push(code`const ${value} = ${enumByNumber(this.#unit, type, number)}`)
      this.#accept(code`${value} !== undefined`)
      return value
    }
    if (type.open) return this.#string({ kind: "string" })
    this.#pending += '"'
    this.#settle()
    const value = this.#unit.fresh()
    this.#lines.push(code`let ${value}: ${this.#unit.typeOf(type)}`)
    type.values.forEach((option, index) => {
      const spelling = JSON.stringify(option.name).slice(1)
      this.#lines.push(
        block(code`${index === 0 ? nothing : code`else `}if (${matches(spelling, 0)})`, [
          code`${value} = ${string(option.name)}`,
          code`p += ${lengthOf(spelling)}`,
        ]),
      )
    })
    this.#lines.push(type.values.length === 0 ? MISS : code`else ${MISS}`)
    return value
  }

  #list(type: ListIr): Code {
    const { min, max } = itemBounds(type)
    const value = this.#unit.fresh()
    this.#pending += "["
    this.#settle()
    this.#lines.push(code`const ${value}: ${this.#unit.typeOf(type.item)}[] = []`)
    const items = this.#nested(() => {
      this.#lines.push(code`if (${value}.length === ${max}) ${MISS}`)
      const item = this.#value(type.item)
      this.#settle()
      this.#lines.push(
        code`${value}.push(${item})`,
        code`const end = b[p++]`,
        code`if (end === 93) break`,
        code`if (end !== 44) ${MISS}`,
      )
    })
    this.#lines.push(code`if (b[p] === 93) p++`, block(code`else for (;;)`, items))
    if (min > 0) this.#lines.push(code`if (${value}.length < ${min}) ${MISS}`)
    return value
  }

  #map(type: MapIr): Code {
    const { max, keyMax } = entryBounds(type)
    const value = this.#unit.fresh()
    const count = this.#unit.fresh()
    const test = type.keyPattern === undefined ? undefined : this.#unit.pattern(type.keyPattern)
    this.#pending += "{"
    this.#settle()
    this.#lines.push(code`const ${value}: { [key: string]: ${this.#unit.typeOf(type.value)} } = Object.create(null)`)
    const entries = this.#nested(() => {
      this.#lines.push(code`if (${count} === ${max}) ${MISS}`)
      this.#pending += '"'
      const name = this.#call("str", 0, code`${keyMax}`)
      const fits = test === undefined ? nothing : code` && ${test}(${name})`
      this.#accept(code`${name} !== undefined && !(${name} in ${value})${fits}`)
      this.#pending += ":"
      const item = this.#value(type.value)
      this.#settle()
      this.#lines.push(
        code`${value}[${name}] = ${item}`,
        code`const end = b[p++]`,
        code`if (end === 125) break`,
        code`if (end !== 44) ${MISS}`,
      )
    })
    this.#lines.push(code`if (b[p] === 125) p++`, block(code`else for (let ${count} = 0; ; ${count}++)`, entries))
    return value
  }

  #object(type: ObjectIr): Code {
    const values = this.#members(type.fields, true)
    this.#pending += "}"
    return made(this.#shapes.object(type), values)
  }

  #union(type: UnionIr): Code {
    this.#pending += `{${JSON.stringify(type.tag)}:"`
    this.#settle()
    const value = this.#unit.fresh()
    this.#lines.push(code`let ${value}: ${this.#unit.typeOf(type)}`)
    type.branches.forEach((branch, index) => {
      const spelling = JSON.stringify(branch.value).slice(1)
      const body = this.#nested(() => {
        this.#lines.push(code`p += ${lengthOf(spelling)}`)
        const values = this.#members(branch.type.fields, false)
        this.#pending += "}"
        this.#settle()
        this.#lines.push(code`${value} = ${made(this.#shapes.branch(type, branch), values)}`)
      })
      this.#lines.push(block(code`${index === 0 ? nothing : code`else `}if (${matches(spelling, 0)})`, body))
    })
    this.#lines.push(type.branches.length === 0 ? MISS : code`else ${MISS}`)
    return value
  }

  /**
   * Members up to the closing brace, which is not read. `opens`: the opening brace is not read either. As long as all
   * members so far may have been absent, a variable says what stands before the next: a brace or a comma.
   */
  #members(fields: readonly FieldIr[], opens: boolean): readonly Code[] {
    const values: Code[] = []
    let lead: Code | undefined
    if (opens) {
      if (fields.length > 0 && !isNeeded(fields[0]!)) {
        this.#settle()
        lead = this.#unit.fresh()
        this.#lines.push(code`let ${lead} = 123`)
      } else this.#pending += "{"
    }
    fields.forEach((field, index) => {
      const text = `${JSON.stringify(keyOf(field, this.#compact))}:`
      const comma = opens && index === 0 ? "" : ","
      if (isNeeded(field)) {
        if (lead !== undefined) {
          this.#settle()
          this.#lines.push(code`if (b[p] !== ${lead}) ${MISS}`)
          this.#offset = 1
          lead = undefined
          this.#pending += text
        } else this.#pending += comma + text
        values.push(this.#value(field.type))
        return
      }
      this.#settle()
      const value = this.#unit.fresh()
      this.#lines.push(code`let ${value}: ${this.#unit.typeOf(field.type)} | undefined`)
      const condition = lead === undefined ? matches(comma + text, 0) : code`b[p] === ${lead} && ${matches(text, 1)}`
      const body = this.#nested(() => {
        this.#offset = lengthOf(text) + 1
        const read = this.#value(field.type)
        this.#settle()
        this.#lines.push(code`${value} = ${read}`)
        if (lead !== undefined) this.#lines.push(code`${lead} = 44`)
      })
      this.#lines.push(block(code`if (${condition})`, body))
      values.push(value)
    })
    if (lead !== undefined) {
      this.#settle()
      this.#lines.push(code`if (${lead} === 123 && b[p++] !== 123) ${MISS}`)
    }
    return values
  }
}

/** An object from the values of its fields. */
export function made(maker: SymbolRef, values: readonly Code[]): Code {
  return code`${maker}(${join(values, code`, `)})`
}

/** Conditions on a string beyond its length in code points. */
export function stringTests(unit: Unit, type: StringIr, value: Code): readonly Code[] {
  const tests: Code[] = []
  if (type.minLength !== undefined && type.minLength > 0)
    tests.push(type.minLength === 1 ? code`${value} !== ""` : code`${kernel("points")}(${value}) >= ${type.minLength}`)
  const octets = octetBound(type)
  if (octets !== undefined) tests.push(code`${kernel("utf8Length")}(${value}) <= ${octets}`)
  for (const rule of unit.rules(type)) tests.push(code`${rule.test}(${value})`)
  return tests
}

function literalOf(value: number | boolean): Code {
  return typeof value === "number" ? code`${value}` : value ? code`true` : code`false`
}
