import type { EnumIr, FieldIr, ObjectIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { canonicalJson, type JsonValue } from "@fleetwire/ir"
import type { CheckScope } from "./check-scope.js"
import type { Acceptance, Place } from "./diagnostic.js"
import { RESERVED } from "./reserved-words.js"
import { camelCase, kebabCase, latin, pascalCase, snakeCase } from "./words.js"

const FORMS = {
  channel: [/^[a-z][A-Za-z0-9]*$/, "letters and digits that begin with a lowercase letter", camelCase],
  param: [/^[a-z][A-Za-z0-9_]*$/, "letters, digits and `_` that begin with a lowercase letter", camelCase],
  role: [/^[a-z][A-Za-z0-9-]*$/, "letters, digits and `-` that begin with a lowercase letter", kebabCase],
  message: [/^[A-Z][A-Za-z0-9]*$/, "letters and digits that begin with a capital", pascalCase],
  field: [/^[A-Za-z][A-Za-z0-9_]*$/, "letters, digits and `_` that begin with a letter", snakeCase],
  "short key": [/^[A-Za-z][A-Za-z0-9_]*$/, "letters, digits and `_` that begin with a letter", snakeCase],
  type: [/^[A-Z][A-Za-z0-9]*$/, "letters and digits that begin with a capital", pascalCase],
  "enum value": [/^[^\p{C}]{1,64}$/u, "1 to 64 printable characters", (name: string) => snakeCase(name) || "none"],
  "union branch": [/^[^\p{C}]{1,64}$/u, "1 to 64 printable characters", (name: string) => snakeCase(name) || "none"],
} as const

type What = keyof typeof FORMS

/** Names that are malformed, reserved somewhere, or become equal in some target. */
export function checkNames(scope: CheckScope): void {
  const { ir, drafts, place } = scope
  const check = new NameCheck(scope)
  for (const { name, place: at, accept } of drafts) check.name("channel", name, at, accept)
  check.distinct(
    drafts.map(({ name, place: at }) => ({ name, place: at })),
    snakeCase,
    "C and Python",
  )
  for (const { name } of ir.params) check.name("param", name, { path: `params.${name}`, at: place.at })
  for (const { name } of ir.roles) check.name("role", name, { path: `roles.${name}`, at: place.at })
  for (const message of ir.messages) {
    const at = scope.messagePlace(message.name)
    check.name("message", message.name, at)
    check.type(message.type, at)
  }
  check.typeNames()
}

class NameCheck {
  readonly #scope: CheckScope
  readonly #types = new Map<string, { readonly type: EnumIr | ObjectIr | UnionIr; readonly place: Place }>()

  constructor(scope: CheckScope) {
    this.#scope = scope
  }

  name(what: What, name: string, place: Place, accept?: Acceptance): void {
    const { report } = this.#scope
    const [form, words, propose] = FORMS[what]
    if (!form.test(name)) {
      report.add("contract/name-form", place, { what, name, form: words, proposal: proposalFor(form, propose, name) })
      return
    }
    const lists = what in RESERVED ? RESERVED[what as keyof typeof RESERVED] : []
    const languages = lists.filter(([, reserved]) => reserved.has(name)).map(([language]) => language)
    if (languages.length > 0) {
      report.add("contract/name-reserved", place, { what, name, languages: languages.join(", ") }, accept)
    }
  }

  distinct(
    names: readonly { readonly name: string; readonly place: Place }[],
    print: (name: string) => string,
    languages: string,
  ): void {
    const seen = new Map<string, string>()
    for (const { name, place } of names) {
      const printed = print(name)
      const first = seen.get(printed)
      if (first === undefined) seen.set(printed, name)
      else if (first !== name) {
        this.#scope.report.add("contract/name-clash", place, { first, second: name, printed, languages })
      }
    }
  }

  type(type: TypeIr, place: Place): void {
    if (type.kind === "list") this.type(type.item, { ...place, path: `${place.path}[]` })
    else if (type.kind === "map") this.type(type.value, { ...place, path: `${place.path}{}` })
    else if (type.kind === "enum") this.#enum(type, place)
    else if (type.kind === "object") this.#object(type, place)
    else if (type.kind === "union") this.#union(type, place)
  }

  /** Nested types and messages share one space of names in every target. */
  typeNames(): void {
    const { ir, report } = this.#scope
    for (const { name, type } of ir.messages) {
      const own = this.#types.get(name)
      const itself = (type.kind === "object" || type.kind === "union" || type.kind === "enum") && type.name === name
      if (own !== undefined && !itself) report.add("contract/type-name-clash", own.place, { name })
    }
  }

  #enum(type: EnumIr, place: Place): void {
    this.#remember(type, place)
    this.name("type", type.name, place)
    const values = type.values.map(({ name }) => ({ name, place: { ...place, path: `${place.path}.${name}` } }))
    for (const value of values) this.name("enum value", value.name, value.place)
    this.distinct(values, (name) => snakeCase(name).toUpperCase() || name, "C, Java and protobuf")
    this.#was(type.values, place)
  }

  #object(type: ObjectIr, place: Place): void {
    this.#remember(type, place)
    this.name("type", type.name, place)
    const fields = type.fields.map(({ name }) => ({ name, place: { ...place, path: `${place.path}.${name}` } }))
    for (const field of fields) this.name("field", field.name, field.place)
    this.distinct(fields, camelCase, "Java, Kotlin and the JSON form of protobuf")
    this.#was(type.fields, place)
    this.#shorts(type.fields, place)
    for (const field of type.fields) this.type(field.type, { ...place, path: `${place.path}.${field.name}` })
  }

  #union(type: UnionIr, place: Place): void {
    this.#remember(type, place)
    this.name("type", type.name, place)
    this.name("field", type.tag, place)
    const branches = type.branches.map(({ value }) => ({
      name: value,
      place: { ...place, path: `${place.path}<${value}>` },
    }))
    for (const branch of branches) this.name("union branch", branch.name, branch.place)
    this.distinct(branches, (name) => snakeCase(name) || name, "C and protobuf")
    for (const branch of type.branches) this.#object(branch.type, { ...place, path: `${place.path}<${branch.value}>` })
  }

  #shorts(fields: readonly FieldIr[], place: Place): void {
    const keys = new Map<string, string>()
    for (const { name, short } of fields) {
      const at = { ...place, path: `${place.path}.${name}` }
      if (short !== undefined) this.name("short key", short, at)
      const key = short ?? name
      const first = keys.get(key)
      if (first === undefined) keys.set(key, name)
      else this.#scope.report.add("contract/short-clash", at, { short: key, first, second: name })
    }
  }

  #was(items: readonly { readonly name: string; readonly was?: readonly string[] }[], place: Place): void {
    for (const { name, was } of items) {
      for (const earlier of was ?? []) {
        if (items.some((item) => item.name === earlier)) {
          const at = { ...place, path: `${place.path}.${earlier}` }
          this.#scope.report.add("contract/was-clash", at, { name: earlier, other: name })
        }
      }
    }
  }

  #remember(type: EnumIr | ObjectIr | UnionIr, place: Place): void {
    const first = this.#types.get(type.name)
    if (first === undefined) this.#types.set(type.name, { type, place })
    else if (shapeOf(first.type) !== shapeOf(type))
      this.#scope.report.add("contract/type-name-clash", place, { name: type.name })
  }
}

/** A name of the form that is near: letters without their accents, a word in front of digits, or one of ours. */
function proposalFor(form: RegExp, propose: (name: string) => string, name: string): string {
  const plain = latin(name)
  return [plain, `value ${plain}`, "value"].map(propose).find((proposal) => form.test(proposal)) ?? "value"
}

/** A type as text without its numbers, which the lock gives. */
function shapeOf(type: object): string {
  const numbered = new Set(["number", "reserved"])
  const plain = JSON.stringify(type, (key, value: unknown) => (numbered.has(key) ? undefined : value))
  return canonicalJson(JSON.parse(plain) as JsonValue)
}
