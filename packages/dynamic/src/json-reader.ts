/** JSON text as it was written: number literals are kept, repeated keys are kept. */
export type JsonNode =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "number"; readonly literal: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, JsonNode])[] }

/** Why a text is not JSON. */
export class JsonFault extends Error {
  constructor(
    readonly code: "syntax" | "encoding" | "truncated" | "too_deep",
    message: string,
  ) {
    super(message)
  }
}

/** Nesting above this is refused, whatever the contract: no message of the closed profile comes near it. */
export const MAXIMUM_DEPTH = 64

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 names exactly these.
const PLAIN = /[^"\\\u0000-\u001f]*/y
const SPACE = /[ \t\n\r]*/y

/** Reads UTF-8 octets as JSON (RFC 8259), without a byte order mark. Throws JsonFault. */
export function readJson(octets: Uint8Array): JsonNode {
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    throw new JsonFault("encoding", "invalid UTF-8")
  }
  const reader = new Reader(text)
  const node = reader.value(0)
  reader.end()
  return node
}

class Reader {
  #at = 0

  constructor(readonly text: string) {}

  value(depth: number): JsonNode {
    this.#take(SPACE)
    const character = this.text[this.#at]
    switch (character) {
      case "{":
        return this.#object(this.#deeper(depth))
      case "[":
        return this.#list(this.#deeper(depth))
      case '"':
        return { kind: "string", value: this.#string() }
      case "t":
        return this.#word("true", { kind: "bool", value: true })
      case "f":
        return this.#word("false", { kind: "bool", value: false })
      case "n":
        return this.#word("null", { kind: "null" })
    }
    const literal = this.#take(NUMBER)
    if (literal === "") throw this.#unexpected()
    return { kind: "number", literal }
  }

  end(): void {
    this.#take(SPACE)
    if (this.#at < this.text.length) throw this.#unexpected()
  }

  #object(depth: number): JsonNode {
    const members: [string, JsonNode][] = []
    this.#at++
    if (this.#next("}")) return { kind: "object", members }
    do {
      this.#take(SPACE)
      if (this.text[this.#at] !== '"') throw this.#unexpected()
      const key = this.#string()
      if (!this.#next(":")) throw this.#unexpected()
      members.push([key, this.value(depth)])
    } while (this.#next(","))
    if (!this.#next("}")) throw this.#unexpected()
    return { kind: "object", members }
  }

  #list(depth: number): JsonNode {
    const items: JsonNode[] = []
    this.#at++
    if (this.#next("]")) return { kind: "list", items }
    do items.push(this.value(depth))
    while (this.#next(","))
    if (!this.#next("]")) throw this.#unexpected()
    return { kind: "list", items }
  }

  #string(): string {
    this.#at++
    let value = ""
    for (;;) {
      value += this.#take(PLAIN)
      const character = this.text[this.#at]
      if (character === undefined || character < " ") throw this.#unexpected()
      this.#at++
      if (character === '"') break
      value += this.#escape()
    }
    if (/\p{Surrogate}/u.test(value)) throw new JsonFault("encoding", "a lone surrogate")
    return value
  }

  #escape(): string {
    const character = this.text[this.#at++]
    switch (character) {
      case '"':
      case "\\":
      case "/":
        return character
      case "b":
        return "\b"
      case "f":
        return "\f"
      case "n":
        return "\n"
      case "r":
        return "\r"
      case "t":
        return "\t"
    }
    const hex = this.text.slice(this.#at, this.#at + 4)
    if (character !== "u" || !/^[0-9a-fA-F]{4}$/.test(hex)) {
      this.#at--
      throw this.#unexpected()
    }
    this.#at += 4
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  #word(word: string, node: JsonNode): JsonNode {
    if (!this.text.startsWith(word, this.#at)) throw this.#unexpected()
    this.#at += word.length
    return node
  }

  #deeper(depth: number): number {
    if (depth >= MAXIMUM_DEPTH) throw new JsonFault("too_deep", `more than ${MAXIMUM_DEPTH} levels`)
    return depth + 1
  }

  #next(character: string): boolean {
    this.#take(SPACE)
    if (this.text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)?.[0] ?? ""
    this.#at += found.length
    return found
  }

  #unexpected(): JsonFault {
    return this.#at >= this.text.length
      ? new JsonFault("truncated", "the text ends early")
      : new JsonFault("syntax", `unexpected ${JSON.stringify(this.text[this.#at])} at ${this.#at}`)
  }
}
