import { Code, code, isNumbered, type Printable } from "./code.js"
import type { ImportedModule, Language } from "./language.js"
import { createLineWriter, type Use } from "./line-writer.js"

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
  const above = createLineWriter(language)
  const below = createLineWriter(language)
  for (const item of body) {
    if (item.parts.length === 0) below.blank()
    else below.item(item)
  }
  const { names, modules } = settle(file.path, below.uses, [...locals, ...below.idents], language)
  for (const line of language.imports(modules)) above.line(line)
  if (modules.length > 0) above.blank()
  const text = (header === undefined ? "" : headerText(header, language)) + above.text([]) + below.text(names)
  return { path: file.path, text: `${text.trimEnd()}\n` }
}

const headers = new WeakMap<Code, { readonly language: Language; readonly text: string }>()

/** The header with the blank line after it. Hundreds of files of a package have the same. */
function headerText(header: Code, language: Language): string {
  const known = headers.get(header)
  if (known?.language === language) return known.text
  const writer = createLineWriter(language)
  writer.item(header)
  writer.blank()
  const text = writer.text([])
  headers.set(header, { language, text })
  return text
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
    // A number behind one that the file may number would be another such name.
    const stem = isNumbered(name) ? `${name}_` : name
    let local = name
    for (let n = 2; taken.has(local) || isNumbered(local); n++) local = `${stem}${n}`
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
