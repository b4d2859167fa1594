/** Octets that MQTT allows a topic to have, prefix included (MQTT 5, 1.5.4). */
export const MAXIMUM_TOPIC_BYTES = 65_535

/** Length of a well-formed string in UTF-8 octets. */
export function utf8Length(text: string): number {
  let octets = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    octets += unit < 0x800 ? 1 : 2
    // A pair is two units and four octets: three for the first here, none for the second.
    if (unit >= 0xd800 && unit < 0xdc00) i++
  }
  return octets
}

/** Number of code points of a well-formed string. */
export function codePointLength(text: string): number {
  let pairs = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) pairs++
  }
  return text.length - pairs
}

/** What is wrong with the code point at an index, or undefined: lone surrogates, controls and non-characters (T-2). */
export function forbiddenAt(text: string, at: number): "surrogate" | "character" | undefined {
  const point = text.codePointAt(at)!
  if (point >= 0x20 && point < 0x7f) return undefined
  if (point < 0x20 || (point >= 0x7f && point <= 0x9f)) return "character"
  if (point >= 0xd800 && point <= 0xdfff) return "surrogate"
  if ((point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) === 0xfffe) return "character"
  return undefined
}

/** A code point as people write it: `U+0000`. */
export function showCodePoint(text: string, at: number): string {
  return `U+${text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, "0")}`
}
