/** Where a command writes, and from where it runs: the process's own in `main`, a buffer in tests. */
export interface Terminal {
  readonly cwd: string
  readonly color: boolean
  /** It can be written in place: output is a screen, and not a file or a pipe. Default false. */
  readonly live?: boolean
  /** Size of a live one, in characters. */
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  /** Standard input, for sub-commands that read lines. */
  readonly input: NodeJS.ReadableStream
  out(text: string): void
  err(text: string): void
}

/** Paints text for a terminal that can show it. */
export interface Paint {
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly green: (text: string) => string
  readonly blue: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

/** The colours of a terminal, or none. */
export function paintFor(terminal: Pick<Terminal, "color">): Paint {
  const style = (open: number, close: number) => (text: string) =>
    terminal.color ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
    blue: style(36, 39),
    bold: style(1, 22),
    dim: style(2, 22),
  }
}
