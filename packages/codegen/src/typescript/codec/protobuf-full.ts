import type { FieldIr, TypeIr } from "@fleetwire/ir"
import { type Code, code, ident, indent, join } from "../../core/code.js"
import { constExpression } from "../type-expression.js"
import { typeIdentity } from "../type-identity.js"
import type { Shapes } from "./construct.js"
import { enumNames } from "./enum-number.js"
import { kernel } from "./kernel.js"
import { entryBounds, isNeeded, itemBounds, type Unit } from "./unit.js"
import { wrapped } from "./wire.js"

/** Prints the full path: how a message's fields are read from protobuf, in any order and whatever their values. */
export class ProtobufFullReader {
  /** Declarations, each behind those that it needs. */
  readonly declarations: Code[] = []
  readonly #unit: Unit
  readonly #shapes: Shapes
  readonly #known = new Map<string, Code>()

  constructor(unit: Unit, shapes: Shapes) {
    this.#unit = unit
    this.#shapes = shapes
  }

  /** The name of what reads a message of the contract. */
  top(type: TypeIr): Code {
    const resolved = this.#unit.resolve(type)
    if (resolved.kind === "object" || resolved.kind === "union") return this.#kind(resolved, true)
    const value = code`(value: ${this.#unit.typeOf(type)}) => value`
    return this.#declare("top", kernel("fieldsOf"), [value, ...wrapped(type).map((field) => this.#field(field))])
  }

  #declare(id: string, call: Code | ReturnType<typeof kernel>, args: readonly Code[]): Code {
    const list = indent(args.map((arg) => code`${arg},`))
    const name = ident(`read${this.#known.size}`)
    this.#known.set(id, name)
    this.declarations.push(code`${[code`const ${name} = /* @__PURE__ */ ${call}(`, list, code`)`]}`)
    return name
  }

  #field(field: FieldIr): Code {
    const type = this.#unit.resolve(field.type)
    if (type.kind === "const") return code`[0, ${constExpression(type.value)}]`
    return code`[${field.number}, ${this.#kind(field.type, isNeeded(field))}]`
  }

  #kind(declared: TypeIr, needed: boolean): Code {
    const type = this.#unit.resolve(declared)
    switch (type.kind) {
      case "bool":
        return code`${kernel("FLAG")}`
      case "int": {
        const sign = type.signed ? "S" : "U"
        const fixed = type.signed ? "SFIXED" : "FIXED"
        return code`${kernel(`${type.fixed === true ? fixed : sign}${type.bits === 64 ? 64 : 32}`)}`
      }
      case "float":
        return code`${kernel(`F${type.bits}`)}`
      case "string":
        return code`${kernel("TEXT")}`
      case "bytes":
        return code`${kernel("OCTETS")}`
      case "enum":
        return this.#once(`enum ${typeIdentity(type)}`, () => [
          code`${kernel("named")}`,
          [code`${enumNames(this.#unit, type)}`, ...(type.open ? [code`true`] : [])],
        ])
      case "list": {
        const args = [this.#kind(type.item, true), code`${itemBounds(type).max}`, flagOf(needed)]
        return code`/* @__PURE__ */ ${kernel("items")}(${join(args, code`, `)})`
      }
      case "map": {
        const args = [this.#kind(type.value, true), code`${entryBounds(type).max}`, flagOf(needed)]
        return code`/* @__PURE__ */ ${kernel("entries")}(${join(args, code`, `)})`
      }
      case "object":
        return this.#once(typeIdentity(type), () => [
          code`${kernel("fieldsOf")}`,
          [code`${this.#shapes.object(type)}`, ...type.fields.map((field) => this.#field(field))],
        ])
      case "union":
        return this.#once(typeIdentity(type), () => [
          code`${kernel("branchesOf")}`,
          type.branches.map((branch) => {
            const made = [
              code`${this.#shapes.branch(type, branch)}`,
              ...branch.type.fields.map((own) => this.#field(own)),
            ]
            return code`[${branch.number}, ${kernel("fieldsOf")}(${join(made, code`, `)})]`
          }),
        ])
      default:
        throw new RangeError(`protobuf has no field of kind ${type.kind}`)
    }
  }

  #once(id: string, print: () => readonly [Code, readonly Code[]]): Code {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const [call, args] = print()
    return this.#declare(id, call, args)
  }
}

function flagOf(value: boolean): Code {
  return value ? code`true` : code`false`
}
