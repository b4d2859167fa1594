import type { JsonValue, TypeIr } from "@fleetwire/ir"
import { block, type Code, code, join, key, nothing, string } from "../../core/code.js"
import { constExpression } from "../type-expression.js"
import { kernel, kernelType } from "./kernel.js"
import type { Unit } from "./unit.js"

/** A member of an object to be built: its value, and whether that is `undefined` where the member is absent. */
export interface Part {
  readonly name: string
  readonly value: Code
  readonly optional: boolean
}

/** An object with these members. Where some may be absent, `lines` takes statements that are needed before. */
export function construct(unit: Unit, type: Code, parts: readonly Part[], lines: Code[]): Code {
  const optional = parts.filter((part) => part.optional)
  if (optional.length === 0) return literal(parts)
  const object = unit.fresh()
  const present = join(
    optional.map((part) => code`${part.value} !== undefined`),
    code` && `,
  )
  const draft = kernelType("Draft")
  // The usual case, all members present, gets its final shape at once.
  lines.push(
    code`let ${object}: ${type}`,
    block(code`if (${present})`, code`${object} = ${literal(parts)}`),
    block(code`else`, [
      inherits(optional)
        ? code`const draft = ${literal(parts.filter((part) => !part.optional))} as unknown as ${draft}<${type}>`
        : code`const draft: ${draft}<${type}> = ${literal(parts.filter((part) => !part.optional))}`,
      ...optional.map((part) =>
        part.name === "__proto__"
          ? code`if (${part.value} !== undefined) Object.defineProperty(draft, "__proto__", { value: ${part.value}, enumerable: true, configurable: true, writable: true })`
          : code`if (${part.value} !== undefined) draft${accessOf(part.name)} = ${part.value}`,
      ),
      code`${object} = draft`,
    ]),
  )
  return object
}

/** A member that every object has anyway, with another type, such as `toString`. */
function inherits(parts: readonly Part[]): boolean {
  return parts.some((part) => part.name in Object.prototype)
}

function accessOf(name: string): Code {
  return code`[${string(name)}]`
}

function literal(parts: readonly Part[]): Code {
  if (parts.length === 0) return code`{}`
  const members = parts.map((part) => code`${key(part.name)}: ${part.value}`)
  if (parts.length === 1) return code`{ ${members[0]!} }`
  return block(
    nothing,
    members.map((member) => code`${member},`),
  )
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
