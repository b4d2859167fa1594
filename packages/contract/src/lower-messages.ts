import type { AutoFill, FieldIr, JsonValue, MessageIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import { canonicalJson } from "@fleetwire/ir"
import type { TSchema } from "@sinclair/typebox"
import { defined } from "./defined.js"
import type { Place, Report } from "./diagnostic.js"
import { lowerLiteral } from "./literal.js"
import { lowerType, type TypeScope, wordsAbout } from "./lower-type.js"
import { type MessageNote, readMessage } from "./message.js"
import { withoutFieldNote } from "./note.js"
import { OptionReader, show } from "./options.js"

interface Entry {
  readonly schema: TSchema
  readonly place: Place
  message?: MessageIr
  /** Examples as written, until every message is known. */
  examples: readonly unknown[]
}

/** The messages of a contract by name, collected from the channels and from each other. */
export class Messages implements TypeScope {
  readonly report: Report
  /** Whether a message contains itself; then it has no size. */
  recursive = false
  readonly #entries = new Map<string, Entry>()
  readonly #open: string[] = []

  constructor(report: Report) {
    this.report = report
  }

  /** Lowers the message of a channel, and gives its name; a schema without a name gets the proposal. */
  add(schema: TSchema, place: Place, proposal: string): string {
    const note = typeof schema === "object" && schema !== null ? readMessage(schema) : undefined
    const name = note === undefined ? proposal : this.#nameOf(note, place)
    return this.#lower(schema, name, { path: name, at: note?.at ?? place.at })
  }

  reference(referring: TSchema, place: Place): string {
    const schema = withoutFieldNote(referring)
    const note = readMessage(schema)!
    const { at } = note
    const name = this.#nameOf(note, place)
    if (this.#open.includes(name) && this.#entries.get(name)?.schema === schema) {
      this.recursive = true
      this.report.add("contract/recursion", place, { name })
      return name
    }
    return this.#lower(schema, name, { path: name, at })
  }

  /** A message that the language itself adds; an author's of the same name goes first. */
  builtIn(message: MessageIr): void {
    if (!this.#entries.has(message.name)) {
      this.#entries.set(message.name, { schema: {} as TSchema, place: { path: message.name }, message, examples: [] })
    }
  }

  readonly find = (name: string): MessageIr | undefined => this.#entries.get(name)?.message

  /** Where a message was declared. */
  place(name: string): Place {
    return this.#entries.get(name)?.place ?? { path: name }
  }

  /** Gives a top-level field an `auto`, where its author said none; what a sender fills in may have a default for others. */
  setAuto(name: string, field: string, auto: AutoFill): void {
    const entry = this.#entries.get(name)
    if (entry?.message?.type.kind !== "object") return
    const fields = entry.message.type.fields.map((found) =>
      found.name === field && found.auto === undefined ? { ...found, auto } : found,
    )
    entry.message = { ...entry.message, type: { ...entry.message.type, fields } }
  }

  /** All messages by name, with every default and example checked and lowered. */
  finish(): readonly MessageIr[] {
    const messages: MessageIr[] = []
    for (const [name, entry] of [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (entry.message === undefined) continue
      const type = this.#settle(entry.message.type, name, entry.place, true)
      const examples = this.#examples(type, entry.examples, entry.place)
      messages.push({ ...entry.message, type, ...(examples.length > 0 && { examples }) })
    }
    return messages
  }

  #nameOf({ name, at }: MessageNote, place: Place): string {
    if (typeof name === "string") return name
    const values = {
      what: "the name of the message",
      received: show(name),
      expected: "a text",
      example: '`message("Reading", { … })`',
    }
    this.report.add("contract/wrong-part", { path: place.path, at }, values)
    return "Unnamed"
  }

  #lower(schema: TSchema, name: string, place: Place): string {
    const known = this.#entries.get(name)
    if (known?.schema === schema) return name
    const entry: Entry = { schema, place, examples: [] }
    if (known === undefined) this.#entries.set(name, entry)
    this.#open.push(name)
    const type = lowerType(schema, { ...place, name, position: "message" }, this)
    this.#open.pop()
    const note = typeof schema === "object" && schema !== null ? readMessage(schema) : undefined
    const options = new OptionReader(note?.options ?? {}, place, this.report)
    options.only(["doc", "examples", "deprecated", "since", "was"])
    const was = options.texts("was")
    const said = wordsAbout(schema, { ...place, position: "message" } as Place, this.report)
    entry.examples = options.list("examples") ?? []
    entry.message = {
      name,
      ...defined({ doc: options.text("doc") ?? said.doc, unit: said.unit }),
      type,
      ...defined({ deprecated: options.text("deprecated"), since: options.text("since") }),
      ...(was !== undefined && was.length > 0 && { was }),
    }
    // Copies of one message (t.optional, t.field) are equal; anything else under the same name is a mistake.
    if (known?.message !== undefined && text(known.message) !== text(entry.message)) {
      this.report.add("contract/message-clash", place, { name })
    }
    return name
  }

  #examples(type: TypeIr, examples: readonly unknown[], place: Place): readonly JsonValue[] {
    const lowered: JsonValue[] = []
    for (const example of examples) {
      const literal = lowerLiteral(type, example, { messages: this.find })
      if (literal.ok) lowered.push(literal.value)
      else this.#unfit("an example", literal, place)
    }
    return lowered
  }

  #settle(type: TypeIr, path: string, owner: Place, top: boolean): TypeIr {
    switch (type.kind) {
      case "list":
        return { ...type, item: this.#settle(type.item, `${path}[]`, owner, false) }
      case "map":
        return { ...type, value: this.#settle(type.value, `${path}{}`, owner, false) }
      case "object":
        return this.#settleObject(type, path, owner, top)
      case "union":
        return {
          ...type,
          branches: type.branches.map((branch) => ({
            ...branch,
            type: this.#settleObject(branch.type, `${path}<${branch.value}>`, owner, false),
          })),
        }
      default:
        return type
    }
  }

  #settleObject(object: ObjectIr, path: string, owner: Place, top: boolean): ObjectIr {
    return {
      ...object,
      fields: object.fields.map((field) => this.#settleField(field, `${path}.${field.name}`, owner, top)),
    }
  }

  #settleField(field: FieldIr, path: string, owner: Place, top: boolean): FieldIr {
    const place = { path, at: owner.at }
    const type = this.#settle(field.type, path, owner, false)
    if (field.auto !== undefined) this.#checkAuto(field.auto, type, place, top)
    const { default: preset, examples, ...rest } = field
    const literal = preset === undefined ? undefined : lowerLiteral(type, preset, { messages: this.find })
    if (literal?.ok === false) this.#unfit("the default", literal, place)
    const lowered = this.#examples(type, examples ?? [], place)
    return {
      ...rest,
      type,
      ...(literal?.ok === true && { default: literal.value }),
      ...(lowered.length > 0 && { examples: lowered }),
    }
  }

  #unfit(what: string, literal: { readonly path: string; readonly problem: string }, place: Place): void {
    const where = literal.path === "" ? "" : ` at ${literal.path}`
    this.report.add("contract/value-unfit", place, { what, where, problem: literal.problem })
  }

  #checkAuto(auto: AutoFill, type: TypeIr, place: Place, top: boolean): void {
    if (!top) this.report.add("contract/auto-nested", place)
    const integer = type.kind === "int"
    const plainText = type.kind === "string" && type.format === undefined
    const fits: Readonly<Record<AutoFill, readonly [boolean, string]>> = {
      now: [
        (integer && type.epoch !== undefined) || (type.kind === "string" && type.format === "date-time"),
        "t.unixSeconds, t.unixMilliseconds, t.bootMilliseconds or t.dateTime",
      ],
      identity: [plainText, "a string"],
      id: [plainText, "a string"],
      elapsed: [integer, "an integer"],
      session: [integer && type.bits >= 32, "an integer of at least 32 bits"],
    }
    const [fit, expected] = fits[auto]
    if (!fit) this.report.add("contract/auto-type", place, { auto, expected })
  }
}

/** Compares messages as written: defaults and examples may still be raw values of the language. */
function text(message: MessageIr): string {
  return canonicalJson(
    JSON.parse(JSON.stringify(message, (_key, value: unknown) => (isRaw(value) ? show(value) : value))),
  )
}

function isRaw(value: unknown): boolean {
  return typeof value === "bigint" || value instanceof Uint8Array
}
