/** Where a builder was called: the stack is captured when the builder runs and read only when a diagnostic needs it. */
export interface Origin {
  readonly stack?: string
}

/** A position in a source file; lines and columns count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

interface StackTaker {
  stackTraceLimit?: number
  captureStackTrace?(target: object, above?: (...args: never[]) => unknown): void
}

/**
 * The place that called `builder`. One frame is captured and its text is made only when it is read, so that a contract
 * of a thousand builders pays next to nothing for it.
 */
export function captureOrigin(builder: (...args: never[]) => unknown): Origin {
  const taker = Error as unknown as StackTaker
  const holder: { stack?: string } = {}
  if (taker.captureStackTrace === undefined) return holder
  const limit = taker.stackTraceLimit
  taker.stackTraceLimit = 1
  taker.captureStackTrace(holder, builder)
  if (limit !== undefined) taker.stackTraceLimit = limit
  return holder
}

const FRAME = /^\s*at (?:.*? \()?(.+?):(\d+):(\d+)\)?$/

/** The first frame of an origin, as the engine printed it. Undefined where the engine keeps no stacks. */
export function readOrigin(origin: Origin | undefined): Position | undefined {
  for (const line of origin?.stack?.split("\n") ?? []) {
    const frame = FRAME.exec(line)
    if (frame !== null) return { file: toPath(frame[1]!), line: Number(frame[2]), column: Number(frame[3]) }
  }
  return undefined
}

function toPath(location: string): string {
  if (!location.startsWith("file://")) return location
  const path = decodeURIComponent(location.slice("file://".length).replace(/[?#].*$/, ""))
  // file:///C:/dir on Windows names C:/dir.
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path
}
