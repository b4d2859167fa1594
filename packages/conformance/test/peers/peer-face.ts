import type { Subject } from "../../src/subject.js"
import { formatSubjectLine, parseSubjectLine, type SubjectLine } from "../../src/subject-line.js"

/** A subject that lives in this process: lines in, lines out, and an end. */
export class PeerFace implements Subject {
  readonly lines: SubjectLine[] = []
  running = true
  readonly exited: Promise<number | null>
  onTell: (line: SubjectLine) => void = () => undefined
  onTerminate: () => void = () => undefined
  onKill: () => void = () => undefined
  #exit!: (code: number | null) => void
  readonly #listeners = new Set<(line: SubjectLine) => void>()

  constructor() {
    this.exited = new Promise((resolve) => {
      this.#exit = resolve
    })
  }

  onLine(listener: (line: SubjectLine) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  say(
    verb: string,
    words: Readonly<Record<string, string | number | boolean | undefined>> = {},
    value?: unknown,
  ): void {
    const line = { ...parseSubjectLine(formatSubjectLine(verb, words, value)), at: performance.now() }
    this.lines.push(line)
    for (const listener of [...this.#listeners]) listener(line)
  }

  tell(line: string): void {
    this.onTell(parseSubjectLine(line))
  }

  terminate(): void {
    this.onTerminate()
  }

  kill(): void {
    this.onKill()
    this.exit(null)
  }

  exit(code: number | null): void {
    this.running = false
    this.#exit(code)
  }
}
