import type { EnumIr, FieldIr, FloatIr, IntIr, ListIr, MapIr, StringIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { access, block, type Code, code, comment, indent, join, nothing, string } from "../../core/code.js"
import { constExpression } from "../type-expression.js"
import { enumToNumber } from "./enum-number.js"
import { stringTests } from "./json-fast.js"
import { kernel } from "./kernel.js"
import { lengthOf, position, stores } from "./literal.js"
import {
  entryBounds,
  isInherited,
  isNeeded,
  isNumbered,
  itemBounds,
  keyOf,
  UNBOUNDED,
  type Unit,
  wideLiteral,
} from "./unit.js"

const INVALID = code`return -1`

/** Prints straight code that checks a value and writes it, field by field; `-1` where the value is invalid. */
export class JsonWriter {
  /** Octets that one pass through the code may write, strings and items of lists apart. */
  room = 0
  readonly #unit: Unit
  readonly #compact: boolean
  #lines: Code[] = []
  #pending = ""
  #offset = 0

  constructor(unit: Unit, compact: boolean) {
    this.#unit = unit
    this.#compact = compact
  }

  /** The body of a function of `value`, `b`, `d` and the position `p`. */
  write(type: TypeIr): readonly Code[] {
    this.#value(type, code`value`)
    this.#store()
    this.#lines.push(code`return ${position(this.#offset)}`)
    return this.#lines
  }

  #store(): void {
    if (this.#pending === "") return
    this.#lines.push(comment(this.#pending), ...stores(this.#pending, this.#offset))
    this.#offset += lengthOf(this.#pending)
    this.room += lengthOf(this.#pending) + 8
    this.#pending = ""
  }

  #settle(): void {
    this.#store()
    if (this.#offset > 0) this.#lines.push(code`p += ${this.#offset}`)
    this.#offset = 0
  }

  #put(name: string, value: Code, ...more: readonly Code[]): void {
    this.#store()
    this.#lines.push(code`p = ${kernel(name)}(${join([code`b`, position(this.#offset), value, ...more], code`, `)})`)
    this.#offset = 0
  }

  #require(condition: Code): void {
    this.#lines.push(code`if (!(${condition})) ${INVALID}`)
  }

  #nested(print: () => void): readonly Code[] {
    const outer = this.#lines
    this.#lines = []
    print()
    const inner = this.#lines
    this.#lines = outer
    return inner
  }

  /** `x` is a name, read as often as needed. */
  #value(type: TypeIr, x: Code): void {
    const resolved = this.#unit.resolve(type)
    switch (resolved.kind) {
      case "bool":
        this.#settle()
        this.#require(code`typeof ${x} === "boolean"`)
        this.#lines.push(
          block(code`if (${x})`, [...stores("true", 0), code`p += 4`]),
          block(code`else`, [...stores("false", 0), code`p += 5`]),
        )
        this.room += 5
        break
      case "int":
        this.#require(intTest(resolved, x))
        this.#put(resolved.bits === 64 ? "putWide" : "putInt", x)
        this.room += resolved.bits === 64 ? 22 : 11
        break
      case "float":
        this.#float(resolved, x)
        break
      case "string":
        this.#string(resolved, x)
        break
      case "bytes":
        this.#put("putBytes", x, code`${resolved.minLength ?? 0}`, code`${resolved.maxLength ?? UNBOUNDED}`)
        this.#lines.push(code`if (p < 0) ${INVALID}`)
        break
      case "enum":
        this.#enum(resolved, x)
        break
      case "const":
        this.#require(code`${x} === ${constExpression(resolved.value)}`)
        this.#pending += JSON.stringify(resolved.value)
        break
      case "list":
        this.#list(resolved, x)
        break
      case "map":
        this.#map(resolved, x)
        break
      case "object":
        // Octets lack every field: where one is needed, the cheaper test will do.
        this.#require(code`${kernel(resolved.fields.some(isNeeded) ? "isRecord" : "isMap")}(${x})`)
        this.#members(resolved.fields, x, true)
        this.#pending += "}"
        break
      case "union":
        this.#union(resolved, x)
        break
    }
  }

  #float(type: FloatIr, x: Code): void {
    const value = type.bits === 32 ? this.#unit.fresh() : x
    if (type.bits === 64 && type.min !== undefined && type.max !== undefined)
      this.#require(code`${kernel("isIn")}(${x}, ${type.min}, ${type.max})`)
    else {
      this.#require(code`typeof ${x} === "number"`)
      if (type.bits === 32) this.#lines.push(code`const ${value} = Math.fround(${x})`)
      this.#require(floatTest(type, value))
    }
    this.#put(type.bits === 32 ? "putFloat32" : "putNum", value)
    this.room += 25
  }

  #string(type: StringIr, x: Code): void {
    const tests = stringTests(this.#unit, type, x)
    if (tests.length > 0) this.#require(join([code`typeof ${x} === "string"`, ...tests], code` && `))
    this.#pending += '"'
    this.#put("putStr", x, code`${type.maxLength ?? UNBOUNDED}`)
    this.#lines.push(code`if (p < 0) ${INVALID}`)
  }

  #enum(type: EnumIr, x: Code): void {
    if (isNumbered(type, this.#compact)) {
      const number = this.#unit.fresh()
      this.#require(code`typeof ${x} === "string"`)
      this.#lines.push(code`const ${number} = ${enumToNumber(this.#unit, type)}(${x})`)
      this.#require(code`${number} >= 0`)
      this.#put("putInt", number)
      this.room += 11
      return
    }
    if (type.open) {
      this.#string({ kind: "string" }, x)
      return
    }
    this.#pending += '"'
    this.#settle()
    const cases = type.values.map((option) => {
      const spelling = JSON.stringify(option.name).slice(1)
      return [
        code`case ${string(option.name)}:`,
        indent([...stores(spelling, 0), code`p += ${lengthOf(spelling)}`, code`break`]),
      ]
    })
    this.room += Math.max(0, ...type.values.map((option) => lengthOf(JSON.stringify(option.name)) + 8))
    this.#lines.push(block(code`switch (${x})`, [...cases, code`default:`, indent(INVALID)]))
  }

  #list(type: ListIr, x: Code): void {
    const { min, max } = itemBounds(type)
    this.#require(code`Array.isArray(${x}) && ${x}.length >= ${min} && ${x}.length <= ${max}`)
    this.#pending += "["
    this.#settle()
    const i = this.#unit.fresh()
    const item = this.#unit.fresh()
    const body = this.#nested(() => {
      this.#lines.push(
        code`if (p > ${kernel("w")}.lim) ${kernel("grow")}()`,
        code`if (${i} > 0) b[p++] = 44`,
        code`const ${item} = ${x}[${i}]!`,
      )
      this.#value(type.item, item)
      this.#settle()
    })
    this.#lines.push(block(code`for (let ${i} = 0; ${i} < ${x}.length; ${i}++)`, body))
    this.room += 2
    this.#pending += "]"
  }

  #map(type: MapIr, x: Code): void {
    const { max, keyMax } = entryBounds(type)
    const keys = this.#unit.fresh()
    this.#require(code`${kernel("isMap")}(${x})`)
    this.#lines.push(code`const ${keys} = Object.keys(${x})`)
    this.#require(code`${keys}.length <= ${max}`)
    this.#pending += "{"
    this.#settle()
    const i = this.#unit.fresh()
    const name = this.#unit.fresh()
    const item = this.#unit.fresh()
    const body = this.#nested(() => {
      this.#lines.push(
        code`if (p > ${kernel("w")}.lim) ${kernel("grow")}()`,
        code`if (${i} > 0) b[p++] = 44`,
        code`const ${name} = ${keys}[${i}]!`,
        code`const ${item} = ${x}[${name}]!`,
      )
      if (type.keyPattern !== undefined) this.#require(code`${this.#unit.pattern(type.keyPattern)}(${name})`)
      this.#pending += '"'
      this.#put("putStr", name, code`${keyMax}`)
      this.#lines.push(code`if (p < 0) ${INVALID}`)
      this.#pending += ":"
      this.#value(type.value, item)
      this.#settle()
    })
    this.#lines.push(block(code`for (let ${i} = 0; ${i} < ${keys}.length; ${i}++)`, body))
    this.room += 2
    this.#pending += "}"
  }

  #union(type: UnionIr, x: Code): void {
    this.#require(code`${kernel("isRecord")}(${x})`)
    this.#pending += `{${JSON.stringify(type.tag)}:"`
    this.#settle()
    const cases = type.branches.map((branch) => {
      const body = this.#nested(() => {
        this.#pending += JSON.stringify(branch.value).slice(1)
        this.#members(branch.type.fields, x, false)
        this.#settle()
        this.#lines.push(code`break`)
      })
      return block(code`case ${string(branch.value)}:`, body)
    })
    const tag = isInherited(type.tag)
      ? code`${kernel("own")}(${x}, ${string(type.tag)})`
      : code`${x}${access(type.tag)}`
    this.#lines.push(block(code`switch (${tag})`, [...cases, code`default:`, indent(INVALID)]))
    this.#pending += "}"
  }

  #members(fields: readonly FieldIr[], x: Code, opens: boolean): void {
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
      const member = this.#unit.fresh()
      this.#lines.push(code`const ${member} = ${memberOf(this.#unit, field, x)}`)
      if (isNeeded(field)) {
        if (lead !== undefined) {
          this.#settle()
          this.#lines.push(code`b[p] = ${lead}`)
          this.#offset = 1
          this.room++
          lead = undefined
          this.#pending += text
        } else this.#pending += comma + text
        this.#value(field.type, member)
        return
      }
      this.#settle()
      const body = this.#nested(() => {
        if (lead === undefined) this.#pending += comma + text
        else {
          this.#lines.push(code`b[p++] = ${lead}`, code`${lead} = 44`)
          this.room++
          this.#pending += text
        }
        this.#value(field.type, member)
        this.#settle()
      })
      this.#lines.push(block(code`if (${member} !== undefined)`, body))
    })
    if (lead !== undefined) {
      this.#settle()
      this.#lines.push(code`if (${lead} === 123) b[p++] = 123`)
      this.room++
    }
  }
}

/** A field of an object, and not what every object inherits under that name. */
export function memberOf(unit: Unit, field: FieldIr, x: Code): Code {
  return isInherited(field.name)
    ? code`${kernel("own")}(${x}, ${string(field.name)}) as ${unit.typeOf(field.type)}${isNeeded(field) ? nothing : code` | undefined`}`
    : code`${x}${access(field.name)}`
}

/** The condition that a value is an integer of the type. */
export function intTest(type: IntIr, x: Code): Code {
  if (type.bits === 64) {
    const multiple = type.multipleOf === undefined ? nothing : code` && ${x} % ${BigInt(type.multipleOf)} === 0n`
    return code`typeof ${x} === "bigint" && ${x} >= ${wideLiteral(type.min)} && ${x} <= ${wideLiteral(type.max)}${multiple}`
  }
  const multiple = type.multipleOf === undefined ? nothing : code` && ${x} % ${type.multipleOf} === 0`
  const [min, max] = [Number(type.min), Number(type.max)]
  const within = min === 0 ? code`${kernel("isUint")}(${x}, ${max})` : code`${kernel("isInt")}(${x}, ${min}, ${max})`
  return code`${within}${multiple}`
}

/** The condition that a number, rounded where the type is, is in bounds. */
export function floatTest(type: FloatIr, x: Code): Code {
  const tests = [
    type.min === undefined ? undefined : code`${x} >= ${type.min}`,
    type.max === undefined ? undefined : code`${x} <= ${type.max}`,
  ].filter((test) => test !== undefined)
  if (tests.length < 2) tests.push(code`${x} - ${x} === 0`)
  return join(tests, code` && `)
}
