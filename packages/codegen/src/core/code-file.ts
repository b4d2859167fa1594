import { Code, code, type Lexeme, type Part, type Printable } from "./code.js"
import type { ImportedModule, Language } from "./language.js"
import { SymbolRef } from "./symbol.js"

/** A file of the output while it is being printed. */
export interface CodeFile {
  /** Relative to the package, with `/`. */
  readonly path: string
  /** Appends, each item from a new line; without items a blank line. */
  print(...items: readonly Printable[]): void
  /** @internal */
  readonly contents: {
    readonly header: Code | undefined
    readonly language: Language
    readonly locals: readonly string[]
    readonly body: readonly Code[]
  }
}

/** A finished file: path relative to the output folder, text with `\n` and one at its end. */
export interface RenderedFile {
  readonly path: string
  readonly text: string
}

/**
 * An empty file. `header` stands above the imports. `locals` are names that the templates of the file declare in their
 * own text: imports give way to them, as they do to what is printed with `ident`.
 */
export function createCodeFile(options: {
  readonly path: string
  readonly language: Language
  readonly header?: Code
  readonly locals?: readonly string[]
}): CodeFile {
  const body: Code[] = []
  return {
    path: options.path,
    print(...items) {
      if (items.length === 0) body.push(code``)
      for (const item of items) body.push(item instanceof Code ? item : code`${item}`)
    },
    contents: { header: options.header, language: options.language, locals: options.locals ?? [], body },
  }
}

/** The file's text: header, imports (sorted, each name once), body. Blank lines never double. */
export function render(file: CodeFile): RenderedFile {
  const { header, language, locals: declared, body } = file.contents
  const references = collect(body, declared)
  const { locals, modules } = settle(file.path, references, language)
  const writer = createWriter(language, (symbol) => locals.get(identityOf(symbol)) ?? symbol.name)
  if (header !== undefined) {
    writer.item(header)
    writer.blank()
  }
  for (const line of language.imports(modules)) writer.line(line)
  if (modules.length > 0) writer.blank()
  for (const item of body) {
    if (item.parts.length === 0) writer.blank()
    else writer.item(item)
  }
  return { path: file.path, text: writer.text() }
}

interface References {
  readonly symbols: ReadonlyMap<string, { readonly symbol: SymbolRef; readonly typeOnly: boolean }>
  readonly idents: ReadonlySet<string>
}

function identityOf(symbol: SymbolRef): string {
  return symbol.from.kind === "file"
    ? `file\0${symbol.from.path}\0${symbol.name}`
    : `module\0${symbol.from.specifier}\0${symbol.name}`
}

function collect(body: readonly Code[], declared: readonly string[]): References {
  const symbols = new Map<string, { symbol: SymbolRef; typeOnly: boolean }>()
  const idents = new Set<string>(declared)
  const visit = (part: Part): void => {
    if (typeof part === "string") return
    if (part instanceof Code) for (const inner of part.parts) visit(inner)
    else if (part instanceof SymbolRef) {
      const id = identityOf(part)
      const known = symbols.get(id)
      // One use as a value makes the import a value import.
      if (known === undefined) symbols.set(id, { symbol: part, typeOnly: part.typeOnly })
      else if (known.typeOnly && !part.typeOnly) known.typeOnly = false
    } else if (part.lexeme === "ident") idents.add(part.text)
  }
  for (const item of body) visit(item)
  return { symbols, idents }
}

/** Gives every import its name in this file before the first line is written. Own names win over imported ones. */
function settle(path: string, references: References, language: Language) {
  const taken = new Set(references.idents)
  const foreign: { symbol: SymbolRef; typeOnly: boolean; specifier: string }[] = []
  for (const { symbol, typeOnly } of references.symbols.values()) {
    if (symbol.from.kind === "file" && symbol.from.path === path) taken.add(symbol.name)
    else foreign.push({ symbol, typeOnly, specifier: language.specifier(path, symbol.from) })
  }
  foreign.sort((a, b) => order(a.specifier, b.specifier) || order(a.symbol.name, b.symbol.name))
  const locals = new Map<string, string>()
  const modules: (ImportedModule & { names: ImportedModule["names"][number][] })[] = []
  for (const { symbol, typeOnly, specifier } of foreign) {
    let local = symbol.name
    for (let n = 2; taken.has(local); n++) local = `${symbol.name}${n}`
    taken.add(local)
    locals.set(identityOf(symbol), local)
    const last = modules.at(-1)
    const name = { name: symbol.name, local, typeOnly }
    if (last?.specifier === specifier) last.names.push(name)
    else modules.push({ specifier, names: [name] })
  }
  return { locals, modules }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Writer {
  item(code: Code): void
  line(text: string): void
  blank(): void
  text(): string
}

function createWriter(language: Language, nameOf: (symbol: SymbolRef) => string): Writer {
  const lines: string[] = []
  let current = ""
  let margin = ""
  let hollow = false

  const flush = (): void => {
    if (hollow && current.trim() === "") return
    const line = current.trimEnd()
    if (line !== "" || (lines.length > 0 && lines.at(-1) !== "")) lines.push(line)
  }
  const write = (text: string): void => {
    let from = 0
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", from)) {
      current += text.slice(from, at)
      flush()
      current = margin
      hollow = false
      from = at + 1
    }
    current += text.slice(from)
  }
  const lexeme = (part: Lexeme): string => {
    switch (part.lexeme) {
      case "string":
        return language.string(part.text)
      case "doc":
        return language.doc(part.text).join("\n")
      case "comment":
        return language.comment(part.text).join("\n")
      case "key":
        return language.key(part.text)
      case "access":
        return language.access(part.text)
      case "bigint":
        return language.bigint(part.text)
      case "ident":
        if (!language.isIdentifier(part.text)) throw new Error(`not an identifier: ${JSON.stringify(part.text)}`)
        return part.text
    }
  }
  const nested = (parts: readonly Part[]): void => {
    const outer = margin
    margin = current.slice(0, current.length - current.trimStart().length)
    const line = lines.length
    const before = current
    for (const part of parts) one(part)
    if (lines.length === line && current === before) hollow = true
    margin = outer
  }
  const one = (part: Part): void => {
    if (typeof part === "string") write(part)
    else if (part instanceof Code) nested(part.parts)
    else if (part instanceof SymbolRef) write(nameOf(part))
    else if (part.lexeme === "doc" || part.lexeme === "comment") nested([lexeme(part)])
    else write(lexeme(part))
  }
  const line = (text: string): void => {
    current = text
    hollow = false
    flush()
    current = ""
  }
  return {
    item(item) {
      current = ""
      margin = ""
      hollow = false
      nested(item.parts)
      flush()
      current = ""
    },
    line,
    blank: () => line(""),
    text() {
      while (lines.at(-1) === "") lines.pop()
      return `${lines.join("\n")}\n`
    },
  }
}
