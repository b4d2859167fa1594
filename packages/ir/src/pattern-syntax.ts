import { CLASS_ESCAPES, type CodePointSet, complementSet, DOT, normalizeSet } from "./code-point-set.js"

/** A pattern of the closed regular subset, taken apart. An empty `concat` is the empty text. */
export type PatternNode =
  | { readonly kind: "set"; readonly set: CodePointSet }
  | { readonly kind: "concat"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  /** `max` undefined: without end. */
  | { readonly kind: "repeat"; readonly node: PatternNode; readonly min: number; readonly max: number | undefined }

/** Why a pattern is not of the subset. */
export interface PatternIssue {
  /** For humans, in English, without a trailing full stop. */
  readonly message: string
  /** UTF-16 offset into the pattern. */
  readonly position: number
}

export type PatternResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issue: PatternIssue }

/** Largest number that `{n,m}` may hold. */
export const MAX_REPEAT = 1000
/** Deepest nesting of groups. */
const MAX_DEPTH = 50

class Refusal extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message)
  }
}

/**
 * Parses a pattern of the closed regular subset: literals, `.`, classes, `\d \D \w \W \s \S`, escapes of single
 * characters, groups, `|`, `?`, `*`, `+`, `{n}`, `{n,}`, `{n,m}`. A pattern is anchored at both ends by itself and means
 * what ECMAScript's flag `u` makes it mean. Anchors, look-around, back references, lazy and possessive quantifiers,
 * named groups and Unicode properties are refused with their place.
 */
export function parsePattern(text: string): PatternResult<PatternNode> {
  const reader = new PatternReader(text)
  try {
    const node = reader.choice(0)
    if (!reader.done) throw new Refusal(`")" without "("`, reader.at)
    return { ok: true, value: node }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, issue: { message: error.message, position: error.position } }
    throw error
  }
}

/** Reads by recursive descent: choice → concat → repeat → atom. */
class PatternReader {
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.at >= this.#text.length
  }

  choice(depth: number): PatternNode {
    if (depth > MAX_DEPTH) throw new Refusal(`groups are nested deeper than ${MAX_DEPTH}`, this.at)
    const options = [this.#concat(depth)]
    while (this.#take("|")) options.push(this.#concat(depth))
    return options.length === 1 ? options[0]! : { kind: "choice", options }
  }

  #concat(depth: number): PatternNode {
    const parts: PatternNode[] = []
    while (!this.done && this.#peek() !== "|" && this.#peek() !== ")") parts.push(this.#repeat(depth))
    return parts.length === 1 ? parts[0]! : { kind: "concat", parts }
  }

  #repeat(depth: number): PatternNode {
    const node = this.#atom(depth)
    const bounds = this.#quantifier()
    if (bounds === undefined) return node
    const next = this.#peek()
    if (next === "?") throw new Refusal("a lazy quantifier has no meaning in an anchored pattern", this.at)
    if (next === "+" || next === "*" || next === "{") throw new Refusal("a quantifier follows a quantifier", this.at)
    return { kind: "repeat", node, ...bounds }
  }

  #quantifier(): { readonly min: number; readonly max: number | undefined } | undefined {
    if (this.#take("?")) return { min: 0, max: 1 }
    if (this.#take("*")) return { min: 0, max: undefined }
    if (this.#take("+")) return { min: 1, max: undefined }
    const start = this.at
    if (!this.#take("{")) return undefined
    const min = this.#number()
    let max: number | undefined = min
    if (this.#take(",")) max = this.#peek() === "}" ? undefined : this.#number()
    if (!this.#take("}")) throw new Refusal('"{" begins {n}, {n,} or {n,m}', start)
    if (max !== undefined && min > max) throw new Refusal(`{${min},${max}}: the bounds are out of order`, start)
    if (Math.max(min, max ?? 0) > MAX_REPEAT) throw new Refusal(`more than ${MAX_REPEAT} repetitions`, start)
    return { min, max }
  }

  #number(): number {
    const start = this.at
    while (isDigit(this.#peek())) this.at++
    if (start === this.at) throw new Refusal("a number is missing in {n}, {n,} or {n,m}", start)
    return Number(this.#text.slice(start, this.at))
  }

  #atom(depth: number): PatternNode {
    const start = this.at
    const character = this.#peek()
    if (character === "(") return this.#group(depth)
    if (character === "[") return { kind: "set", set: this.#class() }
    if (character === ".") {
      this.at++
      return { kind: "set", set: DOT }
    }
    if (character === "^" || character === "$")
      throw new Refusal(`"${character}": a pattern is anchored by itself`, start)
    if (character === "*" || character === "+" || character === "?" || character === "{")
      throw new Refusal(`"${character}" has nothing to repeat`, start)
    if (character === "]" || character === "}") throw new Refusal(`"${character}" must be escaped`, start)
    if (character === "\\") return { kind: "set", set: this.#escape(false) }
    const point = this.#point()
    return { kind: "set", set: [[point, point]] }
  }

  #group(depth: number): PatternNode {
    const start = this.at++
    if (this.#take("?")) {
      if (!this.#take(":")) {
        const next = this.#text.slice(this.at, this.at + 2)
        if (next === "<=" || next === "<!" || next[0] === "=" || next[0] === "!")
          throw new Refusal("look-around is not regular", start)
        throw new Refusal("a group begins ( or (?:", start)
      }
    }
    const node = this.choice(depth + 1)
    if (!this.#take(")")) throw new Refusal('"(" without ")"', start)
    return node
  }

  #class(): CodePointSet {
    const start = this.at++
    const negated = this.#take("^")
    const ranges: (readonly [number, number])[] = []
    while (!this.#take("]")) {
      if (this.done) throw new Refusal('"[" without "]"', start)
      const from = this.#member()
      if (this.#peek() !== "-" || this.#text[this.at + 1] === "]") {
        ranges.push(...from)
        continue
      }
      const dash = this.at++
      if (this.done) throw new Refusal('"[" without "]"', start)
      const to = this.#member()
      if (!isSingle(from) || !isSingle(to)) throw new Refusal("a range goes from one character to one character", dash)
      if (from[0]![0] > to[0]![0]) throw new Refusal("a range is out of order", dash)
      ranges.push([from[0]![0], to[0]![0]])
    }
    const set = normalizeSet(ranges)
    if (ranges.length === 0 && !negated) throw new Refusal("an empty class", start)
    return negated ? complementSet(set) : set
  }

  #member(): CodePointSet {
    if (this.#peek() === "\\") return this.#escape(true)
    const point = this.#point()
    return [[point, point]]
  }

  #escape(inClass: boolean): CodePointSet {
    const start = this.at++
    if (this.done) throw new Refusal('"\\" at the end', start)
    const letter = this.#text[this.at++]!
    const set = CLASS_ESCAPES[letter]
    if (set !== undefined) return set
    const point = this.#escapedPoint(letter, start, inClass)
    return [[point, point]]
  }

  #escapedPoint(letter: string, start: number, inClass: boolean): number {
    if ("^$\\.*+?()[]{}|/".includes(letter)) return letter.charCodeAt(0)
    if (inClass && letter === "-") return 0x2d
    const control = CONTROL_ESCAPES[letter]
    if (control !== undefined) return control
    if (letter === "0" && !isDigit(this.#peek())) return 0
    if (letter === "x") return this.#hex(2, start)
    if (letter === "u") return this.#unicode(start)
    if (letter === "b" || letter === "B")
      throw new Refusal(`"\\${letter}": word boundaries are not in the subset`, start)
    if (letter === "k" || isDigit(letter)) throw new Refusal("back references are not regular", start)
    if (letter === "p" || letter === "P")
      throw new Refusal("Unicode properties are not in the subset: they change with the version of Unicode", start)
    throw new Refusal(`"\\${letter}" is no escape of the subset`, start)
  }

  #unicode(start: number): number {
    let point: number
    if (this.#take("{")) {
      const from = this.at
      while (isHex(this.#peek())) this.at++
      point = Number.parseInt(this.#text.slice(from, this.at), 16)
      if (from === this.at || !this.#take("}") || point > 0x10ffff)
        throw new Refusal('"\\u{…}" is no code point', start)
    } else {
      point = this.#hex(4, start)
      if (point >= 0xd800 && point < 0xdc00 && this.#text.startsWith("\\u", this.at)) {
        this.at += 2
        const low = this.#hex(4, start)
        if (low >= 0xdc00 && low <= 0xdfff) point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
      }
    }
    if (point >= 0xd800 && point <= 0xdfff) throw new Refusal("a lone surrogate never occurs in text", start)
    return point
  }

  #hex(digits: number, start: number): number {
    const text = this.#text.slice(this.at, this.at + digits)
    if (text.length < digits || ![...text].every(isHex))
      throw new Refusal(`${digits} hexadecimal digits are missing`, start)
    this.at += digits
    return Number.parseInt(text, 16)
  }

  #point(): number {
    const point = this.#text.codePointAt(this.at)!
    if (point >= 0xd800 && point <= 0xdfff) throw new Refusal("a lone surrogate never occurs in text", this.at)
    this.at += point > 0xffff ? 2 : 1
    return point
  }

  #peek(): string {
    return this.#text[this.at] ?? ""
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.at++
    return true
  }
}

const CONTROL_ESCAPES: { readonly [letter: string]: number } = { t: 9, n: 10, v: 11, f: 12, r: 13 }

function isSingle(set: CodePointSet): boolean {
  return set.length === 1 && set[0]![0] === set[0]![1]
}

function isDigit(character: string): boolean {
  return character !== "" && character >= "0" && character <= "9"
}

function isHex(character: string): boolean {
  return character !== "" && "0123456789abcdefABCDEF".includes(character)
}
