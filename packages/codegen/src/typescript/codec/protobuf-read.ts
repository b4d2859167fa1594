// Longer than most: each kind of field is one case of the same loop over tags.
import type { EnumIr, FieldIr, IntIr, ListIr, MapIr, ObjectIr, StringIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { block, type Code, code, ident, indent, join, nothing, string } from "../../core/code.js"
import { symbol } from "../../core/symbol.js"
import { constExpression } from "../type-expression.js"
import { typeIdentity } from "../type-identity.js"
import type { Shapes } from "./construct.js"
import { enumByNumber } from "./enum-number.js"
import { made, stringTests } from "./json-fast.js"
import { floatTest } from "./json-write.js"
import { KERNEL_V1, kernel } from "./kernel.js"
import { entryBounds, isNeeded, itemBounds, type Resolved, UNBOUNDED, type Unit, wideLiteral } from "./unit.js"
import { SIZED, wireTypeOf, wrapped } from "./wire.js"

const STOP = code`return undefined`

/** A field while its message is read: where its value goes, and what is printed before, for it, and after the loop. */
interface Slot {
  readonly field: FieldIr
  readonly declare: readonly Code[]
  /** Cases of the switch over tags. */
  readonly cases: readonly { readonly tag: number; readonly lines: readonly Code[] }[]
  readonly finish: readonly Code[]
  /** The value, `undefined` where it was absent. */
  readonly value: Code
  readonly optional: boolean
}

/** Prints functions that read messages from protobuf: a loop over tags, values checked as they come. */
export class ProtobufReader {
  readonly functions: Code[] = []
  readonly #unit: Unit
  readonly #shapes: Shapes
  readonly #known = new Map<string, Code>()

  constructor(unit: Unit, shapes: Shapes) {
    this.#unit = unit
    this.#shapes = shapes
  }

  /** The function that reads a message of the contract. */
  top(type: TypeIr): Code {
    const resolved = this.#unit.resolve(type)
    if (resolved.kind === "object" || resolved.kind === "union") return this.#message(resolved)
    return this.#function(`top ${typeIdentity(resolved)}`, this.#unit.typeOf(type), () => {
      const slots = wrapped(type).map((field) => this.#slot(field, true))
      return [...this.#loop(slots), code`return ${slots[0]!.value}`]
    })
  }

  #message(type: ObjectIr | UnionIr): Code {
    const id = typeIdentity(type)
    return this.#function(id, this.#unit.typeOf(type), () =>
      type.kind === "object" ? this.#object(type) : this.#union(type),
    )
  }

  #function(id: string, type: Code, body: () => readonly Code[]): Code {
    let name = this.#known.get(id)
    if (name === undefined) {
      name = ident(`read${this.#known.size}`)
      this.#known.set(id, name)
      const lines = body()
      const octets = symbol("Octets", KERNEL_V1, { type: true })
      const head = code`function ${name}(b: ${octets}, d: DataView, p: number, end: number): ${type} | undefined`
      this.functions.push(block(head, lines))
    }
    return name
  }

  #object(type: ObjectIr): readonly Code[] {
    const slots = type.fields.map((field) => this.#slot(field, false))
    return [...this.#loop(slots), code`return ${made(this.#shapes.object(type), slots.map(heldBy))}`]
  }

  #union(type: UnionIr): readonly Code[] {
    const [which, read, places] = [this.#unit.fresh(), this.#unit.fresh(), this.#place()]
    const cases = type.branches.map((branch) => ({
      tag: branch.number * 8 + SIZED,
      lines: [
        block(code`if (${which} !== ${branch.number})`, [
          // Another branch takes the place of the one before, which must have been protobuf nevertheless.
          code`if (${places.from} >= 0 && !${kernel("superseded")}(${read}(), ${places.from}, ${places.to}, ${places.more})) ${STOP}`,
          ...places.reset,
          code`${which} = ${branch.number}`,
        ]),
        ...places.note(type.tag),
      ],
    }))
    const readers = type.branches.map((branch) => {
      const id = `branch ${type.tag} ${typeIdentity(branch)}`
      const reader = this.#function(id, this.#unit.typeOf(type), () => {
        const slots = branch.type.fields.map((field) => this.#slot(field, false))
        return [...this.#loop(slots), code`return ${made(this.#shapes.branch(type, branch), slots.map(heldBy))}`]
      })
      return [code`case ${branch.number}:`, indent(code`return ${reader}`)]
    })
    const readMessage = symbol("ReadMessage", KERNEL_V1, { type: true })
    return [
      code`let ${which} = 0`,
      ...places.declare,
      block(code`const ${read} = (): ${readMessage}<${this.#unit.typeOf(type)}> =>`, [
        block(code`switch (${which})`, [...readers, code`default:`, indent(code`return ${kernel("cut")}`)]),
      ]),
      ...this.#tags(
        cases,
        type.branches.map((branch) => branch.number),
      ),
      // Without a branch there is no value; something must stand for it while the rest is looked at.
      code`if (${which} === 0) return ${kernel("no")}() ? undefined : ({} as ${this.#unit.typeOf(type)})`,
      code`return ${places.read(code`${read}()`)}`,
    ]
  }

  /** The loop over tags with what stands before and behind it. */
  #loop(slots: readonly Slot[]): readonly Code[] {
    const needed = slots.filter((slot) => isNeeded(slot.field) && slot.optional)
    const missing = join(
      needed.map((slot) => code`${slot.value} === undefined`),
      code` || `,
    )
    return [
      ...slots.flatMap((slot) => slot.declare),
      ...this.#tags(
        slots.flatMap((slot) => slot.cases),
        slots.filter((slot) => slot.cases.length > 0).map((slot) => slot.field.number),
      ),
      ...slots.flatMap((slot) => slot.finish),
      needed.length === 0 ? nothing : code`if ((${missing}) && ${kernel("no")}()) ${STOP}`,
    ]
  }

  #tags(cases: Slot["cases"], numbers: readonly number[]): readonly Code[] {
    const known = this.#unit.constant(`numbers ${numbers.join()}`, () => code`[${join(numbers, code`, `)}] as number[]`)
    const rest = [
      code`if (!${kernel("skipField")}(b, p, end, t, ${known}) && ${kernel("no")}()) ${STOP}`,
      code`p = ${kernel("r")}.p`,
    ]
    return [
      block(code`while (p < end)`, [
        code`let t = b[p++]!`,
        block(code`if (t > 127)`, [code`t = ${kernel("tagRest")}(b, p)`, code`p = ${kernel("r")}.p`]),
        block(code`switch (t)`, [
          ...cases.map(({ tag, lines }) => block(code`case ${tag}:`, [...lines, code`break`])),
          code`default:`,
          indent(rest),
        ]),
      ]),
      code`if (p !== end) return ${kernel("cut")}()`,
    ]
  }

  /** Where a message field stood: read after the loop, all its occurrences as one. */
  #place() {
    const [from, to, more] = [this.#unit.fresh(), this.#unit.fresh(), this.#unit.fresh()]
    const places = symbol("Places", KERNEL_V1, { type: true })
    return {
      declare: [code`let ${from} = -1`, code`let ${to} = 0`, code`let ${more}: ${places} | undefined`],
      reset: [code`${from} = -1`, code`${more} = undefined`],
      from,
      to,
      more,
      note: (name: string): readonly Code[] => [
        code`if (${from} >= 0) ${more} = ${kernel("again")}(${more}, ${from}, ${to})`,
        code`${to} = ${kernel("sized")}(b, p, end)`,
        code`if (${to} < 0 && ${kernel("no")}(${string(name)})) ${STOP}`,
        code`${from} = ${kernel("r")}.p`,
        code`p = ${to}`,
      ],
      read: (read: Code): Code =>
        code`${more} === undefined ? ${read}(b, d, ${from}, ${to}) : ${kernel("merged")}(${read}, ${more}, ${from}, ${to})`,
    }
  }

  /** `top`: the value is the message itself, so that its field has no name. */
  #slot(field: FieldIr, top: boolean): Slot {
    const type = this.#unit.resolve(field.type)
    const value = this.#unit.fresh()
    const stop = code`${kernel("no")}(${top ? nothing : string(field.name)})`
    const tag = (wire: number): number => field.number * 8 + wire
    const declare = [code`let ${value}: ${this.#unit.typeOf(field.type)} | undefined`]
    switch (type.kind) {
      case "const":
        return { field, declare: [], cases: [], finish: [], value: constExpression(type.value), optional: false }
      case "object":
      case "union": {
        const place = this.#place()
        return {
          field,
          declare: [...place.declare, ...declare],
          cases: [{ tag: tag(SIZED), lines: place.note(field.name) }],
          finish: [
            block(code`if (${place.from} >= 0)`, [
              code`${value} = ${place.read(this.#message(type))}`,
              code`if (${value} === undefined && ${stop}) ${STOP}`,
            ]),
          ],
          value,
          optional: true,
        }
      }
      case "list":
        return this.#list(field, type, { value, stop })
      case "map":
        return this.#map(field, type, { value, stop })
      default:
        return {
          field,
          declare,
          cases: [{ tag: tag(wireTypeOf(type)), lines: this.#scalar(type, value, stop) }],
          finish: [],
          value,
          optional: true,
        }
    }
  }

  #list(field: FieldIr, type: ListIr, { value, stop }: { readonly value: Code; readonly stop: Code }): Slot {
    const { min, max } = itemBounds(type)
    const item = this.#unit.resolve(type.item)
    const wire = wireTypeOf(item)
    const one = this.#unit.fresh()
    const full = code`if (${value}.length === ${max} && ${stop}) ${STOP}`
    const cases: { tag: number; lines: readonly Code[] }[] = []
    if (wire === SIZED) {
      cases.push({
        tag: field.number * 8 + SIZED,
        lines: [full, ...this.#element(item, one, stop), code`${value}.push(${one}!)`],
      })
    } else {
      const read = [
        full,
        code`let ${one}: ${this.#unit.typeOf(type.item)} | undefined`,
        ...this.#scalar(item, one, stop),
        code`${value}.push(${one}!)`,
      ]
      const last = this.#unit.fresh()
      cases.push(
        { tag: field.number * 8 + wire, lines: read },
        {
          tag: field.number * 8 + SIZED,
          lines: [
            code`const ${last} = ${kernel("sized")}(b, p, end)`,
            code`if (${last} < 0 && ${stop}) ${STOP}`,
            code`p = ${kernel("r")}.p`,
            block(code`while (p < ${last})`, read),
            code`if (p !== ${last}) return ${kernel("cut")}()`,
          ],
        },
      )
    }
    const short = min === 0 ? nothing : code`${value}.length < ${min}`
    const finish = isNeeded(field) || min === 0 ? [] : [code`${value}.length > 0 && ${short}`]
    const tooFew = isNeeded(field) ? (min === 0 ? [] : [short]) : finish
    return {
      field,
      declare: [code`const ${value}: ${this.#unit.typeOf(type.item)}[] = []`],
      cases,
      finish: tooFew.map((test) => code`if (${test} && ${kernel("no")}()) ${STOP}`),
      // What is not on the wire was empty where it is required, and absent where it is not.
      value: isNeeded(field) ? value : code`(${value}.length > 0 ? ${value} : undefined)`,
      optional: !isNeeded(field),
    }
  }

  #map(field: FieldIr, type: MapIr, { value, stop }: { readonly value: Code; readonly stop: Code }): Slot {
    const { max, keyMax } = entryBounds(type)
    const count = this.#unit.fresh()
    const entry = this.#entry(type)
    const [found, last] = [this.#unit.fresh(), this.#unit.fresh()]
    const tests = [code`${found}.key.length > ${keyMax} && ${kernel("points")}(${found}.key) > ${keyMax}`]
    if (type.keyPattern !== undefined) tests.push(code`!${this.#unit.pattern(type.keyPattern)}(${found}.key)`)
    if (keyMax === UNBOUNDED) tests.shift()
    return {
      field,
      declare: [
        code`const ${value}: { [key: string]: ${this.#unit.typeOf(type.value)} } = Object.create(null)`,
        code`let ${count} = 0`,
      ],
      cases: [
        {
          tag: field.number * 8 + SIZED,
          lines: [
            code`const ${last} = ${kernel("sized")}(b, p, end)`,
            code`if (${last} < 0 && ${stop}) ${STOP}`,
            code`const ${found} = ${entry}(b, d, ${kernel("r")}.p, ${last})`,
            code`if (${found} === undefined) return void ${stop}`,
            ...tests.map((test) => code`if (${test} && ${stop}) ${STOP}`),
            code`if (!(${found}.key in ${value}) && ++${count} > ${max} && ${stop}) ${STOP}`,
            code`${value}[${found}.key] = ${found}.value`,
            code`p = ${last}`,
          ],
        },
      ],
      finish: [],
      value: isNeeded(field) ? value : code`(${count} > 0 ? ${value} : undefined)`,
      optional: !isNeeded(field),
    }
  }

  /** The function that reads an entry of a map: a message whose fields may be absent, which is their zero. */
  #entry(type: MapIr): Code {
    const id = `entry ${typeIdentity(type.value)}`
    const valueType = this.#unit.typeOf(type.value)
    return this.#function(id, code`{ key: string; value: ${valueType} }`, () => {
      const text: TypeIr = { kind: "string" }
      const key = this.#slot({ name: "key", number: 1, required: false, type: text }, true)
      const value = this.#slot({ name: "value", number: 2, required: false, type: type.value }, true)
      const resolved = this.#unit.resolve(type.value)
      const name = this.#unit.fresh()
      const held = this.#unit.fresh()
      return [
        ...this.#loop([key, value]),
        code`const ${name} = ${key.value} ?? ""`,
        code`let ${held} = ${value.value}`,
        block(code`if (${held} === undefined)`, this.#zero(resolved, held)),
        code`return { key: ${name}, value: ${held}! }`,
      ]
    })
  }

  /** Statements that give a variable what an absent value of an entry stands for. */
  #zero(type: Resolved, value: Code): readonly Code[] {
    const stop = code`${kernel("no")}()`
    switch (type.kind) {
      case "bool":
        return [code`${value} = false`]
      case "int":
        return type.bits === 64
          ? this.#bounded(code`0n`, value, wideTest(type, value), stop)
          : this.#bounded(code`0`, value, plainTest(type, value), stop)
      case "float":
        return this.#bounded(code`0`, value, floatTest(type, value), stop)
      case "string":
        return this.#bounded(
          code`""`,
          value,
          join([code`true`, ...stringTests(this.#unit, type, value)], code` && `),
          stop,
        )
      case "bytes":
        return [code`${value} = new Uint8Array(0)`, (type.minLength ?? 0) > 0 ? code`if (${stop}) ${STOP}` : nothing]
      case "enum":
        return [
          code`${value} = ${enumByNumber(this.#unit, type)}(0)`,
          code`if (${value} === undefined && ${stop}) ${STOP}`,
        ]
      case "object":
      case "union":
        return [
          code`${value} = ${this.#message(type)}(b, d, end, end)`,
          code`if (${value} === undefined && ${stop}) ${STOP}`,
        ]
      default:
        return []
    }
  }

  #bounded(zero: Code, value: Code, test: Code, stop: Code): readonly Code[] {
    return [code`${value} = ${zero}`, code`if (!(${test}) && ${stop}) ${STOP}`]
  }

  /** One item of a list that has a length of its own. */
  #element(item: Resolved, one: Code, stop: Code): readonly Code[] {
    if (item.kind !== "object" && item.kind !== "union") {
      return [code`let ${one}: ${this.#unit.typeOf(item)} | undefined`, ...this.#scalar(item, one, stop)]
    }
    const last = this.#unit.fresh()
    return [
      code`const ${last} = ${kernel("sized")}(b, p, end)`,
      code`if (${last} < 0 && ${stop}) ${STOP}`,
      code`const ${one} = ${this.#message(item)}(b, d, ${kernel("r")}.p, ${last})`,
      code`if (${one} === undefined && ${stop}) ${STOP}`,
      code`p = ${last}`,
    ]
  }

  /** Statements that read a scalar at `p` into a variable and go on behind it. */
  #scalar(type: Resolved, value: Code, stop: Code): readonly Code[] {
    const after = code`p = ${kernel("r")}.p`
    const check = (test: Code): Code => code`if (!(${test}) && ${stop}) ${STOP}`
    switch (type.kind) {
      case "bool":
        return [code`${value} = ${kernel("flag")}(b, p)`, check(code`${value} !== undefined`), after]
      case "int":
        return this.#int(type, value, check)
      case "float": {
        const size = type.bits / 8
        const get = type.bits === 64 ? code`d.getFloat64(p, true)` : code`d.getFloat32(p, true)`
        return [code`${value} = ${get}`, check(floatTest(type, value)), code`p += ${size}`]
      }
      case "string":
        return this.#string(type, value, check)
      case "bytes":
        return [
          code`${value} = ${kernel("octetsAt")}(b, p, end, ${type.minLength ?? 0}, ${type.maxLength ?? UNBOUNDED})`,
          check(code`${value} !== undefined`),
          after,
        ]
      case "enum":
        return this.#enum(type, value, check)
      default:
        throw new RangeError(`protobuf has no element of kind ${type.kind}: wrap it in an object`)
    }
  }

  #int(type: IntIr, value: Code, check: (test: Code) => Code): readonly Code[] {
    if (type.fixed === true) {
      const size = type.bits === 64 ? 8 : 4
      const get =
        type.bits === 64
          ? code`d.get${type.signed ? code`BigInt64` : code`BigUint64`}`
          : code`d.get${type.signed ? code`Int32` : code`Uint32`}`
      const test = type.bits === 64 ? wideTest(type, value) : plainTest(type, value)
      return [code`${value} = ${get}(p, true)`, check(test), code`p += ${size}`]
    }
    const after = code`p = ${kernel("r")}.p`
    if (type.bits === 64)
      return [
        code`${value} = ${kernel(type.signed ? "s64" : "u64")}(b, p)`,
        check(code`${value} !== undefined && ${wideTest(type, value)}`),
        after,
      ]
    return [code`${value} = ${kernel(type.signed ? "s32" : "u32")}(b, p)`, check(plainTest(type, value)), after]
  }

  #string(type: StringIr, value: Code, check: (test: Code) => Code): readonly Code[] {
    const tests = [code`${value} !== undefined`, ...stringTests(this.#unit, type, value)]
    return [
      code`${value} = ${kernel("textAt")}(b, p, end, ${type.maxLength ?? UNBOUNDED})`,
      check(join(tests, code` && `)),
      code`p = ${kernel("r")}.p`,
    ]
  }

  #enum(type: EnumIr, value: Code, check: (test: Code) => Code): readonly Code[] {
    // An unknown number has no name; something must stand for it while the rest is looked at.
    return [
      code`${value} = ${enumByNumber(this.#unit, type)}(${kernel("low32")}(b, p))`,
      check(code`${value} !== undefined`),
      code`${value} ??= "#" as never`,
      code`p = ${kernel("r")}.p`,
    ]
  }
}

function heldBy(slot: Slot): Code {
  return isNeeded(slot.field) && slot.optional ? code`${slot.value}!` : slot.value
}

function plainTest(type: IntIr, value: Code): Code {
  const multiple = type.multipleOf === undefined ? nothing : code` && ${value} % ${type.multipleOf} === 0`
  return code`${value} >= ${Number(type.min)} && ${value} <= ${Number(type.max)}${multiple}`
}

function wideTest(type: IntIr, value: Code): Code {
  const multiple = type.multipleOf === undefined ? nothing : code` && ${value} % ${BigInt(type.multipleOf)} === 0n`
  return code`${value} >= ${wideLiteral(type.min)} && ${value} <= ${wideLiteral(type.max)}${multiple}`
}
