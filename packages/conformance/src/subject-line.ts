/** One line of the protocol between kit and subject: `outcome ref=c1 ok=1 -- {"status":"success"}`. */
export interface SubjectLine {
  /** First word; `other` for a line that is not of the protocol. */
  readonly verb: string
  readonly words: Readonly<Record<string, string>>
  /** JSON behind ` -- `, read. */
  readonly value?: unknown
  /** The line as it was. */
  readonly text: string
  /** Milliseconds on the process's monotonic clock. */
  readonly at?: number
}

const SEPARATOR = " -- "

/** Reads a line. What is not of the protocol becomes `other`: a subject may print what it likes. */
export function parseSubjectLine(text: string): SubjectLine {
  const cut = text.indexOf(SEPARATOR)
  const head = (cut < 0 ? text : text.slice(0, cut)).trim()
  const [verb = "", ...rest] = head.split(" ")
  const words: Record<string, string> = {}
  for (const word of rest) {
    const equals = word.indexOf("=")
    if (equals <= 0) return { verb: "other", words: {}, text }
    words[word.slice(0, equals)] = word.slice(equals + 1)
  }
  if (!/^[a-z][a-z-]*$/.test(verb)) return { verb: "other", words: {}, text }
  if (cut < 0) return { verb, words, text }
  try {
    return { verb, words, value: JSON.parse(text.slice(cut + SEPARATOR.length)), text }
  } catch {
    return { verb: "other", words: {}, text }
  }
}

/** Prints a line. Values of words hold no space. */
export function formatSubjectLine(
  verb: string,
  words: Readonly<Record<string, string | number | boolean | undefined>>,
  value?: unknown,
): string {
  const parts = Object.entries(words).flatMap(([name, word]) =>
    word === undefined ? [] : [`${name}=${word === true ? 1 : word === false ? 0 : word}`],
  )
  const json = value === undefined ? "" : `${SEPARATOR}${JSON.stringify(value, plain)}`
  return `${[verb, ...parts].join(" ")}${json}`
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value
}
