/** A line of the conformance kit, taken apart. */
export interface Line {
  readonly verb: string
  readonly words: ReadonlyMap<string, string>
  /** JSON behind ` -- `; undefined where there is none. */
  readonly value: unknown
}

/** Reads `call ref=c channel=drive device=car-001 -- {"action":"stop"}`. */
export function parseLine(text: string): Line {
  const cut = text.indexOf(" -- ")
  const [verb = "", ...rest] = (cut < 0 ? text : text.slice(0, cut)).trim().split(" ")
  const words = new Map(
    rest.flatMap((word): [string, string][] => {
      const equals = word.indexOf("=")
      return equals > 0 ? [[word.slice(0, equals), word.slice(equals + 1)]] : []
    }),
  )
  return { verb, words, value: cut < 0 ? undefined : JSON.parse(text.slice(cut + 4)) }
}

/** Prints a line, its end included. A word that is undefined is left out. */
export function sayLine(
  verb: string,
  words: Readonly<Record<string, string | number | undefined>> = {},
  value?: unknown,
): string {
  const parts = Object.entries(words).flatMap(([name, word]) => (word === undefined ? [] : [`${name}=${word}`]))
  return `${[verb, ...parts].join(" ")}${value === undefined ? "" : ` -- ${JSON.stringify(value)}`}\n`
}
