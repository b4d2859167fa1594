import type { EnumIr, MessageIr, ObjectIr, UnionIr } from "@fleetwire/ir"
import { block, type Code, code, doc, join, key, nothing, string } from "../core/code.js"
import type { CodeFile } from "../core/code-file.js"
import { exported } from "../core/symbol.js"
import type { TypescriptContext } from "./context.js"
import { fieldFacts, messageFacts } from "./field-facts.js"
import {
  differsAsInput,
  enumExpression,
  inputMembers,
  isPresent,
  type TypeWorld,
  typeExpression,
} from "./type-expression.js"
import type { NamedType } from "./type-names.js"

/** One file for each message with its types, and one for each type that several messages have. */
export function emitMessageTypes(context: TypescriptContext): readonly CodeFile[] {
  const world = worldOf(context)
  const files = new Map<string, CodeFile>()
  const fileOf = (path: string): CodeFile => {
    const known = files.get(path)
    if (known !== undefined) {
      known.print()
      return known
    }
    const created = context.file(path)
    files.set(path, created)
    return created
  }
  for (const message of context.ir.messages) {
    const names = context.names.message(message.name)
    fileOf(names.file).print(...spaced(messageTypes(message, world)))
  }
  for (const named of nestedTypes(context)) {
    fileOf(named.file).print(...spaced(namedTypes(named, world, "")))
  }
  return [...files.values()]
}

/** `src/messages.ts`: every type, codec and guard of the contract's messages, by name. */
export function emitMessagesIndex(context: TypescriptContext): CodeFile {
  const file = context.file("src/messages.ts")
  const world = worldOf(context)
  const exports = new Map<string, { path: string; names: { name: string; type: boolean }[] }>()
  const add = (path: string, name: string, type: boolean): void => {
    const entry = exports.get(path)
    if (entry === undefined) exports.set(path, { path, names: [{ name, type }] })
    else entry.names.push({ name, type })
  }
  for (const message of context.ir.messages) {
    const names = context.names.message(message.name)
    add(names.file, names.type.name, message.type.kind !== "enum")
    add(names.file, names.input.name, true)
    for (const format of context.formatsOf(message.name)) add(names.codecFile(format), names.codec(format).name, false)
    add(names.guardFile, names.guard.name, false)
    add(names.guardFile, names.issues.name, false)
  }
  for (const named of nestedTypes(context)) {
    add(named.file, named.type.name, named.ir.kind !== "enum")
    if (differsAsInput(named.ir, world)) add(named.file, named.input.name, true)
  }
  for (const entry of [...exports.values()].sort((a, b) => (a.path < b.path ? -1 : 1)))
    file.print(reexport(file, entry))
  return file
}

/** Named types that are no message's own. */
function nestedTypes(context: TypescriptContext): readonly NamedType[] {
  const own = new Set(context.ir.messages.map((message) => context.names.message(message.name).type))
  return context.names.all.filter((named) => !own.has(named.type))
}

function reexport(file: CodeFile, entry: { path: string; names: { name: string; type: boolean }[] }): Code {
  const specifier = file.contents.language.specifier(file.path, { kind: "file", path: entry.path })
  const allTypes = entry.names.every((name) => name.type)
  const names = [...entry.names]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type }) => code`${type && !allTypes ? code`type ` : nothing}${exported(name, file)}`)
  const keyword = allTypes ? code`export type` : code`export`
  const width = entry.names.reduce((sum, { name }) => sum + name.length + 7, specifier.length)
  if (width <= 100) return code`${keyword} { ${join(names, code`, `)} } from ${string(specifier)}`
  return code`
    ${keyword} {
      ${names.map((name) => code`${name},`)}
    } from ${string(specifier)}
  `
}

const worlds = new WeakMap<TypescriptContext, TypeWorld>()

/** The contract as type expressions look things up in it. One for each context. */
export function worldOf(context: TypescriptContext): TypeWorld {
  const known = worlds.get(context)
  if (known !== undefined) return known
  const messages = new Map(context.ir.messages.map((message) => [message.name, message]))
  const world: TypeWorld = {
    names: context.names,
    message(name) {
      const message = messages.get(name)
      if (message === undefined) throw new Error(`no message ${JSON.stringify(name)} in contract ${context.ir.name}`)
      return message
    },
  }
  worlds.set(context, world)
  return world
}

function messageTypes(message: MessageIr, world: TypeWorld): Code[] {
  const { type, input } = world.names.message(message.name)
  const facts = messageFacts(message)
  if (message.type.kind === "object" || message.type.kind === "enum" || message.type.kind === "union") {
    const named = world.names.named(message.type)
    if (named.type === type) {
      const types = namedTypes(named, world, facts)
      return differsAsInput(message.type, world)
        ? types
        : [...types, inputAlias(input, code`${type}`, `What a sender of ${message.name} hands over.`)]
    }
    // Another message has the very same shape under the same name: one is the alias of the other.
    return [
      code`
        ${doc(facts)}
        export type ${type} = ${named.type}
      `,
      inputAlias(input, typeExpression(message.type, "input", world), `What a sender of ${message.name} hands over.`),
    ]
  }
  return [
    code`
      ${doc(facts)}
      export type ${type} = ${typeExpression(message.type, "value", world)}
    `,
    inputAlias(input, typeExpression(message.type, "input", world), `What a sender of ${message.name} hands over.`),
  ]
}

function inputAlias(name: NamedType["input"], expression: Code, words: string): Code {
  return code`
    ${doc(words)}
    export type ${name} = ${expression}
  `
}

function namedTypes(named: NamedType, world: TypeWorld, facts: string): Code[] {
  switch (named.ir.kind) {
    case "object":
      return objectTypes(named, named.ir, world, facts)
    case "enum":
      return enumTypes(named, named.ir, facts)
    case "union":
      return unionTypes(named, named.ir, world, facts)
  }
}

function objectTypes(named: NamedType, type: ObjectIr, world: TypeWorld, facts: string): Code[] {
  const members = type.fields.map(
    (field) => code`
      ${doc(fieldFacts(field))}
      readonly ${key(field.name)}${isPresent(field) ? code`` : code`?`}: ${typeExpression(field.type, "value", world)}
    `,
  )
  const types = [
    code`
      ${doc(facts)}
      ${block(code`export interface ${named.type}`, members)}
    `,
  ]
  if (!differsAsInput(type, world)) return types
  const input = inputMembers(type, world)
  const omitted = join(
    input.names.map((name) => string(name)),
    code` | `,
  )
  const words = `What a sender of ${named.type.name} hands over: the rest is filled in, or has a default.`
  types.push(
    code`
      ${doc(words)}
      ${block(code`export interface ${named.input} extends Omit<${named.type}, ${omitted}>`, input.members)}
    `,
  )
  return types
}

function enumTypes(named: NamedType, type: EnumIr, facts: string): Code[] {
  const value = exported(named.type.name, named.file)
  const open = type.open
    ? `${facts === "" ? "" : `${facts}\n`}Open: values that this version does not know are delivered too.`
    : facts
  const values = type.values.map(
    (one) => code`
      ${doc([one.doc, one.deprecated === undefined ? undefined : `@deprecated ${one.deprecated}`].filter((line) => line !== undefined).join("\n"))}
      ${key(one.name)}: ${string(one.name)},
    `,
  )
  return [
    code`
      ${doc(open)}
      export type ${named.type} = ${enumExpression(type)}
    `,
    code`
      ${doc(`The values of ${named.type.name} by name.`)}
      ${block(code`export const ${value} =`, values)} as const
    `,
  ]
}

function unionTypes(named: NamedType, type: UnionIr, world: TypeWorld, facts: string): Code[] {
  const branches = (side: "value" | "input"): Code =>
    join(
      type.branches.map(
        (branch) =>
          code`({ readonly ${key(type.tag)}: ${string(branch.value)} } & ${typeExpression(branch.type, side, world)})`,
      ),
      code` | `,
    )
  const types = [
    code`
      ${doc(facts)}
      export type ${named.type} = ${branches("value")}
    `,
  ]
  if (differsAsInput(type, world))
    types.push(inputAlias(named.input, branches("input"), `What a sender of ${named.type.name} hands over.`))
  return types
}

/** Blank lines between. */
function spaced(items: readonly Code[]): Code[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [code``, item]))
}
