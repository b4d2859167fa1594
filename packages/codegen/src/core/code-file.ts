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
  const { header, language, locals, body } = file.contents
  const above = createWriter(language)
  if (header !== undefined) {
    above.item(header)
    above.blank()
  }
  const below = createWriter(language)
  for (const item of body) {
    if (item.parts.length === 0) below.blank()
    else below.item(item)
  }
  const { names, modules } = settle(file.path, below.uses(), [...locals, ...below.idents], language)
  for (const line of language.imports(modules)) above.line(line)
  if (modules.length > 0) above.blank()
  const text = [...above.lines, ...below.lines].join("\n").trimEnd()
  return { path: file.path, text: `${text.replace(PLACE, (_, index: string) => names[Number(index)]!)}\n` }
}

/** Where a symbol stands until all names are settled. No language prints the character otherwise. */
const MARK = "\0"
const PLACE = /\0(\d+)\0/g

interface Use {
  readonly symbol: SymbolRef
  /** One use as a value makes the import a value import. */
  typeOnly: boolean
}

function identityOf(symbol: SymbolRef): string {
  return symbol.from.kind === "file"
    ? `file\0${symbol.from.path}\0${symbol.name}`
    : `module\0${symbol.from.specifier}\0${symbol.name}`
}

/** Gives every used symbol its name in this file. Own names win over imported ones. */
function settle(path: string, uses: readonly Use[], own: readonly string[], language: Language) {
  const taken = new Set(own)
  const names = uses.map((use) => use.symbol.name)
  const foreign: { use: Use; index: number; specifier: string }[] = []
  uses.forEach((use, index) => {
    const { from } = use.symbol
    if (from.kind === "file" && from.path === path) taken.add(use.symbol.name)
    else foreign.push({ use, index, specifier: language.specifier(path, from) })
  })
  foreign.sort((a, b) => order(a.specifier, b.specifier) || order(a.use.symbol.name, b.use.symbol.name))
  const modules: (ImportedModule & { names: ImportedModule["names"][number][] })[] = []
  for (const { use, index, specifier } of foreign) {
    const { name } = use.symbol
    let local = name
    for (let n = 2; taken.has(local); n++) local = `${name}${n}`
    taken.add(local)
    names[index] = local
    const last = modules.at(-1)
    const imported = { name, local, typeOnly: use.typeOnly }
    if (last?.specifier === specifier) last.names.push(imported)
    else modules.push({ specifier, names: [imported] })
  }
  return { names, modules }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Writer {
  item(code: Code): void
  line(text: string): void
  blank(): void
  readonly lines: readonly string[]
  readonly idents: ReadonlySet<string>
  /** Symbols in order of their marks. */
  uses(): readonly Use[]
}

function createWriter(language: Language): Writer {
  const lines: string[] = []
  const idents = new Set<string>()
  const uses: Use[] = []
  const known = new Map<SymbolRef | string, number>()
  let current = ""
  let margin = ""
  let hollow = false

  const flush = (): void => {
    const line = current.trimEnd()
    if (line !== "") lines.push(line)
    else if (!hollow && lines.length > 0 && lines.at(-1) !== "") lines.push("")
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
    current += from === 0 ? text : text.slice(from)
  }
  const place = (symbol: SymbolRef): number => {
    let index = known.get(symbol)
    if (index === undefined) {
      const id = identityOf(symbol)
      index = known.get(id)
      if (index === undefined) {
        index = uses.length
        uses.push({ symbol, typeOnly: symbol.typeOnly })
        known.set(id, index)
      }
      known.set(symbol, index)
      if (!symbol.typeOnly) uses[index]!.typeOnly = false
    }
    return index
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
        if (!idents.has(part.text)) {
          if (!language.isIdentifier(part.text)) throw new Error(`not an identifier: ${JSON.stringify(part.text)}`)
          idents.add(part.text)
        }
        return part.text
    }
  }
  const nested = (parts: readonly Part[]): void => {
    const outer = margin
    margin = current.slice(0, current.length - current.trimStart().length)
    for (const part of parts) one(part)
    margin = outer
  }
  const one = (part: Part): void => {
    if (typeof part === "string") write(part)
    else if (part instanceof Code) {
      if (part.empty) hollow = true
      else if (part.multiline) nested(part.parts)
      else for (const inner of part.parts) one(inner)
    } else if (part instanceof SymbolRef) current += `${MARK}${place(part)}${MARK}`
    else if (part.lexeme === "doc" || part.lexeme === "comment") nested([lexeme(part)])
    else current += lexeme(part)
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
      one(item)
      flush()
      current = ""
    },
    line,
    blank: () => line(""),
    lines,
    idents,
    uses: () => uses,
  }
}
