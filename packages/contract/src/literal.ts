import { compilePattern, type JsonValue, type MessageIr, matchDfa, type TypeIr } from "@fleetwire/ir"
import { show } from "./options.js"

/** A value of the language as the intermediate form holds it, or why it does not fit its type. */
export type Literal =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly path: string; readonly problem: string }

/** What `lowerLiteral` may leave open. */
export interface LiteralRules {
  /** Finds a message by name, for references. */
  readonly messages: (name: string) => MessageIr | undefined
  /** Objects may leave out required fields: constants of presence, safe actions. Top level only. */
  readonly partial?: boolean
}

/** Checks a value that stands in a contract (default, example, constant) and turns it into JSON. */
export function lowerLiteral(type: TypeIr, value: unknown, rules: LiteralRules, path = ""): Literal {
  const fail = (problem: string): Literal => ({ ok: false, path, problem })
  const wrong = (expected: string): Literal => fail(`${show(value)} is not ${expected}`)
  const inner = { messages: rules.messages }
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? { ok: true, value } : wrong("true or false")
    case "int": {
      const wide = type.bits === 64
      const exact = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))
      if (!exact || (!wide && typeof value === "bigint")) return wrong(wide ? "a bigint" : "a whole number")
      const number = BigInt(value)
      if (number < BigInt(type.min)) return fail(`${number} is below the minimum ${type.min}`)
      if (number > BigInt(type.max)) return fail(`${number} is above the maximum ${type.max}`)
      if (type.multipleOf !== undefined && number % BigInt(type.multipleOf) !== 0n) {
        return fail(`${number} is no multiple of ${type.multipleOf}`)
      }
      return { ok: true, value: wide ? number.toString() : Number(number) }
    }
    case "float": {
      if (typeof value !== "number" || !Number.isFinite(value)) return wrong("a finite number")
      const number = type.bits === 32 ? Math.fround(value) : value
      if (!Number.isFinite(number)) return fail(`${value} is too large for float32`)
      if (type.min !== undefined && number < type.min) return fail(`${value} is below the minimum ${type.min}`)
      if (type.max !== undefined && number > type.max) return fail(`${value} is above the maximum ${type.max}`)
      return { ok: true, value }
    }
    case "string": {
      if (typeof value !== "string") return wrong("a text")
      const length = [...value].length
      if (type.minLength !== undefined && length < type.minLength)
        return fail(`${show(value)} is shorter than ${type.minLength} characters`)
      if (type.maxLength !== undefined && length > type.maxLength)
        return fail(`${show(value)} is longer than ${type.maxLength} characters`)
      if (type.maxBytes !== undefined && new TextEncoder().encode(value).length > type.maxBytes)
        return fail(`${show(value)} is longer than ${type.maxBytes} octets`)
      if (type.pattern !== undefined && !matchesPattern(type.pattern, value))
        return fail(`${show(value)} does not match \`${type.pattern}\``)
      return { ok: true, value }
    }
    case "bytes": {
      if (!(value instanceof Uint8Array)) return wrong("a Uint8Array")
      if (type.minLength !== undefined && value.length < type.minLength)
        return fail(`it is shorter than ${type.minLength} octets`)
      if (type.maxLength !== undefined && value.length > type.maxLength)
        return fail(`it is longer than ${type.maxLength} octets`)
      return { ok: true, value: btoa(String.fromCharCode(...value)) }
    }
    case "enum": {
      if (typeof value !== "string") return wrong("one of the enum's words")
      if (type.open || type.values.some(({ name }) => name === value)) return { ok: true, value }
      return wrong(`one of ${type.values.map(({ name }) => name).join(", ")}`)
    }
    case "const":
      return value === type.value ? { ok: true, value: type.value } : wrong(show(type.value))
    case "list": {
      if (!Array.isArray(value)) return wrong("a list")
      if (type.minItems !== undefined && value.length < type.minItems)
        return fail(`it has fewer than ${type.minItems} items`)
      if (type.maxItems !== undefined && value.length > type.maxItems)
        return fail(`it has more than ${type.maxItems} items`)
      return collect(value.map((item, index) => lowerLiteral(type.item, item, inner, `${path}/${index}`)))
    }
    case "map": {
      if (!isPlain(value)) return wrong("an object")
      const keys = Object.keys(value)
      if (type.maxProperties !== undefined && keys.length > type.maxProperties)
        return fail(`it has more than ${type.maxProperties} keys`)
      return members(keys.map((key) => [key, lowerLiteral(type.value, value[key], inner, `${path}/${key}`)]))
    }
    case "object": {
      if (!isPlain(value)) return wrong("an object")
      const found: [string, Literal][] = []
      for (const key of Object.keys(value)) {
        const field = type.fields.find(({ name }) => name === key)
        if (field === undefined) return fail(`there is no field \`${key}\``)
        if (value[key] !== undefined) found.push([key, lowerLiteral(field.type, value[key], inner, `${path}/${key}`)])
      }
      const missing = type.fields.find(
        ({ name, required, auto }) => required && auto === undefined && value[name] === undefined,
      )
      if (rules.partial !== true && missing !== undefined) return fail(`the field \`${missing.name}\` is missing`)
      return members(found)
    }
    case "union": {
      if (!isPlain(value)) return wrong("an object")
      const { [type.tag]: tag, ...rest } = value
      const branch = type.branches.find(({ value: known }) => known === tag)
      if (branch === undefined)
        return fail(`\`${type.tag}\` is none of ${type.branches.map(({ value: known }) => known).join(", ")}`)
      const object = lowerLiteral(branch.type, rest, inner, path)
      return object.ok ? { ok: true, value: { [type.tag]: branch.value, ...(object.value as object) } } : object
    }
    case "ref": {
      const message = rules.messages(type.message)
      return message === undefined
        ? fail(`message ${type.message} is unknown`)
        : lowerLiteral(message.type, value, inner, path)
    }
  }
}

function matchesPattern(pattern: string, value: string): boolean {
  const compiled = compilePattern(pattern)
  // A pattern outside the subset is a finding of its own.
  return !compiled.ok || matchDfa(compiled.value, value)
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function collect(items: readonly Literal[]): Literal {
  const bad = items.find(({ ok }) => !ok)
  return bad ?? { ok: true, value: items.map((item) => (item as { value: JsonValue }).value) }
}

function members(entries: readonly (readonly [string, Literal])[]): Literal {
  const bad = entries.find(([, { ok }]) => !ok)
  if (bad !== undefined) return bad[1]
  return {
    ok: true,
    value: Object.fromEntries(entries.map(([key, item]) => [key, (item as { value: JsonValue }).value])),
  }
}
