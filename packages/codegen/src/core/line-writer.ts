import { Code, type Lexeme, type Part } from "./code.js"
import type { Language } from "./language.js"
import { SymbolRef } from "./symbol.js"

/** A symbol that was written. */
export interface Use {
  readonly symbol: SymbolRef
  /** One use as a value makes the import a value import. */
  typeOnly: boolean
}

function identityOf(symbol: SymbolRef): string {
  return symbol.from.kind === "file"
    ? `file\0${symbol.from.path}\0${symbol.name}`
    : `module\0${symbol.from.specifier}\0${symbol.name}`
}

/** Writes code line by line; names of symbols are filled in at the end. */
export interface LineWriter {
  item(code: Code): void
  line(text: string): void
  blank(): void
  readonly idents: ReadonlySet<string>
  /** Symbols in order of their first place. */
  readonly uses: readonly Use[]
  /** Everything written, each line with its end. `names` are those of `uses`. */
  text(names: readonly string[]): string
}

/**
 * Collects lines as pieces of text, joined once at the end. A symbol leaves an empty piece until all names are settled:
 * nothing that was written is read again.
 */
export function createLineWriter(language: Language): LineWriter {
  const pieces: string[] = []
  /** Pairs: where a symbol's name belongs among the pieces, and its place in `uses`. */
  const places: number[] = []
  const idents = new Set<string>()
  const uses: Use[] = []
  const known = new Map<SymbolRef | string, number>()
  /** Piece that the line begins with. */
  let start = 0
  /** White space that the line begins with; `open` while there is nothing else on it. */
  let lead = ""
  let open = true
  let margin = ""
  let hollow = false
  let afterBlank = true

  const begin = (text: string): void => {
    start = pieces.length
    lead = text
    open = true
    hollow = false
  }
  const put = (text: string): void => {
    if (open) {
      const rest = text.trimStart()
      lead += rest === text ? "" : text.slice(0, text.length - rest.length)
      if (rest === "") return
      open = false
      if (lead !== "") pieces.push(lead)
      pieces.push(rest)
    } else pieces.push(text)
  }
  const flush = (): void => {
    if (!open) {
      trimLine(pieces, start, places)
      pieces.push("\n")
      afterBlank = false
    } else if (!hollow && !afterBlank) {
      pieces.push("\n")
      afterBlank = true
    }
  }
  const write = (text: string): void => {
    let from = 0
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", from)) {
      if (at > from) put(text.slice(from, at))
      flush()
      begin(margin)
      from = at + 1
    }
    if (from === 0) put(text)
    else if (from < text.length) put(text.slice(from))
  }
  const place = (symbol: SymbolRef): void => {
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
    if (open) {
      open = false
      if (lead !== "") pieces.push(lead)
    }
    places.push(pieces.length, index)
    pieces.push("")
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
  const one = (part: Part): void => {
    if (typeof part === "string") write(part)
    else if (part instanceof Code) {
      if (part.empty) hollow = true
      else {
        const outer = margin
        if (part.multiline) margin = lead
        const { parts } = part
        for (let index = 0; index < parts.length; index++) one(parts[index]!)
        margin = outer
      }
    } else if (part instanceof SymbolRef) place(part)
    else if (part.lexeme === "doc" || part.lexeme === "comment") {
      const outer = margin
      margin = lead
      write(lexeme(part))
      margin = outer
    } else put(lexeme(part))
  }
  const line = (text: string): void => {
    begin("")
    put(text)
    flush()
  }
  return {
    item(item) {
      begin("")
      margin = ""
      one(item)
      flush()
    },
    line,
    blank: () => line(""),
    idents,
    uses,
    text(names) {
      for (let index = 0; index < places.length; index += 2) pieces[places[index]!] = names[places[index + 1]!]!
      return pieces.join("")
    },
  }
}

/** Takes the white space off the end of the line that begins with the piece `start`; something else is on it. */
function trimLine(pieces: string[], start: number, places: readonly number[]): void {
  for (let last = pieces.length - 1; last >= start; last--) {
    const piece = pieces[last]!
    if (piece === "" && places.at(-2) === last) return
    const trimmed = piece.trimEnd()
    if (trimmed !== "") {
      if (trimmed !== piece) pieces[last] = trimmed
      return
    }
    pieces.pop()
  }
}
