import type { FieldIr, JsonValue, MessageIr, ObjectIr, TypeIr, UnionBranchIr, UnionIr } from "@fleetwire/ir"
import { block, type Code, code, join, key, nothing, numbered, string } from "../../core/code.js"
import { exported, type SymbolRef } from "../../core/symbol.js"
import type { TypescriptContext } from "../context.js"
import { constExpression } from "../type-expression.js"
import { typeIdentity } from "../type-identity.js"
import { kernel } from "./kernel.js"
import { isNeeded, Unit } from "./unit.js"

/** Objects are built in one place for all formats, so that they have one shape. */
export interface Shapes {
  /** The function that builds an object from the values of its fields, in declared order. */
  object(type: ObjectIr): SymbolRef
  /** The same for a branch of a union. */
  branch(type: UnionIr, branch: UnionBranchIr): SymbolRef
  /** The functions' text, for the file that exports them. */
  print(unit: Unit): readonly Code[]
}

/** The shapes of a message, and of everything inside. */
export function shapesOf(context: TypescriptContext, message: MessageIr): Shapes {
  const { guardFile } = context.names.message(message.name)
  const known = new Map<string, { readonly symbol: SymbolRef; readonly print: (unit: Unit) => Code }>()
  const unit = new Unit(context)
  const add = (id: string, print: (symbol: SymbolRef, unit: Unit) => Code): void => {
    if (known.has(id)) return
    const made = exported(`make${known.size}`, guardFile)
    known.set(id, { symbol: made, print: (at) => print(made, at) })
  }
  const visit = (declared: TypeIr): void => {
    const type = unit.resolve(declared)
    if (type.kind === "object") {
      add(idOf(type), (made, at) => maker(at, made, { type: at.typeOf(type), fields: type.fields }))
      for (const field of type.fields) visit(field.type)
    } else if (type.kind === "union") {
      for (const branch of type.branches) {
        const tag = { name: type.tag, value: branch.value }
        add(branchId(type, branch), (made, at) =>
          maker(at, made, { type: at.branchType(type, branch), fields: branch.type.fields, tag }),
        )
        for (const field of branch.type.fields) visit(field.type)
      }
    } else if (type.kind === "list") visit(type.item)
    else if (type.kind === "map") visit(type.value)
  }
  visit(message.type)
  return {
    object: (type) => known.get(idOf(type))!.symbol,
    branch: (type, branch) => known.get(branchId(type, branch))!.symbol,
    print: (at) => [...known.values()].map(({ print }) => print(at)),
  }
}

function idOf(type: TypeIr): string {
  return typeIdentity(type)
}

function branchId(type: UnionIr, branch: UnionBranchIr): string {
  return `${type.tag} ${branch.value} ${idOf(type)}`
}

interface Shape {
  readonly type: Code
  readonly fields: readonly FieldIr[]
  readonly tag?: { readonly name: string; readonly value: string }
}

function maker(unit: Unit, name: SymbolRef, shape: Shape): Code {
  const values = shape.fields.map((_, index) => numbered("a", index))
  const params = shape.fields.map((field, index) => {
    const type = unit.typeOf(field.type)
    return code`${values[index]!}: ${type}${isNeeded(field) ? nothing : code` | undefined`}`
  })
  const members = shape.fields.map((field, index) => {
    const value = values[index]!
    if (field.default === undefined) return code`${key(field.name)}: ${value},`
    const given = defaultExpression(unit, field.type, field.default)
    return code`${key(field.name)}: ${value} === undefined ? ${given} : ${value},`
  })
  if (shape.tag !== undefined) members.unshift(code`${key(shape.tag.name)}: ${string(shape.tag.value)},`)
  const absent = shape.fields.flatMap((field, index) =>
    isNeeded(field) || field.default !== undefined ? [] : [code`${values[index]!} === undefined`],
  )
  const head = code`export function ${name}(${join(params, code`, `)}): ${shape.type}`
  const made = block(code`const made =`, members)
  if (absent.length === 0) return block(head, [made, code`return made as ${shape.type}`])
  const sparse = code`${join(absent, code` || `)} ? ${kernel("sparse")}(made) : made`
  return block(head, [made, code`return (${sparse}) as unknown as ${shape.type}`])
}

/** What the contract says stands for an absent field, as the decoded value. */
export function defaultExpression(unit: Unit, type: TypeIr, value: JsonValue): Code {
  const resolved = unit.resolve(type)
  switch (resolved.kind) {
    case "int":
      return resolved.bits === 64 ? code`${BigInt(value as string | number)}` : code`${Number(value)}`
    case "float":
      return code`${resolved.bits === 32 ? Math.fround(Number(value)) : Number(value)}`
    case "bytes":
      return code`${kernel("fromBase64")}(${string(String(value))})`
    case "list":
      return code`[${join(
        (value as readonly JsonValue[]).map((item) => defaultExpression(unit, resolved.item, item)),
        code`, `,
      )}]`
    case "map": {
      const entries = Object.entries(value as { readonly [key: string]: JsonValue })
      const list = entries.map(
        ([name, item]) => code`[${string(name)}, ${defaultExpression(unit, resolved.value, item)}]`,
      )
      return code`${kernel("mapOf")}([${join(list, code`, `)}])`
    }
    case "object":
      return objectDefault(unit, resolved.fields, value, [])
    case "union": {
      const said = (value as { readonly [key: string]: JsonValue })[resolved.tag]
      const branch = resolved.branches.find((candidate) => candidate.value === said)!
      return objectDefault(unit, branch.type.fields, value, [code`${key(resolved.tag)}: ${string(branch.value)}`])
    }
    default:
      return constExpression(value as string | number | boolean)
  }
}

function objectDefault(
  unit: Unit,
  fields: readonly { readonly name: string; readonly type: TypeIr; readonly default?: JsonValue }[],
  value: JsonValue,
  first: readonly Code[],
): Code {
  const given = value as { readonly [key: string]: JsonValue }
  const members = [...first]
  for (const field of fields) {
    const own = Object.hasOwn(given, field.name) ? given[field.name] : field.default
    if (own !== undefined) members.push(code`${key(field.name)}: ${defaultExpression(unit, field.type, own)}`)
  }
  return code`{ ${join(members, code`, `)} }`
}
