import type { Terminal } from "./terminal.js"

/** Work that ends sooner is not announced. */
const PATIENCE_MS = 400
const CLEAR_LINE = "\r\u001b[2K"

/** A line in place that says how far long work is; on a screen only, and never in what programs read. */
export interface Progress {
  /** Says what is done next, such as `comparing lamp, 2 of 6`. */
  step(words: string): void
  /** Takes the line away. */
  end(): void
}

/** A progress that speaks once the work has taken 0.4 s. `now` is in milliseconds. */
export function createProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  // Node loads its clock of high resolution when it is first asked: where nobody looks, nobody waits for that.
  const started = terminal.live === true ? now() : 0
  let shown = false
  return {
    step(words) {
      if (terminal.live !== true || now() - started < PATIENCE_MS) return
      shown = true
      terminal.err(`${CLEAR_LINE}${words.slice(0, (terminal.columns ?? 80) - 1)}`)
    },
    end() {
      if (shown) terminal.err(CLEAR_LINE)
      shown = false
    },
  }
}
