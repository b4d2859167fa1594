/** A name taken apart: `device_id`, `deviceId`, `Device ID` are all `["device", "id"]` apart from their capitals. */
export type Words = readonly string[]

/**
 * The words of a name: split at everything that is neither letter nor digit, before a capital that follows a small
 * letter or digit, and before the last of several capitals that a small letter follows (`GPSFix` → `GPS`, `Fix`).
 */
export function wordsOf(name: string): Words {
  return asciiWordsOf(name) ?? wordsOfAny(name)
}

function wordsOfAny(name: string): Words {
  return name
    .normalize("NFC")
    .replace(/(?<=[\p{Ll}\p{Lo}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, "\n")
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(isWord)
}

/** The same for ASCII, which nearly every name is, in one walk; undefined for other names. */
function asciiWordsOf(name: string): Words | undefined {
  const words: string[] = []
  let start = 0
  let before: Kind = GAP
  let kind = kindOf(name.charCodeAt(0))
  for (let at = 0; at < name.length; at++) {
    if (name.charCodeAt(at) > 0x7f) return undefined
    const next = at + 1 < name.length ? kindOf(name.charCodeAt(at + 1)) : GAP
    const seam = kind === CAPITAL && (before === SMALL || before === DIGIT || (before === CAPITAL && next === SMALL))
    if ((seam || kind === GAP) && start < at) words.push(name.slice(start, at))
    if (seam) start = at
    else if (kind === GAP) start = at + 1
    before = kind
    kind = next
  }
  if (start < name.length) words.push(name.slice(start))
  return words
}

type Kind = 0 | 1 | 2 | 3
const GAP = 0
const CAPITAL = 1
const SMALL = 2
const DIGIT = 3

function kindOf(code: number): Kind {
  if (code >= 97 && code <= 122) return SMALL
  if (code >= 65 && code <= 90) return CAPITAL
  return code >= 48 && code <= 57 ? DIGIT : GAP
}

/** A name that needs no mending: its letters and digits are ASCII, the first is a letter. */
const PLAIN_NAME = /^[A-Za-z][\w$-]*$/

function isWord(text: string): boolean {
  return text !== ""
}

export type Case = (words: Words) => string

/** `DeviceId`; capitals inside a word stay: `GPSFix`. */
export const pascalCase: Case = (words) => words.map(capital).join("")

/** `deviceId`; a first word in capitals becomes small: `gpsFix`. */
export const camelCase: Case = (words) =>
  words
    .map((word, index) => (index > 0 ? capital(word) : isInCapitals(word) ? word.toLowerCase() : small(word)))
    .join("")

/** `device-id` */
export const kebabCase: Case = (words) => words.map((word) => word.toLowerCase()).join("-")

/** `device_id` */
export const snakeCase: Case = (words) => words.map((word) => word.toLowerCase()).join("_")

/** `DEVICE_ID` */
export const upperSnakeCase: Case = (words) => words.map((word) => word.toUpperCase()).join("_")

function isInCapitals(word: string): boolean {
  return !/^[a-z]/.test(word) && /^\p{Lu}+$/u.test(word)
}

// `toUpperCase` of the root locale: no environment decides about output.
function capital(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0)!)
  return first.toUpperCase() + word.slice(first.length)
}

function small(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0)!)
  return first.toLowerCase() + word.slice(first.length)
}

export interface NameScope {
  /**
   * The name to print for `source`, which nothing else in the scope has: case → strip → leading digit → empty →
   * reserved words → collisions. Ask in a fixed order (sorted sources), since the second of two equal names changes.
   */
  take(source: string): string
  /** The same for several names that belong together: all of them are free, or all of them change. */
  takeAll<const Key extends string>(names: { readonly [K in Key]: string }): { readonly [K in Key]: string }
  /** Names a thing exactly so; throws where it is taken. */
  reserve(name: string): void
}

/** Settles names of one scope, such as the exports of a package or the members of an interface. */
export function createNameScope(policy: {
  readonly case: Case
  /** Words of the language, and what generated code itself needs. */
  readonly reserved: Iterable<string>
  /** Printed for a source without letter and digit. */
  readonly empty: string
  /** Put before a digit that would begin a name, and behind a reserved one. Default `_`. */
  readonly mark?: string
  /** Names that differ only so are one: file names, where `a.ts` and `A.ts` are the same file somewhere. */
  readonly fold?: (name: string) => string
}): NameScope {
  const fold = policy.fold ?? ((name) => name)
  const mark = policy.mark ?? "_"
  const reserved = new Set([...policy.reserved].map(fold))
  const taken = new Set<string>()

  const printed = (source: string): string => {
    let name = policy.case(wordsOf(source))
    if (!PLAIN_NAME.test(name)) {
      name = name.replace(/[^\p{ID_Continue}$-]/gu, "")
      if (/^[^\p{ID_Start}_$]/u.test(name)) name = mark + name
      if (name === "" || !/[\p{L}\p{N}]/u.test(name)) name = policy.empty
    }
    return reserved.has(fold(name)) ? name + mark : name
  }
  const free = (name: string): boolean => !taken.has(fold(name)) && !reserved.has(fold(name))
  const numbered = (name: string, n: number): string => (n === 1 ? name : `${name}${n}`)

  return {
    take(source) {
      return this.takeAll({ name: source }).name
    },
    takeAll(names) {
      const entries = Object.entries<string>(names).map(([key, source]) => [key, printed(source)] as const)
      for (let n = 1; ; n++) {
        const candidates = entries.map(([key, name]) => [key, numbered(name, n)] as const)
        const folded = new Set(candidates.map(([, name]) => fold(name)))
        if (folded.size < candidates.length || !candidates.every(([, name]) => free(name))) {
          if (folded.size < candidates.length && n === 1)
            throw new Error(`names that belong together are equal: ${candidates}`)
          continue
        }
        for (const name of folded) taken.add(name)
        return Object.fromEntries(candidates) as { [K in keyof typeof names]: string }
      }
    },
    reserve(name) {
      if (!free(name)) throw new Error(`name taken: ${name}`)
      taken.add(fold(name))
    },
  }
}
