/** A name that lives in a module. Printing it in a file imports it there, under an alias where the name is taken. */
export class SymbolRef {
  readonly name: string
  /** Where it lives: a package's entry point, or a file of the same output. */
  readonly from:
    | { readonly kind: "module"; readonly specifier: string }
    | { readonly kind: "file"; readonly path: string }
  /** Only a type: imported with `import type`. */
  readonly typeOnly: boolean

  /** @internal */
  constructor(name: string, from: SymbolRef["from"], typeOnly: boolean) {
    this.name = name
    this.from = from
    this.typeOnly = typeOnly
  }
}

/** A name that a package exports, such as `symbol("SdkError", "@fleetwire/runtime/codegen-v1")`. */
export function symbol(name: string, from: string, options: { readonly type?: boolean } = {}): SymbolRef {
  return new SymbolRef(name, { kind: "module", specifier: from }, options.type ?? false)
}

/** A name that a file of the output exports; inside that file it prints without an import. `file` is its path. */
export function exported(
  name: string,
  file: string | { readonly path: string },
  options: { readonly type?: boolean } = {},
): SymbolRef {
  return new SymbolRef(name, { kind: "file", path: typeof file === "string" ? file : file.path }, options.type ?? false)
}
