const LONE = /\p{Cs}/u

/** The text has no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return (text as { isWellFormed?(): boolean }).isWellFormed?.() ?? !LONE.test(text)
}

/** Code points of a string. */
export function points(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
