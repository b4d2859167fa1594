import { readFile, stat } from "node:fs/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { ImportFinding } from "@fleetwire/codegen"
import { type Document, isNode, LineCounter, parseDocument } from "yaml"
import { Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"

/** Octets of one document at most. */
const MAX_BYTES = 16 * 1024 * 1024
/** Documents that one import reads at most. */
const MAX_DOCUMENTS = 256
/** Milliseconds that one address may take to answer. */
const FETCH_TIMEOUT_MS = 10_000

/** Which documents beside the first may be read. */
export interface ShelfRules {
  /** Files that references lead to. */
  readonly follow: boolean
  /** Addresses of http and https. */
  readonly fetch: boolean
}

interface Shelved {
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

/** Documents in YAML or JSON by address, with the lines of everything in them. Reads only what its rules allow. */
export class DocumentShelf {
  readonly documents = new Map<string, unknown>()
  readonly #rules: ShelfRules
  readonly #shelved = new Map<string, Shelved>()
  /** Addresses that were not to be had, with the reason. */
  readonly #refused = new Set<string>()

  constructor(rules: ShelfRules) {
    this.#rules = rules
  }

  /** Reads the first document. `given` is how the user called it. @throws Misuse where it cannot be read. */
  async open(path: string, given: string): Promise<string> {
    const address = pathToFileURL(path).href
    this.#parse(address, await readText(path, given), given)
    return address
  }

  /** Reads those of these addresses that the rules allow; whether any was new. @throws Misuse for one that is damaged. */
  async add(addresses: readonly string[]): Promise<boolean> {
    let added = false
    for (const address of addresses) {
      if (this.documents.has(address) || this.#refused.has(address)) continue
      if (this.documents.size >= MAX_DOCUMENTS)
        throw new Misuse(`the document refers to more than ${MAX_DOCUMENTS} others`)
      const text = await this.#read(address)
      if (text === undefined) this.#refused.add(address)
      else {
        this.#parse(address, text, address)
        added = true
      }
    }
    return added
  }

  /** A finding with the file and line that its pointer means. */
  locate({ target, ...rest }: ImportFinding): Finding {
    const file = target.document.startsWith("file:") ? fileURLToPath(target.document) : target.document
    const place = this.#placeOf(target.document, target.path)
    return { ...rest, target: { file, path: target.path, ...place } }
  }

  #placeOf(address: string, pointer: string): { readonly line?: number; readonly column?: number } {
    const shelved = this.#shelved.get(address)
    if (shelved === undefined) return {}
    const path = pointer
      .split("/")
      .slice(1)
      .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    for (let length = path.length; length >= 0; length--) {
      const node = shelved.document.getIn(path.slice(0, length), true)
      if (!isNode(node) || node.range === null || node.range === undefined) continue
      const { line, col } = shelved.lines.linePos(node.range[0])
      return { line, column: col }
    }
    return {}
  }

  async #read(address: string): Promise<string | undefined> {
    if (address.startsWith("file:")) return this.#rules.follow ? readText(fileURLToPath(address), address) : undefined
    if (!/^https?:/.test(address) || !this.#rules.fetch) return undefined
    const response = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) }).catch((error: unknown) => {
      throw new Misuse(`${address} could not be fetched: ${error instanceof Error ? error.message : String(error)}`)
    })
    if (!response.ok) throw new Misuse(`${address} answered ${response.status}`)
    const text = await response.text()
    if (text.length > MAX_BYTES) throw new Misuse(`${address} is larger than ${MAX_BYTES} B`)
    return text
  }

  #parse(address: string, text: string, given: string): void {
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
    const [problem] = document.errors
    if (problem !== undefined) {
      const { line, col } = lines.linePos(problem.pos[0])
      throw new Misuse(`${given}:${line}:${col} is neither YAML nor JSON: ${problem.message}`)
    }
    try {
      this.documents.set(address, document.toJS({ maxAliasCount: 100 }))
    } catch (error) {
      // Aliases that multiply without end.
      throw new Misuse(`${given} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.#shelved.set(address, { document, lines })
  }
}

async function readText(path: string, given: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || !found.isFile()) throw new Misuse(`there is no document ${given}`)
  if (found.size > MAX_BYTES) throw new Misuse(`${given} is larger than ${MAX_BYTES} B`)
  return readFile(path, "utf8")
}
