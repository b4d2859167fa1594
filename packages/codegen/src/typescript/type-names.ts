import type { ContractIr, EnumIr, Format, MessageIr, ObjectIr, TypeIr, UnionIr } from "@fleetwire/ir"
import { camelCase, createNameScope, kebabCase, pascalCase } from "../core/name-policy.js"
import { exported, type SymbolRef } from "../core/symbol.js"
import { GLOBAL_NAMES } from "./reserved-names.js"
import { typeIdentity } from "./type-identity.js"

/** The names that one message has in a generated package. */
export interface MessageNames {
  /** `src/messages/telemetry.ts` */
  readonly file: string
  /** Interface or alias of the value after decoding: `Telemetry`. */
  readonly type: SymbolRef
  /** What a sender hands over: fields that are filled in, and fields with a default, may be absent. `TelemetryInput`. */
  readonly input: SymbolRef
  /** The file of its codec in one format: `src/codecs/telemetry-json.ts`. */
  codecFile(format: Format): string
  /** `Codec<Telemetry>`: `telemetryJson`, in `codecFile(format)`. */
  codec(format: Format): SymbolRef
  /** The file of its guard: `src/codecs/telemetry.ts`. */
  readonly guardFile: string
  /** `(value: unknown) => value is Telemetry`: `isTelemetry`, in `guardFile`. */
  readonly guard: SymbolRef
  /** `(value: unknown) => readonly Issue[]`: `telemetryIssues`, in `guardFile`. */
  readonly issues: SymbolRef
}

/** A type with a name of its own: an object, enum or union inside messages. */
export type NamedTypeIr = ObjectIr | EnumIr | UnionIr

export interface NamedType {
  readonly ir: NamedTypeIr
  /** The file that declares it: that of its message, or one of its own where several messages have it. */
  readonly file: string
  /** Value after decoding. */
  readonly type: SymbolRef
  /** What a sender hands over. */
  readonly input: SymbolRef
}

/** Every name of a generated package's messages, settled before the first line is printed. */
export interface TypeNames {
  message(name: string): MessageNames
  /** Names of an object, enum or union, equal for equal ones wherever they stand; a message's own type has its names. */
  named(type: NamedTypeIr): NamedType
  /** All named types: those of messages first, then nested ones in order of first appearance. */
  readonly all: readonly NamedType[]
}

const FORMATS = ["json", "compact", "protobuf", "text", "bytes"] as const satisfies readonly Format[]

/** Settles the names of all messages and of the types inside them. */
export function settleTypeNames(ir: ContractIr): TypeNames {
  const scope = createNameScope({ case: (words) => words.join(""), reserved: GLOBAL_NAMES, empty: "Unnamed" })
  const files = createNameScope({
    case: kebabCase,
    // Names that one file system or another keeps for itself.
    reserved:
      "con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9".split(
        " ",
      ),
    empty: "unnamed",
    fold: (name) => name.toLowerCase(),
  })
  const messages = new Map<string, MessageNames>()
  const sorted = [...ir.messages].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const message of sorted) messages.set(message.name, messageNames(message, scope, files))

  const named = new Map<string, NamedType>()
  for (const message of sorted) {
    const { type } = message
    if (!isNamed(type) || named.has(identityOf(type))) continue
    const own = messages.get(message.name)!
    named.set(identityOf(type), { ir: type, file: own.file, type: own.type, input: own.input })
  }
  const homes = findHomes(sorted)
  for (const [id, home] of homes) {
    if (named.has(id)) continue
    const base = pascal(home.ir.name)
    const names = scope.takeAll({ type: base, input: `${base}Input` })
    const own = home.messages.size > 1 ? `src/messages/${files.take(names.type)}.ts` : undefined
    const file = own ?? messages.get([...home.messages][0]!)!.file
    named.set(id, {
      ir: home.ir,
      file,
      type: exported(names.type, file, { type: true }),
      input: exported(names.input, file, { type: true }),
    })
  }
  const byIdentity = new WeakMap<NamedTypeIr, NamedType>()
  return {
    message(name) {
      const names = messages.get(name)
      if (names === undefined) throw new Error(`no message ${JSON.stringify(name)} in contract ${ir.name}`)
      return names
    },
    named(type) {
      let found = byIdentity.get(type)
      if (found === undefined) {
        found = named.get(identityOf(type))
        if (found === undefined) throw new Error(`a type that no message holds: ${type.name}`)
        byIdentity.set(type, found)
      }
      return found
    },
    all: [...named.values()],
  }
}

function messageNames(
  message: MessageIr,
  scope: ReturnType<typeof createNameScope>,
  files: ReturnType<typeof createNameScope>,
): MessageNames {
  const base = pascal(message.name)
  const lower = camel(message.name)
  const names = scope.takeAll({
    type: base,
    input: `${base}Input`,
    guard: `is${base}`,
    issues: `${lower}Issues`,
    json: `${lower}Json`,
    compact: `${lower}Compact`,
    protobuf: `${lower}Protobuf`,
    text: `${lower}Text`,
    bytes: `${lower}Bytes`,
  })
  const stem = files.take(message.name)
  const file = `src/messages/${stem}.ts`
  const guardFile = `src/codecs/${stem}.ts`
  const codecs = new Map<Format, { file: string; symbol: SymbolRef }>(
    FORMATS.map((format) => {
      const path = `src/codecs/${stem}.${format}.ts`
      return [format, { file: path, symbol: exported(names[format], path) }]
    }),
  )
  return {
    file,
    type: exported(names.type, file, { type: true }),
    input: exported(names.input, file, { type: true }),
    codecFile: (format) => codecs.get(format)!.file,
    codec: (format) => codecs.get(format)!.symbol,
    guardFile,
    guard: exported(names.guard, guardFile),
    issues: exported(names.issues, guardFile),
  }
}

const words = createNameScope

function pascal(name: string): string {
  return words({ case: pascalCase, reserved: [], empty: "Unnamed" }).take(name)
}

function camel(name: string): string {
  return words({ case: camelCase, reserved: [], empty: "unnamed" }).take(name)
}

interface Home {
  readonly ir: NamedTypeIr
  readonly messages: Set<string>
}

/** Which messages hold which named type: equal types are one. */
function findHomes(messages: readonly MessageIr[]): ReadonlyMap<string, Home> {
  const homes = new Map<string, Home>()
  const visit = (type: TypeIr, message: string): void => {
    if (isNamed(type)) {
      const id = identityOf(type)
      const home = homes.get(id)
      if (home === undefined) homes.set(id, { ir: type, messages: new Set([message]) })
      else home.messages.add(message)
    }
    for (const inner of innerTypes(type)) visit(inner, message)
  }
  for (const message of messages) for (const inner of innerTypes(message.type)) visit(inner, message.name)
  return homes
}

function isNamed(type: TypeIr): type is NamedTypeIr {
  return type.kind === "object" || type.kind === "enum" || type.kind === "union"
}

/** The types directly inside a type, in order. */
export function innerTypes(type: TypeIr): readonly TypeIr[] {
  switch (type.kind) {
    case "object":
      return type.fields.map((field) => field.type)
    case "list":
      return [type.item]
    case "map":
      return [type.value]
    case "union":
      return type.branches.map((branch) => branch.type)
    default:
      return []
  }
}

function identityOf(type: NamedTypeIr): string {
  return typeIdentity(type)
}
