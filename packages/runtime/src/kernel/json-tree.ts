import type { IssueCode } from "../codec.js"
import type { Octets } from "./cursor.js"
import { r } from "./cursor.js"
import { MAX_DEPTH } from "./json-read.js"
import { anyNumber } from "./number-read.js"
import { scanned, scanString } from "./string-read.js"

/** A place where the payload stops to be JSON. */
export interface Stop {
  readonly code: IssueCode
  readonly message: string
  readonly path: readonly string[]
}

/** Keys that an object of the tree has more than once. */
export type Repeated = WeakMap<object, Set<string>>

/**
 * Reads any JSON from the open payload, to explain why it was refused: objects have no prototype, a repeated key keeps
 * its last value and is noted. Slower than the codecs and without any contract.
 */
export function readTree(repeated: Repeated): { readonly value: unknown } | { readonly stop: Stop } {
  const path: string[] = []
  let p = 0
  const b: Octets = r.b

  const stop = (code: IssueCode, what: string, at = p): never => {
    const found: Stop =
      at >= r.n
        ? { code: "truncated", message: `the payload ends at octet ${r.n}, before it is complete`, path: [...path] }
        : { code, message: `${what} at octet ${at}`, path: [...path] }
    throw new Halt(found)
  }
  const ws = (): number => {
    while (b[p] === 32 || b[p] === 10 || b[p] === 13 || b[p] === 9) p++
    return p < r.n ? b[p]! : -1
  }
  const text = (): string => {
    if (scanString(b, ++p, r.n) < 0) return stopString(b, p, stop)
    const value = scanned(b, p)
    p = r.p
    return value
  }
  const word = <T>(spelling: string, value: T): T => {
    for (let i = 0; i < spelling.length; i++, p++)
      if (p >= r.n || b[p] !== spelling.charCodeAt(i)) stop("syntax", `not ${spelling}`)
    return value
  }
  const open = (): void => {
    if (path.length >= MAX_DEPTH) stop("too_deep", `more than ${MAX_DEPTH} levels`)
    p++
  }
  const object = (): unknown => {
    open()
    const members: { [key: string]: unknown } = Object.create(null)
    if (ws() === 125) {
      p++
      return members
    }
    for (;;) {
      if (ws() !== 34) stop("syntax", "no key")
      const name = text()
      path.push(name)
      if (ws() !== 58) stop("syntax", "no colon")
      p++
      if (name in members) repeated.set(members, (repeated.get(members) ?? new Set()).add(name))
      members[name] = value()
      path.pop()
      const c = ws()
      if (c !== 44 && c !== 125) stop("syntax", "no comma or closing brace")
      p++
      if (c === 125) return members
    }
  }
  const list = (): unknown => {
    open()
    const items: unknown[] = []
    if (ws() === 93) {
      p++
      return items
    }
    for (;;) {
      path.push(String(items.length))
      items.push(value())
      path.pop()
      const c = ws()
      if (c !== 44 && c !== 93) stop("syntax", "no comma or closing bracket")
      p++
      if (c === 93) return items
    }
  }
  const value = (): unknown => {
    switch (ws()) {
      case 123:
        return object()
      case 91:
        return list()
      case 34:
        return text()
      case 116:
        return word("true", true)
      case 102:
        return word("false", false)
      case 110:
        return word("null", null)
    }
    const number = anyNumber(b, p)
    if (Number.isNaN(number)) {
      // A number may be cut off as well.
      let q = p
      while (q < r.n && ((b[q]! >= 48 && b[q]! <= 57) || ".eE+-".includes(String.fromCharCode(b[q]!)))) q++
      stop("syntax", "no JSON value", q > p && q >= r.n ? q : p)
    }
    p = r.p
    return number
  }

  try {
    const found = value()
    if (ws() !== -1) stop("syntax", "more than one value")
    return { value: found }
  } catch (error) {
    if (error instanceof Halt) return { stop: error.stop }
    throw error
  }
}

class Halt {
  constructor(readonly stop: Stop) {}
}

/** Says what is wrong with a string that began at `p`. */
function stopString(b: Octets, p: number, stop: (code: IssueCode, what: string, at: number) => never): never {
  let end = p
  let said = ""
  while (end < r.n && b[end] !== 34) {
    const size = b[end] === 92 ? 2 : 1
    for (let i = 0; i < size; i++) said += String.fromCharCode(b[end + i]!)
    end += size
  }
  if (end >= r.n) return stop("truncated", "", r.n)
  // What is neither a control character nor an unknown escape is text that is no text.
  const spelled = /^(?:[ -[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*$/iu.test(said)
  return spelled ? stop("encoding", "no valid text", p) : stop("syntax", "no valid string", p)
}
