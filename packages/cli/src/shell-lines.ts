import { createInterface } from "node:readline"

/** What the shell sends: the words given, or every line of standard input that is not empty. */
export async function* shellLines(words: readonly string[], input: NodeJS.ReadableStream): AsyncIterable<string> {
  if (words.length > 0 && !(words.length === 1 && words[0] === "-")) {
    yield words.join(" ")
    return
  }
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== "") yield line.trim()
  }
}
