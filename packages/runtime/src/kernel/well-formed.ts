const LONE = /\p{Cs}/u

/** The text has no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  const { isWellFormed: native } = text as { isWellFormed?: () => boolean }
  return native === undefined ? !LONE.test(text) : native.call(text)
}

/** Code points of a string. */
export function points(text: string): number {
  let count = text.length
  for (let i = 1; i < text.length; i++)
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--
  return count
}
