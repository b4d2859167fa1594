import {
  type EnumIr,
  type FieldIr,
  type FloatIr,
  type IntIr,
  type ListIr,
  type MapIr,
  type StringIr,
  type TypeIr,
  type UnionIr,
  wireType,
} from "@fleetwire/ir"
import { access, block, type Code, code, join, string } from "../../core/code.js"
import { constExpression } from "../type-expression.js"
import { enumToNumber, smallEnumNumber } from "./enum-number.js"
import { stringTests } from "./json-fast.js"
import { floatTest, intTest, memberOf } from "./json-write.js"
import { kernel } from "./kernel.js"
import { position } from "./literal.js"
import { octetsOf, sizeOf } from "./protobuf-size.js"
import { entryBounds, isInherited, isNeeded, itemBounds, type Resolved, UNBOUNDED, type Unit } from "./unit.js"
import { byNumber, SIZED, tagOctets, varintOctets, wrapped } from "./wire.js"

const INVALID = code`return -1`

/** Prints straight code that checks a value and writes it as protobuf, fields in the order of their numbers. */
export class ProtobufWriter {
  /** Octets that one pass through the code may write, strings and items of lists apart. */
  room = 0
  readonly #unit: Unit
  #lines: Code[] = []
  #offset = 0
  /** Whether something was printed whose size no bound of its type limits to a few octets. */
  #long = false

  constructor(unit: Unit) {
    this.#unit = unit
  }

  /** The body of a function of `value`, `b`, `d` and the position `p`. */
  write(type: TypeIr): readonly Code[] {
    const resolved = this.#unit.resolve(type)
    if (resolved.kind === "object" || resolved.kind === "union") this.#content(resolved, code`value`)
    else for (const field of wrapped(type)) this.#field(field, code`value`)
    this.#lines.push(code`return ${position(this.#offset)}`)
    return this.#lines
  }

  #octets(octets: readonly number[]): void {
    for (const octet of octets) this.#lines.push(code`b[${position(this.#offset++)}] = ${octet}`)
    this.room += octets.length
  }

  #settle(): void {
    if (this.#offset > 0) this.#lines.push(code`p += ${this.#offset}`)
    this.#offset = 0
  }

  #put(name: string, value: Code, ...more: readonly Code[]): void {
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

  /** Prints what stands between a length and the end that it says; `size` where every value takes as many octets. */
  #sized(print: () => void, size?: number): void {
    if (size !== undefined) {
      this.#octets(varintOctets(size))
      print()
      return
    }
    const from = this.#unit.fresh()
    this.#lines.push(code`const ${from} = ${this.#offset > 0 ? code`p += ${this.#offset + 1}` : code`++p`}`)
    this.#offset = 0
    const [room, long] = [this.room, this.#long]
    this.#long = false
    print()
    const short = !this.#long && this.room - room < 128
    this.#settle()
    // A length of one octet has its place already.
    this.#lines.push(short ? code`b[${from} - 1] = p - ${from}` : code`p = ${kernel("closeSized")}(b, ${from}, p)`)
    this.#long ||= long
    this.room += 6
  }

  /** The fields of a message. */
  #content(type: Resolved, x: Code): void {
    if (type.kind === "object") {
      this.#require(code`${kernel(type.fields.some(isNeeded) ? "isRecord" : "isMap")}(${x})`)
      this.#members(type.fields, x)
    } else if (type.kind === "union") this.#union(type, x)
  }

  #members(fields: readonly FieldIr[], x: Code): void {
    for (const field of byNumber(fields)) {
      const member = this.#unit.fresh()
      this.#lines.push(code`const ${member} = ${memberOf(this.#unit, field, x)}`)
      if (isNeeded(field)) {
        this.#field(field, member)
        continue
      }
      this.#settle()
      const body = this.#nested(() => {
        this.#field(field, member)
        this.#settle()
      })
      this.#lines.push(block(code`if (${member} !== undefined)`, body))
    }
  }

  #union(type: UnionIr, x: Code): void {
    this.#require(code`${kernel("isRecord")}(${x})`)
    this.#settle()
    const cases = type.branches.map((branch) => {
      const body = this.#nested(() => {
        this.#octets(tagOctets(branch.number, SIZED))
        this.#sized(() => this.#members(branch.type.fields, x))
        this.#lines.push(code`break`)
      })
      return block(code`case ${string(branch.value)}:`, body)
    })
    const tag = isInherited(type.tag)
      ? code`${kernel("own")}(${x}, ${string(type.tag)})`
      : code`${x}${access(type.tag)}`
    this.#lines.push(block(code`switch (${tag})`, [...cases, code`default:`, code`  ${INVALID}`]))
  }

  /** A field with its tag. */
  #field(field: FieldIr, x: Code): void {
    const type = this.#unit.resolve(field.type)
    switch (type.kind) {
      case "const":
        this.#require(code`${x} === ${constExpression(type.value)}`)
        break
      case "object":
      case "union":
        this.#octets(tagOctets(field.number, SIZED))
        this.#sized(() => this.#content(type, x), sizeOf(this.#unit, type))
        break
      case "list":
        this.#list(field, type, x)
        break
      case "map":
        this.#map(field, type, x)
        break
      default:
        this.#scalar(type, x, tagOctets(field.number, wireType(type)))
    }
  }

  #list(field: FieldIr, type: ListIr, x: Code): void {
    const { min, max } = itemBounds(type)
    const item = this.#unit.resolve(type.item)
    this.#long = true
    this.#require(code`Array.isArray(${x}) && ${x}.length >= ${min} && ${x}.length <= ${max}`)
    this.#settle()
    const packed = wireType(item) !== SIZED
    const [i, one] = [this.#unit.fresh(), this.#unit.fresh()]
    const tag = tagOctets(field.number, SIZED)
    const body = this.#nested(() => {
      this.#lines.push(code`if (p > ${kernel("w")}.lim) ${kernel("grow")}()`, code`const ${one} = ${x}[${i}]!`)
      if (packed) this.#scalar(item, one, [])
      else if (item.kind === "object" || item.kind === "union") {
        this.#octets(tag)
        this.#sized(() => this.#content(item, one), sizeOf(this.#unit, item))
      } else this.#scalar(item, one, tag)
      this.#settle()
    })
    const loop = block(code`for (let ${i} = 0; ${i} < ${x}.length; ${i}++)`, body)
    if (!packed) {
      this.#lines.push(loop)
      return
    }
    const all = this.#nested(() => {
      this.#octets(tag)
      this.#sized(() => this.#lines.push(loop))
    })
    this.#lines.push(block(code`if (${x}.length > 0)`, all))
  }

  #map(field: FieldIr, type: MapIr, x: Code): void {
    const { max, keyMax } = entryBounds(type)
    const [keys, i, name, item] = [this.#unit.fresh(), this.#unit.fresh(), this.#unit.fresh(), this.#unit.fresh()]
    this.#long = true
    this.#require(code`${kernel("isMap")}(${x})`)
    this.#lines.push(code`const ${keys} = Object.keys(${x})`)
    this.#require(code`${keys}.length <= ${max}`)
    this.#settle()
    const body = this.#nested(() => {
      this.#lines.push(
        code`if (p > ${kernel("w")}.lim) ${kernel("grow")}()`,
        code`const ${name} = ${keys}[${i}]!`,
        code`const ${item} = ${x}[${name}]!`,
      )
      this.#octets(tagOctets(field.number, SIZED))
      this.#sized(() => {
        if (type.keyPattern !== undefined) this.#require(code`${this.#unit.pattern(type.keyPattern)}(${name})`)
        this.#scalar({ kind: "string", maxLength: keyMax }, name, tagOctets(1, SIZED))
        this.#field({ name: "value", number: 2, required: true, type: type.value }, item)
      })
    })
    this.#lines.push(block(code`for (let ${i} = 0; ${i} < ${keys}.length; ${i}++)`, body))
  }

  /** A value behind the octets of its tag. */
  #scalar(type: Resolved, x: Code, tag: readonly number[]): void {
    switch (type.kind) {
      case "bool":
        this.#require(code`typeof ${x} === "boolean"`)
        this.#octets(tag)
        this.#lines.push(code`b[${position(this.#offset++)}] = ${x} ? 1 : 0`)
        this.room++
        break
      case "int":
        this.#require(intTest(type, x))
        this.#octets(tag)
        this.#int(type, x)
        break
      case "float":
        this.#float(type, x, tag)
        break
      case "string":
        this.#string(type, x, tag)
        break
      case "bytes":
        this.#octets(tag)
        this.#long = true
        this.#put("putOctets", x, code`${type.minLength ?? 0}`, code`${type.maxLength ?? UNBOUNDED}`)
        this.#lines.push(code`if (p < 0) ${INVALID}`)
        this.room += 6
        break
      case "enum":
        this.#enum(type, x, tag)
        break
      default:
        throw new RangeError(`protobuf has no element of kind ${type.kind}: wrap it in an object`)
    }
  }

  #int(type: IntIr, x: Code): void {
    const most = type.bits === 64 ? 10 : octetsOf(type)
    this.room += type.fixed === true ? 8 : most
    if (type.fixed !== true) {
      if (most === 1) {
        this.#lines.push(code`b[${position(this.#offset++)}] = ${type.signed ? code`(${x} << 1) ^ (${x} >> 31)` : x}`)
        return
      }
      const size = type.bits === 64 ? "64" : "32"
      this.#put(`put${type.signed ? "S" : "U"}${size}`, x)
      return
    }
    const name =
      type.bits === 64 ? (type.signed ? code`BigInt64` : code`BigUint64`) : type.signed ? code`Int32` : code`Uint32`
    this.#lines.push(code`d.set${name}(${position(this.#offset)}, ${x}, true)`)
    this.#offset += type.bits === 64 ? 8 : 4
  }

  #float(type: FloatIr, x: Code, tag: readonly number[]): void {
    const value = type.bits === 32 ? this.#unit.fresh() : x
    if (type.bits === 64 && type.min !== undefined && type.max !== undefined)
      this.#require(code`${kernel("isIn")}(${x}, ${type.min}, ${type.max})`)
    else {
      this.#require(code`typeof ${x} === "number"`)
      if (type.bits === 32) this.#lines.push(code`const ${value} = Math.fround(${x})`)
      this.#require(floatTest(type, value))
    }
    this.#octets(tag)
    this.#lines.push(code`d.setFloat${type.bits}(${position(this.#offset)}, ${value}, true)`)
    this.#offset += type.bits / 8
    this.room += 8
  }

  #string(type: StringIr, x: Code, tag: readonly number[]): void {
    const tests = stringTests(this.#unit, type, x)
    if (tests.length > 0) this.#require(join([code`typeof ${x} === "string"`, ...tests], code` && `))
    this.#octets(tag)
    this.#long = true
    this.#put("putText", x, code`${type.maxLength ?? UNBOUNDED}`)
    this.#lines.push(code`if (p < 0) ${INVALID}`)
    this.room += 6
  }

  #enum(type: EnumIr, x: Code, tag: readonly number[]): void {
    const number = this.#unit.fresh()
    const small = smallEnumNumber(type, x)
    if (small !== undefined) {
      this.#lines.push(code`const ${number} = ${small}`, code`if (${number} < 0) ${INVALID}`)
      this.#octets(tag)
      this.#lines.push(code`b[${position(this.#offset++)}] = ${number}`)
      this.room++
      return
    }
    this.#require(code`typeof ${x} === "string"`)
    this.#lines.push(code`const ${number} = ${enumToNumber(this.#unit, type)}(${x})`)
    this.#require(code`${number} >= 0`)
    this.#octets(tag)
    this.#put("putU32", number)
    this.room += 6
  }
}
