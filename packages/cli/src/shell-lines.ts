import { createInterface } from "node:readline"

export interface ShellLine {
  readonly line: string
  /** Of standard input, from 1; undefined for words of the command line. */
  readonly number: number | undefined
}

/** What the shell sends: the words given, or every line of standard input that is not empty. */
export async function* shellLines(words: readonly string[], input: NodeJS.ReadableStream): AsyncIterable<ShellLine> {
  if (words.length > 0 && !(words.length === 1 && words[0] === "-")) {
    yield { line: words.join(" "), number: undefined }
    return
  }
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() !== "") yield { line: line.trim(), number }
  }
}
