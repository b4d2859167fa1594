import type { ContractIr, EnumIr, FieldIr, IntIr, ObjectIr, StringFormat, TypeIr, UnionIr } from "@fleetwire/ir"
import { access, type Code, code, string } from "../core/code.js"
import { type LiteralValue, wideLiteral } from "../core/literal.js"
import { pascalCase, wordsOf } from "../core/name-policy.js"
import { symbol } from "../core/symbol.js"
import { isEmptyLiteral, valueLiteral } from "./value-literal.js"

const t = symbol("t", "@fleetwire/contract")

/** What the printer of a type needs to know of its surroundings. */
export interface TypeWorld {
  readonly ir: ContractIr
  /** Prints the constant that holds a message. */
  readonly reference: (message: string) => Code
}

type Options = { readonly [option: string]: LiteralValue | undefined }

/** A type as its builder of `t` makes it, such as `t.uint8({ max: 100 })`. `derived` is the name it would get by itself. */
export function typeBuilder(type: TypeIr, derived: string, world: TypeWorld, more: Options = {}): Code {
  const call = (builder: Code, args: readonly Code[], options: Options): Code => {
    const written = { ...options, ...more }
    const all = isEmptyLiteral(written) ? args : [...args, wideLiteral(written)]
    return code`${builder}(${joined(all)})`
  }
  switch (type.kind) {
    case "bool":
      return call(code`${t}.bool`, [], {})
    case "int":
      return call(intBuilder(type), [], intOptions(type))
    case "float": {
      const { min, max, decimals } = type
      return call(type.bits === 32 ? code`${t}.float32` : code`${t}.float64`, [], { min, max, decimals })
    }
    case "string": {
      const { minLength, maxLength, maxBytes, pattern } = type
      const options = { minLength, maxLength, maxBytes, pattern }
      return call(
        type.format === undefined ? code`${t}.string` : code`${t}${access(FORMATS[type.format])}`,
        [],
        options,
      )
    }
    case "bytes":
      return call(code`${t}.bytes`, [], { minLength: type.minLength, maxLength: type.maxLength })
    case "enum":
      return call(code`${t}.enum`, [enumValues(type)], {
        name: type.name === derived ? undefined : type.name,
        open: type.open ? true : undefined,
        compactAs: type.compactAs,
      })
    case "const":
      return call(code`${t}.const`, [wideLiteral(type.value)], {})
    case "list":
      return call(
        code`${t}.list`,
        [typeBuilder(type.item, `${derived}Item`, world, { unit: type.itemUnit, doc: type.itemDoc })],
        {
          minItems: type.minItems,
          maxItems: type.maxItems,
        },
      )
    case "map":
      return call(
        code`${t}.map`,
        [typeBuilder(type.value, `${derived}Value`, world, { unit: type.valueUnit, doc: type.valueDoc })],
        {
          keyMaxLength: type.keyMaxLength,
          keyPattern: type.keyPattern,
          maxProperties: type.maxProperties,
        },
      )
    case "object":
      return call(code`${t}.object`, [objectFields(type, world)], {
        name: type.name === derived ? undefined : type.name,
      })
    case "union":
      return call(code`${t}.union`, [string(type.tag), unionBranches(type, world)], {
        name: type.name === derived ? undefined : type.name,
      })
    case "ref": {
      const message = world.reference(type.message)
      return isEmptyLiteral(more) ? message : code`${t}.field(${message}, ${wideLiteral(more)})`
    }
  }
}

/** The fields of an object as an object literal of builders. */
export function objectFields(type: ObjectIr, world: TypeWorld): Code {
  return wideLiteral(
    Object.fromEntries(type.fields.map((field) => [field.name, fieldBuilder(field, type.name, world)])),
  )
}

function fieldBuilder(field: FieldIr, owner: string, world: TypeWorld): Code {
  const { ir } = world
  const value = (given: NonNullable<FieldIr["default"]>) => valueLiteral(ir, field.type, given)
  const options: Options = {
    unit: field.unit,
    doc: field.doc,
    default: field.default === undefined ? undefined : value(field.default!),
    auto: field.auto,
    short: field.short,
    nullAsAbsent: field.nullAsAbsent,
    examples: field.examples?.map((example) => value(example!)),
    deprecated: field.deprecated,
    since: field.since,
    was: field.was,
  }
  const builder = typeBuilder(field.type, `${owner}${pascalCase(wordsOf(field.name))}`, world, options)
  return field.required || field.default !== undefined ? builder : code`${t}.optional(${builder})`
}

function unionBranches(type: UnionIr, world: TypeWorld): Code {
  return wideLiteral(
    Object.fromEntries(
      type.branches.map((branch) => {
        const derived = `${type.name}${pascalCase(wordsOf(branch.value))}`
        return [branch.value, typeBuilder(branch.type, derived, world, { doc: branch.doc })]
      }),
    ),
  )
}

function enumValues({ values }: EnumIr): Code {
  if (values.every(({ doc, deprecated, was }) => doc === undefined && deprecated === undefined && was === undefined)) {
    return wideLiteral(values.map(({ name }) => name))
  }
  return wideLiteral(
    Object.fromEntries(
      values.map(({ name, doc, deprecated, was }) => [
        name,
        deprecated === undefined && was === undefined ? (doc ?? {}) : { doc, deprecated, was },
      ]),
    ),
  )
}

const FORMATS: { readonly [format in StringFormat]: string } = {
  "date-time": "dateTime",
  date: "date",
  time: "time",
  uuid: "uuid",
  ipv4: "ipv4",
  hostname: "hostname",
  uri: "uri",
}

const EPOCHS: { readonly [epoch in NonNullable<IntIr["epoch"]>]: { readonly bits: number; readonly builder: string } } =
  {
    "unix-seconds": { bits: 32, builder: "unixSeconds" },
    "unix-milliseconds": { bits: 64, builder: "unixMilliseconds" },
    "boot-milliseconds": { bits: 32, builder: "bootMilliseconds" },
  }

function intBuilder(type: IntIr): Code {
  const epoch = type.epoch === undefined ? undefined : EPOCHS[type.epoch]
  if (epoch !== undefined && epoch.bits === type.bits && !type.signed) return code`${t}${access(epoch.builder)}`
  return code`${t}${access(`${type.signed ? "int" : "uint"}${type.bits}`)}`
}

function intOptions(type: IntIr): Options {
  const bits = BigInt(type.bits)
  const least = type.signed ? -(1n << (bits - 1n)) : 0n
  const most = type.signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n
  const bound = (value: number | string) => (type.bits === 64 ? BigInt(value) : Number(value))
  return {
    min: BigInt(type.min) === least ? undefined : bound(type.min),
    max: BigInt(type.max) === most ? undefined : bound(type.max),
    multipleOf: type.multipleOf,
    fixed: type.fixed,
  }
}

function joined(parts: readonly Code[]): Code {
  const [first, ...rest] = parts
  if (first === undefined) return code``
  return rest.reduce((all, part) => code`${all}, ${part}`, first)
}
