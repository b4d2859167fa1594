import { SymbolRef } from "./symbol.js"

/**
 * Generated text with its references, opaque until a file renders it. Made by `code`, and by `string`, `doc`, `ident`,
 * `key` and `access`, which are the only roads by which text from outside reaches output.
 */
export class Code {
  /** @internal */
  readonly parts: readonly Part[]
  /** @internal Nothing would be printed. */
  readonly empty: boolean
  /** @internal More than one line would be printed. */
  readonly multiline: boolean

  private constructor(parts: readonly Part[], empty: boolean, multiline: boolean) {
    this.parts = parts
    this.empty = empty
    this.multiline = multiline
  }

  /** @internal */
  static of(parts: readonly Part[]): Code {
    let empty = true
    let multiline = false
    for (const part of parts) {
      if (empty) empty = part === "" || (part instanceof Code && part.empty)
      if (!multiline) multiline = isMultiline(part)
      else if (!empty) break
    }
    return new Code(parts, empty, multiline)
  }

  /** @internal Of parts of which it is known what they print. */
  static made(parts: readonly Part[], empty: boolean, multiline: boolean): Code {
    return new Code(parts, empty, multiline)
  }
}

/** Text from outside, printed by the rules of the file's language when the file is rendered. */
export interface Lexeme {
  readonly lexeme: "string" | "doc" | "comment" | "ident" | "key" | "access" | "bigint"
  readonly text: string
}

/** @internal */
export type Part = string | Lexeme | SymbolRef | Code

/**
 * What a template may hold: never a raw string. A symbol prints its name and imports it. An array is its items, one to
 * a line; `join` puts something else between them.
 */
export type Printable = Code | SymbolRef | number | bigint | readonly Printable[]

/** Prints nothing; a line that holds nothing else vanishes. */
export const nothing: Code = Code.of([])

/**
 * A piece of generated text. Backslashes are printed as written (only `` \` `` and `\${` are unescaped), so the template
 * shows what is printed. A template that begins with a line break loses it, the indentation that its lines share, and
 * its last, blank line. What is interpolated is indented like the line that it stands on; a line that holds nothing but
 * an empty interpolation vanishes.
 */
export function code(template: TemplateStringsArray, ...values: readonly Printable[]): Code {
  const { texts, whole, multiline } = templateOf(template)
  if (values.length === 0) return whole
  const list = startList(multiline)
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    list.run += texts[index]!
    addPart(list, typeof value === "number" ? value : partOf(value))
  }
  list.run += texts[values.length]!
  return codeOf(list)
}

/** The items with `separator` between them; the trailing separator is written where `trailing` is set. */
export function join(items: readonly Printable[], separator: Code, options: { trailing?: boolean } = {}): Code {
  const list = startList(false)
  const end = options.trailing === true ? items.length : items.length - 1
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!
    addPart(list, typeof item === "number" ? item : partOf(item))
    if (index < end) addParts(list, separator)
  }
  return codeOf(list)
}

/**
 * Parts in the making. What stands on one line becomes part of what it stands in, and texts that follow each other one
 * text: most code is a few words and names, and would otherwise be a tree that is deeper than it is wide.
 */
interface PartList {
  parts: Part[]
  /** Text that no part has yet. */
  run: string
  empty: boolean
  multiline: boolean
}

/** One for all code but lists: while its parts are gathered, no other such code is made. */
const gathered: PartList = { parts: [], run: "", empty: true, multiline: false }

function startList(multiline: boolean): PartList {
  gathered.parts = []
  gathered.run = ""
  gathered.empty = true
  gathered.multiline = multiline
  return gathered
}

/** One that is no list: such a list would be gathered in the midst of another. */
function addPart(list: PartList, value: Part | number): void {
  if (value instanceof Code) {
    if (value.empty || value.multiline) putPart(list, value, value.multiline)
    else addParts(list, value)
  } else if (typeof value === "number") list.run += numberText(value)
  else if (typeof value === "string") list.run += value
  else putPart(list, value, isMultiline(value))
}

function addParts(list: PartList, code: Code): void {
  const { parts } = code
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!
    if (typeof part === "string") list.run += part
    else putPart(list, part, false)
  }
  if (code.multiline) list.multiline = true
}

function putPart(list: PartList, part: Part, multiline: boolean): void {
  if (list.run !== "") flush(list)
  list.parts.push(part)
  if (multiline) list.multiline = true
  if (list.empty) list.empty = part instanceof Code && part.empty
}

function flush(list: PartList): void {
  list.parts.push(list.run)
  list.run = ""
  list.empty = false
}

function codeOf(list: PartList): Code {
  if (list.run !== "") flush(list)
  return Code.made(list.parts, list.empty, list.multiline)
}

/** Moved to the right by one step of two spaces. */
export function indent(body: Printable): Code {
  const inner = partOf(body)
  const list = startList(false)
  list.run = "  "
  addPart(list, inner)
  return codeOf(list)
}

/** `head {`, the body one step to the right, `}`. With an empty body `head {}`. */
export function block(head: Printable, body: Printable): Code {
  const before = partOf(head)
  const inner = partOf(body)
  const empty = inner instanceof Code && inner.empty
  const list = startList(!empty)
  addPart(list, before)
  list.run += empty ? " {}" : " {\n  "
  if (!empty) {
    addPart(list, inner)
    list.run += "\n}"
  }
  return codeOf(list)
}

/** A string literal of the language, quotes included, whatever the text holds. */
export function string(text: string): Code {
  return Code.of([{ lexeme: "string", text }])
}

/** A documentation comment; nothing for an empty text. Cannot be closed from inside. */
export function doc(text: string): Code {
  return text.trim() === "" ? nothing : Code.of([{ lexeme: "doc", text }])
}

/** Line comments; nothing for an empty text. */
export function comment(text: string): Code {
  return text.trim() === "" ? nothing : Code.of([{ lexeme: "comment", text }])
}

/**
 * A name that the file declares or uses itself. Rendering throws where it is no identifier of the language or one of its
 * reserved words: names come out of a name policy before they come here. Imports of the same name give way to it.
 */
export function ident(name: string): Code {
  return Code.of([{ lexeme: "ident", text: name }])
}

/** Letters of the names that `numbered` gives. */
type Letter = "a" | "c" | "v"

const NUMBERED = /^[acv]\d+$/
const numberedCode: { readonly [letter in Letter]: Code[] } = { a: [], c: [], v: [] }

/** A name of which a file has many, made of a letter and a number from 0: `v12`. Imports of such a name give way. */
export function numbered(letter: Letter, index: number): Code {
  const known = numberedCode[letter]
  for (let next = known.length; next <= index; next++) known.push(Code.of([`${letter}${next}`]))
  return known[index]!
}

/** @internal True for what `numbered` may have printed. */
export function isNumbered(name: string): boolean {
  return NUMBERED.test(name)
}

/** A property's name where it is declared (`name:`, `"odd-name":`, `["__proto__"]:`). */
export function key(name: string): Code {
  return Code.of([{ lexeme: "key", text: name }])
}

/** A property's name where it is read (`.name`, `["odd-name"]`). */
export function access(name: string): Code {
  return Code.of([{ lexeme: "access", text: name }])
}

function isMultiline(part: Part): boolean {
  if (typeof part === "string") return part.includes("\n")
  if (part instanceof Code) return part.multiline
  return !(part instanceof SymbolRef) && (part.lexeme === "doc" || part.lexeme === "comment")
}

function partOf(value: Printable): Part {
  if (value instanceof Code || value instanceof SymbolRef) return value
  if (typeof value === "number") return numberText(value)
  if (typeof value === "bigint") return { lexeme: "bigint", text: value.toString() }
  if (Array.isArray(value)) return linesOf(value)
  throw new TypeError("only code, symbols and numbers are printed; text goes through string, doc, ident or key")
}

function linesOf(items: readonly Printable[]): Code {
  const list: PartList = { parts: [], run: "", empty: true, multiline: items.length > 1 }
  for (let index = 0; index < items.length; index++) {
    if (index > 0) list.run += "\n"
    const item = items[index]!
    addPart(list, typeof item === "number" ? item : partOf(item))
  }
  return codeOf(list)
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`not a number that a literal can say: ${value}`)
  return Object.is(value, -0) ? "-0" : String(value)
}

interface Template {
  readonly texts: readonly string[]
  /** The code of a template that holds nothing else. */
  readonly whole: Code
  readonly multiline: boolean
}

const cache = new WeakMap<TemplateStringsArray, Template>()

function templateOf(raw: TemplateStringsArray): Template {
  let template = cache.get(raw)
  if (template === undefined) {
    const texts = dedent(raw.raw.map((text) => text.replaceAll("\\`", "`").replaceAll("\\${", "${")))
    const whole = Code.of(texts.length === 1 && texts[0] !== "" ? texts : [])
    template = { texts, whole, multiline: texts.some((text) => text.includes("\n")) }
    cache.set(raw, template)
  }
  return template
}

const HOLE = "\0"

function dedent(texts: readonly string[]): readonly string[] {
  const lines = texts.join(HOLE).replaceAll("\r\n", "\n").split("\n")
  if (lines.length === 1) return texts
  const opened = lines[0] === ""
  const body = opened ? lines.slice(1) : lines
  if (body.at(-1)!.trim() === "") body.pop()
  const measured = (opened ? body : body.slice(1)).filter((line) => line.trim() !== "")
  const margin = Math.min(...measured.map((line) => line.length - line.trimStart().length))
  const cut = body.map((line, index) => (index === 0 && !opened ? line : line.slice(margin)))
  return cut.join("\n").split(HOLE)
}
