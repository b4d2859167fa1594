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

function typebox(type: TypeIr): TSchema {
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
      return Type.Union(type.values.map(({ name }) => Type.Literal(name)))
    case "list":
      return Type.Array(typebox(type.item), type.maxItems === undefined ? {} : { maxItems: type.maxItems })
    case "object":
      return Type.Object(
        Object.fromEntries(
          type.fields.map((field) => {
            const own = typebox(field.type)
            return [field.name, field.required && field.default === undefined ? own : Type.Optional(own)]
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
