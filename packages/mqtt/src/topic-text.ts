import type { Octets } from "./octets.js"

const SLOTS = 4096
const LONGEST = 256

/**
 * Topics as text, remembered by their octets: a fleet says the same few thousand topics again and again, and one
 * string object for each spares the making of it here and the hashing of it at the reader's.
 */
export class TopicText {
  readonly #texts: (string | undefined)[] = new Array(SLOTS)

  /** The topic that lies in [start, end). Invalid UTF-8 becomes U+FFFD: a broker that lets it pass is no reason to hang up. */
  read(octets: Octets, start: number, end: number): string {
    const length = end - start
    if (length > LONGEST) return octets.toString("utf8", start, end)
    let hash = length
    let high = 0
    for (let i = start; i < end; i += 1) {
      const octet = octets[i]!
      hash = (Math.imul(hash, 31) + octet) | 0
      high |= octet
    }
    if (high >= 0x80) return octets.toString("utf8", start, end)
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1)
    const known = this.#texts[slot]
    if (known !== undefined && known.length === length && isSame(known, octets, start)) return known
    const text = octets.toString("latin1", start, end)
    this.#texts[slot] = text
    return text
  }
}

function isSame(text: string, octets: Octets, start: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== octets[start + i]) return false
  return true
}
