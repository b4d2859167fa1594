import type { SymbolRef } from "./symbol.js"

/** The lexical rules of a target. Every method is pure and gives text that its compiler reads back as what was meant. */
export interface Language {
  /** A string literal with its quotes. */
  string(text: string): string
  /** Lines of a documentation comment. */
  doc(text: string): readonly string[]
  /** Lines of a plain comment. */
  comment(text: string): readonly string[]
  /** A name that may be declared: an identifier that is no reserved word. */
  isIdentifier(name: string): boolean
  /** A property's name where it is declared. */
  key(name: string): string
  /** A property's name where it is read, with its dot or brackets. */
  access(name: string): string
  /** An integer literal of any size. */
  bigint(digits: string): string
  /** Lines of the import block, from modules in order. */
  imports(modules: readonly ImportedModule[]): readonly string[]
  /** How `file` names what stands in another file of the output, or in a package. */
  specifier(file: string, from: SymbolRef["from"]): string
}

export interface ImportedModule {
  readonly specifier: string
  /** Sorted by name. */
  readonly names: readonly ImportedName[]
}

export interface ImportedName {
  readonly name: string
  /** Name in this file; differs where `name` was taken. */
  readonly local: string
  readonly typeOnly: boolean
}
