/** A name taken apart: `device_id`, `deviceId`, `Device ID` are all `["device", "id"]` apart from their capitals. */
export type Words = readonly string[]

/**
 * The words of a name: split at everything that is neither letter nor digit, before a capital that follows a small
 * letter or digit, and before the last of several capitals that a small letter follows (`GPSFix` → `GPS`, `Fix`).
 */
export function wordsOf(name: string): Words {
  if (ASCII.test(name)) return name.replace(ASCII_SEAM, "\n").split(ASCII_GAP).filter(isWord)
  return name
    .normalize("NFC")
    .replace(/(?<=[\p{Ll}\p{Lo}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, "\n")
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(isWord)
}

// What nearly every name is, taken apart by the same rule without Unicode's tables.
const ASCII = /^[\0-\x7f]*$/
const ASCII_SEAM = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g
const ASCII_GAP = /[^A-Za-z0-9]+/
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
