// Longer than most: each kind of field is one case of the same straight line.
import {
  type FieldIr,
  type IntIr,
  type ListIr,
  type MapIr,
  type ObjectIr,
  type TypeIr,
  type UnionIr,
  wireType,
} from "@fleetwire/ir"
import { block, type Code, code, join, nothing } from "../../core/code.js"
import { constExpression } from "../type-expression.js"
import type { Shapes } from "./construct.js"
import { enumByNumber } from "./enum-number.js"
import { made, stringTests } from "./json-fast.js"
import { floatTest } from "./json-write.js"
import { kernel } from "./kernel.js"
import { position } from "./literal.js"
import { entryBounds, isNeeded, itemBounds, type Resolved, UNBOUNDED, type Unit, wideLiteral } from "./unit.js"
import { byNumber, SIZED, tagOctets, wrapped } from "./wire.js"

const MISS = code`return undefined`
const TOP = code`n`

/**
 * Prints straight code that reads what our own writers give: each field once, in the order of their numbers, lists
 * packed. Fields of higher numbers, which a newer version adds, may follow. Anything else returns `undefined`, and the
 * full path decides.
 */
export class ProtobufFastReader {
  readonly #unit: Unit
  readonly #shapes: Shapes
  #lines: Code[] = []
  /** Distance of the reading position from the variable `p`. */
  #offset = 0

  constructor(unit: Unit, shapes: Shapes) {
    this.#unit = unit
    this.#shapes = shapes
  }

  /** The body of the reader of a whole message. */
  read(type: TypeIr): readonly Code[] {
    const resolved = this.#unit.resolve(type)
    let value: Code
    if (resolved.kind === "object") value = this.#object(resolved, TOP)
    else if (resolved.kind === "union") value = this.#union(resolved, TOP)
    else value = this.#fields(wrapped(type), TOP)[0]!
    this.#lines.push(code`return ${value}`)
    return this.#lines
  }

  #settle(): void {
    if (this.#offset > 0) this.#lines.push(code`p += ${this.#offset}`)
    this.#offset = 0
  }

  #require(condition: Code): void {
    this.#lines.push(code`if (!(${condition})) ${MISS}`)
  }

  #nested(print: () => void): readonly Code[] {
    const outer = this.#lines
    this.#lines = []
    print()
    const inner = this.#lines
    this.#lines = outer
    return inner
  }

  /** Calls a kernel function that reads at the position and leaves `r.p` behind what it read. */
  #call(name: string, ...args: readonly Code[]): Code {
    const value = this.#unit.fresh()
    const all = join([code`b`, position(this.#offset), ...args], code`, `)
    this.#lines.push(code`const ${value} = ${kernel(name)}(${all})`)
    this.#offset = 0
    return value
  }

  #accept(condition: Code): void {
    this.#require(condition)
    this.#lines.push(code`p = ${kernel("r")}.p`)
  }

  /** Goes into what has a length; gives its end. */
  #enter(end: Code): Code {
    const to = this.#call("sized", end)
    this.#accept(code`${to} >= 0`)
    return to
  }

  #close(end: Code): void {
    this.#settle()
    this.#lines.push(code`if (p !== ${end}) ${MISS}`)
  }

  /** The condition that the tag is next, and belongs to what ends at `end`. Behind the payload no tag is found. */
  #isNext(tag: readonly number[], end: Code): Code {
    const same = tag.map((octet, i) => code`b[${position(this.#offset + i)}] === ${octet}`)
    return join(end === TOP ? same : [code`p < ${end}`, ...same], code` && `)
  }

  #object(type: ObjectIr, end: Code): Code {
    return made(this.#shapes.object(type), this.#fields(type.fields, end))
  }

  /** The values of fields up to `end`, in declared order. */
  #fields(fields: readonly FieldIr[], end: Code): readonly Code[] {
    const values = new Map<FieldIr, Code>()
    const ordered = byNumber(fields)
    for (const field of ordered) values.set(field, this.#field(field, end))
    this.#settle()
    const last = Math.max(0, ...ordered.map(({ number }) => number))
    this.#lines.push(code`if (p !== ${end} && !${kernel("isNewer")}(b, p, ${end}, ${last})) ${MISS}`)
    if (end !== TOP) this.#lines.push(code`p = ${end}`)
    return fields.map((field) => values.get(field)!)
  }

  #field(field: FieldIr, end: Code): Code {
    const type = this.#unit.resolve(field.type)
    switch (type.kind) {
      case "const":
        return constExpression(type.value)
      case "list":
        return this.#list(field, type, end)
      case "map":
        return this.#map(field, type, end)
    }
    const tag = tagOctets(field.number, wireType(type))
    if (isNeeded(field)) {
      this.#require(
        join(
          tag.map((octet, i) => code`b[${position(this.#offset + i)}] === ${octet}`),
          code` && `,
        ),
      )
      this.#offset += tag.length
      return this.#value(type, end)
    }
    this.#settle()
    const value = this.#unit.fresh()
    this.#lines.push(code`let ${value}: ${this.#unit.typeOf(field.type)} | undefined`)
    const condition = this.#isNext(tag, end)
    const body = this.#nested(() => {
      this.#offset = tag.length
      const read = this.#value(type, end)
      this.#settle()
      this.#lines.push(code`${value} = ${read}`)
    })
    this.#lines.push(block(code`if (${condition})`, body))
    return value
  }

  /** Prints what reads a value behind its tag, and gives an expression for it. */
  #value(type: Resolved, end: Code): Code {
    switch (type.kind) {
      case "bool": {
        const value = this.#call("flag")
        this.#accept(code`${value} !== undefined`)
        return value
      }
      case "int":
        return this.#int(type)
      case "float":
        return this.#fixed(code`getFloat${type.bits}`, type.bits / 8, (value) => floatTest(type, value))
      case "string": {
        const value = this.#call("textAt", end, code`${type.maxLength ?? UNBOUNDED}`)
        this.#accept(join([code`${value} !== undefined`, ...stringTests(this.#unit, type, value)], code` && `))
        return value
      }
      case "bytes": {
        const value = this.#call("octetsAt", end, code`${type.minLength ?? 0}`, code`${type.maxLength ?? UNBOUNDED}`)
        this.#accept(code`${value} !== undefined`)
        return value
      }
      case "enum": {
        const number = this.#call("low32")
        const value = this.#unit.fresh()
        this.#lines.push(code`const ${value} = ${enumByNumber(this.#unit, type, number)}`)
        this.#accept(code`${value} !== undefined`)
        return value
      }
      case "object":
        return this.#object(type, this.#enter(end))
      case "union":
        return this.#union(type, this.#enter(end))
      default:
        throw new RangeError(`protobuf has no element of kind ${type.kind}: wrap it in an object`)
    }
  }

  #fixed(get: Code, size: number, test: (value: Code) => Code): Code {
    const value = this.#unit.fresh()
    this.#lines.push(code`const ${value} = d.${get}(${position(this.#offset)}, true)`)
    this.#require(test(value))
    this.#offset += size
    return value
  }

  #int(type: IntIr): Code {
    const test = type.bits === 64 ? wideTest : plainTest
    if (type.fixed === true) {
      const name = `${type.bits === 64 ? "Big" : ""}${type.signed ? "Int" : "Uint"}` as const
      return this.#fixed(GETTERS[name](), type.bits === 64 ? 8 : 4, (value) => test(type, value))
    }
    const value = this.#call(`${type.signed ? "s" : "u"}${type.bits === 64 ? 64 : 32}`)
    this.#accept(type.bits === 64 ? code`${value} !== undefined && ${test(type, value)}` : test(type, value))
    return value
  }

  #list(field: FieldIr, type: ListIr, end: Code): Code {
    const { min, max } = itemBounds(type)
    const item = this.#unit.resolve(type.item)
    const value = this.#unit.fresh()
    const tag = tagOctets(field.number, SIZED)
    this.#settle()
    this.#lines.push(code`const ${value}: ${this.#unit.typeOf(type.item)}[] = []`)
    const add = (to: Code): void => {
      if (max < UNBOUNDED) this.#lines.push(code`if (${value}.length === ${max}) ${MISS}`)
      const one = this.#value(item, to)
      this.#settle()
      this.#lines.push(code`${value}.push(${one})`)
    }
    const condition = this.#isNext(tag, end)
    if (wireType(item) === SIZED) {
      const body = this.#nested(() => {
        this.#offset = tag.length
        add(end)
      })
      this.#lines.push(block(code`while (${condition})`, body))
    } else {
      const body = this.#nested(() => {
        this.#offset = tag.length
        const to = this.#enter(end)
        this.#lines.push(
          block(
            code`while (p < ${to})`,
            this.#nested(() => add(to)),
          ),
        )
        this.#close(to)
      })
      this.#lines.push(block(code`if (${condition})`, body))
    }
    if (isNeeded(field)) {
      if (min > 0) this.#require(code`${value}.length >= ${min}`)
      return value
    }
    if (min > 0) this.#require(code`${value}.length === 0 || ${value}.length >= ${min}`)
    return code`${value}.length > 0 ? ${value} : undefined`
  }

  #map(field: FieldIr, type: MapIr, end: Code): Code {
    const { max, keyMax } = entryBounds(type)
    const [value, count] = [this.#unit.fresh(), this.#unit.fresh()]
    const tag = tagOctets(field.number, SIZED)
    const item = this.#unit.resolve(type.value)
    this.#settle()
    this.#lines.push(
      code`const ${value}: { [key: string]: ${this.#unit.typeOf(type.value)} } = Object.create(null)`,
      code`let ${count} = 0`,
    )
    const condition = this.#isNext(tag, end)
    const body = this.#nested(() => {
      this.#offset = tag.length
      const to = this.#enter(end)
      this.#lines.push(code`if (b[p] !== 10 || ${count}++ === ${max}) ${MISS}`)
      this.#offset = 1
      const name = this.#call("textAt", to, code`${keyMax}`)
      const fits = type.keyPattern === undefined ? nothing : code` && ${this.#unit.pattern(type.keyPattern)}(${name})`
      this.#accept(code`${name} !== undefined && !(${name} in ${value})${fits}`)
      this.#lines.push(code`if (b[p] !== ${tagOctets(2, wireType(item))[0]!}) ${MISS}`)
      this.#offset = 1
      const read = this.#value(item, to)
      this.#close(to)
      this.#lines.push(code`${value}[${name}] = ${read}`)
    })
    this.#lines.push(block(code`while (${condition})`, body))
    return isNeeded(field) ? value : code`${count} > 0 ? ${value} : undefined`
  }

  #union(type: UnionIr, end: Code): Code {
    this.#settle()
    const value = this.#unit.fresh()
    this.#lines.push(code`let ${value}: ${this.#unit.typeOf(type)}`)
    type.branches.forEach((branch, index) => {
      const tag = tagOctets(branch.number, SIZED)
      const condition = this.#isNext(tag, TOP)
      const body = this.#nested(() => {
        this.#offset = tag.length
        const values = this.#fields(branch.type.fields, this.#enter(end))
        this.#lines.push(code`${value} = ${made(this.#shapes.branch(type, branch), values)}`)
      })
      this.#lines.push(block(code`${index === 0 ? nothing : code`else `}if (${condition})`, body))
    })
    this.#lines.push(type.branches.length === 0 ? MISS : code`else ${MISS}`)
    this.#close(end)
    return value
  }
}

const GETTERS = {
  Int: () => code`getInt32`,
  Uint: () => code`getUint32`,
  BigInt: () => code`getBigInt64`,
  BigUint: () => code`getBigUint64`,
} as const

/** Integers without sign are never below zero. NaN fits nothing. */
function plainTest(type: IntIr, value: Code): Code {
  const tests = [code`${value} <= ${Number(type.max)}`]
  if (type.signed || Number(type.min) > 0) tests.unshift(code`${value} >= ${Number(type.min)}`)
  if (type.multipleOf !== undefined) tests.push(code`${value} % ${type.multipleOf} === 0`)
  return join(tests, code` && `)
}

function wideTest(type: IntIr, value: Code): Code {
  const multiple = type.multipleOf === undefined ? nothing : code` && ${value} % ${BigInt(type.multipleOf)} === 0n`
  return code`${value} >= ${wideLiteral(type.min)} && ${value} <= ${wideLiteral(type.max)}${multiple}`
}
