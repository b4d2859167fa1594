import type { TypeIr } from "@fleetwire/ir"
import { type TSchema, Type } from "@sinclair/typebox"
import { TypeCompiler } from "@sinclair/typebox/compiler"
import { Ajv2020 } from "ajv/dist/2020.js"
import { z } from "zod"
import { messageSchema } from "../../../packages/codegen/src/json-schema/message-schema.js"
import { handWritten } from "./hand-written.js"
import { contract } from "./messages.js"

export type Check = (value: unknown) => boolean

/** What checks a parsed value, by the peer's name. */
export function validatorsOf(message: string): ReadonlyMap<string, Check> {
  const { type } = contract.messages.find(({ name }) => name === message)!
  const compiled = TypeCompiler.Compile(typebox(type))
  const zodSchema = zod(type)
  return new Map<string, Check>([
    ["hand-written", handWritten[message]!],
    ["TypeBox compiled", (value) => compiled.Check(value)],
    ["ajv", new Ajv2020({ strict: false, strictNumbers: true }).compile(messageSchema(contract, message)) as Check],
    ["zod 4", (value) => zodSchema.safeParse(value).success],
  ])
}

/** How a peer holds a decoded message: enums by name, or by number, with fields as declared or in camel case. */
export type Form = "names" | "numbers" | "camel"

/**
 * A check of a value in a peer's own form, as strict as our codecs: bounds, and text that is text. What a peer puts in
 * place of invalid UTF-8 is refused, and so are halves of surrogate pairs.
 */
export function strictCheck(message: string, form: Form): Check {
  const { type } = contract.messages.find(({ name }) => name === message)!
  const compiled = TypeCompiler.Compile(typebox(type, form))
  const texts = textCheck(type, form)
  return (value) => compiled.Check(value) && (texts === undefined || texts(value))
}

function keyIn(form: Form, name: string): string {
  return form === "camel" ? name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) : name
}

function textCheck(type: TypeIr, form: Form): Check | undefined {
  switch (type.kind) {
    case "string":
      return (value) => {
        const text = value as string & { isWellFormed(): boolean }
        return text.isWellFormed() && !text.includes("\ufffd")
      }
    case "list": {
      const item = textCheck(type.item, form)
      return item && ((value) => (value as readonly unknown[]).every(item))
    }
    case "object": {
      const members = type.fields.flatMap((field) => {
        const own = textCheck(field.type, form)
        return own === undefined ? [] : [[keyIn(form, field.name), own] as const]
      })
      if (members.length === 0) return undefined
      return (value) => {
        const held = value as { readonly [key: string]: unknown }
        for (const [key, own] of members) if (held[key] !== undefined && !own(held[key])) return false
        return true
      }
    }
    default:
      return undefined
  }
}

function typebox(type: TypeIr, form: Form = "names"): TSchema {
  switch (type.kind) {
    case "bool":
      return Type.Boolean()
    case "int":
      return Type.Integer({ minimum: Number(type.min), maximum: Number(type.max) })
    case "float":
      return Type.Number({
        ...(type.min !== undefined && { minimum: type.min }),
        ...(type.max !== undefined && { maximum: type.max }),
      })
    case "string":
      return Type.String({
        ...(type.minLength !== undefined && { minLength: type.minLength }),
        ...(type.maxLength !== undefined && { maxLength: type.maxLength }),
      })
    case "enum":
      return Type.Union(type.values.map(({ name, number }) => Type.Literal(form === "names" ? name : number)))
    case "list":
      return Type.Array(typebox(type.item, form), type.maxItems === undefined ? {} : { maxItems: type.maxItems })
    case "object":
      return Type.Object(
        Object.fromEntries(
          type.fields.map((field) => {
            const own = typebox(field.type, form)
            return [keyIn(form, field.name), field.required && field.default === undefined ? own : Type.Optional(own)]
          }),
        ),
      )
    default:
      throw new RangeError(`no such type in these messages: ${type.kind}`)
  }
}

function zod(type: TypeIr): z.ZodType {
  switch (type.kind) {
    case "bool":
      return z.boolean()
    case "int":
      return z.int().min(Number(type.min)).max(Number(type.max))
    case "float": {
      let own = z.number()
      if (type.min !== undefined) own = own.min(type.min)
      if (type.max !== undefined) own = own.max(type.max)
      return own
    }
    case "string": {
      let own = z.string().min(type.minLength ?? 0)
      if (type.maxLength !== undefined) own = own.max(type.maxLength)
      return own
    }
    case "enum":
      return z.enum(type.values.map(({ name }) => name) as [string, ...string[]])
    case "list":
      return z.array(zod(type.item)).max(type.maxItems ?? Number.MAX_SAFE_INTEGER)
    case "object":
      return z.object(
        Object.fromEntries(
          type.fields.map((field) => {
            const own = zod(field.type)
            return [field.name, field.required && field.default === undefined ? own : own.optional()]
          }),
        ),
      )
    default:
      throw new RangeError(`no such type in these messages: ${type.kind}`)
  }
}
