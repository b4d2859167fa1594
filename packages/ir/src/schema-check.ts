import type { JsonValue } from "./type-ir.js"

/** The keywords that the schema of the intermediate form uses; nothing else is understood. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: JsonValue
  readonly enum?: readonly JsonValue[]
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: false | Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly if?: Schema
  readonly then?: Schema
  readonly else?: Schema
  readonly $defs?: { readonly [name: string]: Schema }
}

/** Tells where a value does not fit: JSON Pointer and words. */
export type ReportMisfit = (path: string, message: string) => void

/**
 * Checks a value against a JSON Schema of the few keywords that the intermediate form's own schema uses. A `oneOf` is
 * decided by the member `kind`, so that issues name the place and not every alternative.
 */
export function checkSchema(schema: object, value: JsonValue, report: ReportMisfit): void {
  const root = schema as Schema
  check(root, value, "", root, report)
}

function check(schema: Schema, value: JsonValue, path: string, root: Schema, report: ReportMisfit): void {
  if (schema.$ref !== undefined) {
    check(follow(schema.$ref, root), value, path, root, report)
    return
  }
  if (schema.type !== undefined && ![schema.type].flat().some((name) => isOfType(value, name))) {
    report(path, `is not ${article([schema.type].flat().join(" or "))}`)
    return
  }
  if (schema.const !== undefined && value !== schema.const) {
    report(path, `is not ${JSON.stringify(schema.const)}`)
    return
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    report(path, `is not one of ${schema.enum.map((one) => JSON.stringify(one)).join(", ")}`)
    return
  }
  if (typeof value === "string") checkText(schema, value, path, report)
  if (typeof value === "number") checkNumber(schema, value, path, report)
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems)
      report(path, `has fewer than ${schema.minItems} items`)
    if (schema.items !== undefined)
      for (const [index, item] of value.entries()) check(schema.items, item, `${path}/${index}`, root, report)
  }
  if (isMembers(value)) checkMembers(schema, value, path, root, report)
  if (schema.oneOf !== undefined) checkKind(schema.oneOf, value, path, root, report)
  if (schema.anyOf !== undefined && !schema.anyOf.some((option) => fits(option, value, root)))
    report(path, "fits none of its forms")
  if (schema.if !== undefined) {
    const branch = fits(schema.if, value, root) ? schema.then : schema.else
    if (branch !== undefined) check(branch, value, path, root, report)
  }
}

function checkText(schema: Schema, value: string, path: string, report: ReportMisfit): void {
  if (schema.minLength !== undefined && [...value].length < schema.minLength) report(path, "is empty")
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value))
    report(path, `does not match ${schema.pattern}`)
}

function checkNumber(schema: Schema, value: number, path: string, report: ReportMisfit): void {
  if (schema.minimum !== undefined && value < schema.minimum) report(path, `is below ${schema.minimum}`)
  if (schema.maximum !== undefined && value > schema.maximum) report(path, `is above ${schema.maximum}`)
}

type Members = { readonly [key: string]: JsonValue }

function checkMembers(schema: Schema, value: Members, path: string, root: Schema, report: ReportMisfit): void {
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(value, name)) report(path, `lacks the member ${JSON.stringify(name)}`)
  for (const name of Object.keys(value)) {
    const here = `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`
    const { properties = {}, additionalProperties } = schema
    if (Object.hasOwn(properties, name)) check(properties[name]!, value[name]!, here, root, report)
    else if (additionalProperties === false) report(here, "is unknown here")
    else if (additionalProperties !== undefined) check(additionalProperties, value[name]!, here, root, report)
  }
}

/** Chooses the alternative whose `kind` the value has. */
function checkKind(
  options: readonly Schema[],
  value: JsonValue,
  path: string,
  root: Schema,
  report: ReportMisfit,
): void {
  // A value without `kind`, or one that is no object, was reported by `required` and `type`.
  if (!isMembers(value) || !Object.hasOwn(value, "kind")) return
  const kind = value.kind!
  const known: JsonValue[] = []
  for (const option of options) {
    const target = option.$ref === undefined ? option : follow(option.$ref, root)
    const own = target.properties?.kind
    const kinds = own?.enum ?? (own?.const === undefined ? [] : [own.const])
    if (kinds.includes(kind)) {
      check(target, value, path, root, report)
      return
    }
    known.push(...kinds)
  }
  report(`${path}/kind`, `is not one of ${known.map((one) => JSON.stringify(one)).join(", ")}`)
}

function fits(schema: Schema, value: JsonValue, root: Schema): boolean {
  let fine = true
  check(schema, value, "", root, () => {
    fine = false
  })
  return fine
}

function follow(reference: string, root: Schema): Schema {
  const found = root.$defs?.[reference.slice("#/$defs/".length)]
  if (found === undefined) throw new Error(`the schema has no ${reference}`)
  return found
}

function isOfType(value: JsonValue, name: string): boolean {
  switch (name) {
    case "integer":
      return Number.isInteger(value)
    case "array":
      return Array.isArray(value)
    case "object":
      return isMembers(value)
    case "string":
      return typeof value === "string"
    case "number":
      return typeof value === "number"
    case "boolean":
      return typeof value === "boolean"
    default:
      throw new Error(`the schema names the type ${name}`)
  }
}

function isMembers(value: JsonValue): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function article(words: string): string {
  return "aeiou".includes(words[0]!) ? `an ${words}` : `a ${words}`
}
