import type { ImportReport } from "./finding.js"

/** The documents of an import, and what is known of its course. */
export interface Library {
  /** Parsed documents by address. */
  readonly documents: ReadonlyMap<string, unknown>
  readonly report: ImportReport
  /** Addresses of documents that are referred to and not there. */
  readonly missing: Set<string>
}

/** A place in a document. Reading through it follows references. */
export class Node {
  readonly value: unknown
  readonly document: string
  /** JSON Pointer. */
  readonly path: string
  readonly #library: Library

  private constructor(value: unknown, place: { readonly document: string; readonly path: string }, library: Library) {
    this.value = value
    this.document = place.document
    this.path = place.path
    this.#library = library
  }

  /** The root of a document, or undefined where it was not given. */
  static root(address: string, library: Library): Node | undefined {
    const value = library.documents.get(address)
    return value === undefined ? undefined : new Node(value, { document: address, path: "" }, library)
  }

  get target(): { readonly document: string; readonly path: string } {
    return { document: this.document, path: this.path }
  }

  /** Identity of the place. */
  get id(): string {
    return `${this.document}#${this.path}`
  }

  /** What `$ref` leads to, however many stand behind each other; the node itself without one; undefined and reported where it leads nowhere. */
  resolve(): Node | undefined {
    const seen = new Set<string>()
    let at: Node = this
    for (;;) {
      const ref = isRecord(at.value) ? at.value.$ref : undefined
      if (typeof ref !== "string") return at
      if (seen.has(at.id)) {
        this.#library.report.add("asyncapi/ref-cycle", this.target, { ref })
        return undefined
      }
      seen.add(at.id)
      const next = this.#follow(at, ref)
      if (next === undefined) return undefined
      at = next
    }
  }

  /** A member, its reference followed. */
  get(name: string): Node | undefined {
    const member = this.at(name)
    return member?.resolve()
  }

  /** A member as it stands. */
  at(name: string): Node | undefined {
    if (!isRecord(this.value) || !Object.hasOwn(this.value, name)) return undefined
    return this.#inner(name, this.value[name])
  }

  text(name: string): string | undefined {
    const value = this.get(name)?.value
    return typeof value === "string" ? value : undefined
  }

  number(name: string): number | undefined {
    const value = this.get(name)?.value
    return typeof value === "number" ? value : undefined
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name)?.value
    return typeof value === "boolean" ? value : undefined
  }

  /** Members of an object as they stand, in the document's order; none where it is no object. */
  entries(): readonly (readonly [string, Node])[] {
    if (!isRecord(this.value)) return []
    return Object.entries(this.value).map(([name, value]) => [name, this.#inner(name, value)] as const)
  }

  /** Items of a list as they stand; none where it is no list. */
  items(): readonly Node[] {
    return Array.isArray(this.value) ? this.value.map((value, index) => this.#inner(String(index), value)) : []
  }

  keys(): readonly string[] {
    return isRecord(this.value) ? Object.keys(this.value) : []
  }

  #inner(name: string, value: unknown): Node {
    const path = `${this.path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`
    return new Node(value, { document: this.document, path }, this.#library)
  }

  #follow(from: Node, ref: string): Node | undefined {
    const { report, missing, documents } = this.#library
    const [before, fragment = ""] = ref.split("#", 2) as [string, string?]
    const address = before === "" ? from.document : absolute(before, from.document)
    if (!documents.has(address)) {
      missing.add(address)
      report.add("asyncapi/ref-elsewhere", from.target, { ref })
      return undefined
    }
    let at: Node | undefined = Node.root(address, this.#library)
    for (const token of fragment.split("/").slice(1)) {
      const name = decode(token).replaceAll("~1", "/").replaceAll("~0", "~")
      at = at?.step(name)
    }
    if (at === undefined) report.add("asyncapi/ref-missing", from.target, { ref })
    return at
  }

  /** A member or item as it stands; a reference on the way is followed. */
  step(name: string): Node | undefined {
    const here = isRecord(this.value) && typeof this.value.$ref === "string" ? this.resolve() : this
    if (here === undefined) return undefined
    return Array.isArray(here.value) ? here.items()[Number(name)] : here.at(name)
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function absolute(ref: string, base: string): string {
  try {
    return new URL(ref, base).href
  } catch {
    return ref
  }
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}
