import type { FieldIr, MessageIr, TypeIr } from "@fleetwire/ir"
import { block, type Code, code, indent, join, nothing, string } from "../../core/code.js"
import type { CodeFile } from "../../core/code-file.js"
import { exported, type SymbolRef } from "../../core/symbol.js"
import type { TypescriptContext } from "../context.js"
import { runtimeType } from "../runtime-symbols.js"
import { constExpression } from "../type-expression.js"
import { shapesOf } from "./construct.js"
import { kernel } from "./kernel.js"
import { earlierKeys, entryBounds, isNeeded, itemBounds, octetBound, UNBOUNDED, Unit, wideLiteral } from "./unit.js"

/** The walk that finds out what is wrong with a value of the message, in whatever format it came. */
export function walkOf(context: TypescriptContext, message: string): SymbolRef {
  return exported("walk", context.names.message(message).guardFile)
}

/** `isTelemetry`, `telemetryIssues`, and the walk that the codecs share. */
export function emitGuard(context: TypescriptContext, message: MessageIr): CodeFile {
  const names = context.names.message(message.name)
  const file = context.file(names.guardFile, ["value", "x"])
  const unit = new Unit(context)
  const walk = walkOf(context, message.name)
  const body = walkExpression(unit, message.type)
  file.print(
    ...unit.constants,
    code``,
    code`/** True for a value that every format of the message carries. Fields with a default may be absent. */`,
    block(
      code`export function ${names.guard}(value: unknown): value is ${names.type}`,
      code`return ${names.issues}(value).length === 0`,
    ),
    code``,
    code`/** What is wrong with a value, at most 16 issues; none where it is valid. */`,
    block(
      code`export function ${names.issues}(value: unknown): readonly ${runtimeType("Issue")}[]`,
      code`return ${kernel("check")}(value, ${walk})`,
    ),
    code``,
    code`/** What the codecs of the message explain a refusal with. */`,
    block(code`export function ${walk}(x: unknown): void`, body),
    ...shapesOf(context, message)
      .print(unit)
      .flatMap((shape) => [code``, shape]),
  )
  return file
}

/** A call that looks at `x`. */
function walkExpression(unit: Unit, type: TypeIr): Code {
  const resolved = unit.resolve(type)
  const call = (name: string, ...args: readonly Code[]): Code =>
    code`${kernel(name)}(${join([code`x`, ...args], code`, `)})`
  switch (resolved.kind) {
    case "bool":
      return call("aBool")
    case "int": {
      if (resolved.bits === 64)
        return call(
          "aWide",
          ...trim(wideLiteral(resolved.min), wideLiteral(resolved.max), wideMultiple(resolved.multipleOf)),
        )
      return call(
        "anInt",
        ...trim(code`${Number(resolved.min)}`, code`${Number(resolved.max)}`, optionalNumber(resolved.multipleOf)),
      )
    }
    case "float":
      return call("aFloat", ...trim(code`${resolved.bits}`, optionalNumber(resolved.min), optionalNumber(resolved.max)))
    case "string":
      return call(
        "aString",
        ...trim(
          code`${resolved.minLength ?? 0}`,
          code`${resolved.maxLength ?? UNBOUNDED}`,
          optionalNumber(octetBound(resolved)),
          ...unit.rules(resolved).map((rule) => code`[${string(rule.code)}, ${string(rule.name)}, ${rule.test}]`),
        ),
      )
    case "bytes":
      return call("someBytes", code`${resolved.minLength ?? 0}`, code`${resolved.maxLength ?? UNBOUNDED}`)
    case "enum": {
      const list = join(
        resolved.values.map((value) => string(value.name)),
        code`, `,
      )
      const numbers = join(
        resolved.values.map((value) => value.number),
        code`, `,
      )
      return call(
        "anEnum",
        ...trim(
          code`[${list}]`,
          resolved.open ? code`true` : code`false`,
          resolved.compactAs === "number" ? code`[${numbers}]` : undefined,
        ),
      )
    }
    case "const":
      return call("aConst", constExpression(resolved.value))
    case "list": {
      const { min, max } = itemBounds(resolved)
      return call("aList", walkFunction(unit, resolved.item), code`${min}`, code`${max}`)
    }
    case "map": {
      const { max, keyMax } = entryBounds(resolved)
      const test = resolved.keyPattern === undefined ? undefined : unit.pattern(resolved.keyPattern)
      return call("aMap", walkFunction(unit, resolved.value), ...trim(code`${max}`, code`${keyMax}`, test))
    }
    case "object":
      return membersCall(
        code`${kernel("anObject")}(${subject(resolved.fields)}`,
        resolved.fields.map((field) => member(unit, field)),
      )
    case "union":
      return membersCall(
        code`${kernel("aUnion")}(x, ${string(resolved.tag)}`,
        resolved.branches.map((branch) => code`[${string(branch.value)}, ${walkFunction(unit, branch.type)}]`),
      )
  }
}

function membersCall(head: Code, members: readonly Code[]): Code {
  if (members.length === 0) return code`${head})`
  return code`${[code`${head},`, indent(members.map((item) => code`${item},`)), code`)`]}`
}

function member(unit: Unit, field: FieldIr): Code {
  const need = (isNeeded(field) ? 1 : 0) + (field.nullAsAbsent === true ? 2 : 0)
  const short = field.short === undefined || field.short === field.name ? nothing : code`, ${string(field.short)}`
  return code`[${string(field.name)}, ${need}, ${walkFunction(unit, field.type)}${short}]`
}

/** The value, with what stands under earlier names of its fields moved to their keys. */
function subject(fields: readonly FieldIr[]): Code {
  const names = fields.map(({ name }) => name)
  const moved = fields.flatMap((field) => {
    const earlier = earlierKeys(field, names).map(string)
    if (earlier.length === 0) return []
    const short = field.short === undefined || field.short === field.name ? nothing : code`, ${string(field.short)}`
    return [code`[${string(field.name)}, [${join(earlier, code`, `)}]${short}]`]
  })
  return moved.length === 0 ? code`x` : code`${kernel("renamed")}(x, ${join(moved, code`, `)})`
}

function walkFunction(unit: Unit, type: TypeIr): Code {
  const resolved = unit.resolve(type)
  return resolved.kind === "bool" ? code`${kernel("aBool")}` : code`(x) => ${walkExpression(unit, resolved)}`
}

function optionalNumber(value: number | undefined): Code | undefined {
  return value === undefined ? undefined : code`${value}`
}

function wideMultiple(value: number | undefined): Code | undefined {
  return value === undefined ? undefined : code`${BigInt(value)}`
}

/** Arguments without the absent ones at the end; absent ones before others are `undefined`. */
export function trim(...args: readonly (Code | undefined)[]): readonly Code[] {
  let end = args.length
  while (end > 0 && args[end - 1] === undefined) end--
  return args.slice(0, end).map((arg) => arg ?? code`undefined`)
}
