import { type Code, code, join } from "../../core/code.js"

/** A position: a variable, and a distance that is known when the code is printed. */
export function position(offset: number): Code {
  return offset === 0 ? code`p` : code`p + ${offset}`
}

interface Word {
  readonly at: number
  readonly size: 1 | 4 | 8
}

/**
 * Cuts bytes into words that cover all of them; the last may overlap the one before. Eight bytes are compared and
 * stored as one double where all are below 0x7f: such a double is never NaN, so equal means equal bits.
 */
function wordsOf(bytes: Uint8Array): readonly Word[] {
  const words: Word[] = []
  const n = bytes.length
  const isDouble = (at: number): boolean => at >= 0 && at + 8 <= n && bytes.subarray(at, at + 8).every((c) => c < 0x7f)
  let at = 0
  while (at < n) {
    const rest = n - at
    if (isDouble(at)) {
      words.push({ at, size: 8 })
      at += 8
    } else if (rest > 4 && rest < 8 && isDouble(n - 8)) {
      words.push({ at: n - 8, size: 8 })
      at = n
    } else if (rest >= 4) {
      words.push({ at, size: 4 })
      at += 4
    } else if (n >= 4) {
      words.push({ at: n - 4, size: 4 })
      at = n
    } else {
      words.push({ at, size: 1 })
      at++
    }
  }
  return words
}

function constant(bytes: Uint8Array, word: Word): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (word.size === 8) return view.getFloat64(word.at, true)
  return word.size === 4 ? view.getInt32(word.at, true) : bytes[word.at]!
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Octets of a text in UTF-8. */
export function lengthOf(text: string): number {
  return utf8(text).length
}

/** A condition: the bytes at `p + offset` are those of the text. Needs `b` and `d`. */
export function matches(text: string, offset: number): Code {
  const bytes = utf8(text)
  const tests = wordsOf(bytes).map((word) => {
    const at = position(offset + word.at)
    const want = constant(bytes, word)
    if (word.size === 8) return code`d.getFloat64(${at}, true) === ${want}`
    return word.size === 4 ? code`d.getInt32(${at}, true) === ${want}` : code`b[${at}] === ${want}`
  })
  return join(tests, code` && `)
}

/** Statements that write the text at `p + offset`. */
export function stores(text: string, offset: number): readonly Code[] {
  const bytes = utf8(text)
  return wordsOf(bytes).map((word) => {
    const at = position(offset + word.at)
    const value = constant(bytes, word)
    if (word.size === 8) return code`d.setFloat64(${at}, ${value}, true)`
    return word.size === 4 ? code`d.setInt32(${at}, ${value}, true)` : code`b[${at}] = ${value}`
  })
}
