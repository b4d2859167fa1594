/** Where drawings go: a terminal, or any stream of lines. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** A block of lines that is drawn again in place, with messages scrolling by above it. */
export interface Screen {
  /** Replaces the block. */
  draw(lines: readonly string[]): void
  /** Writes one line above the block. */
  say(line: string): void
  /** Leaves the block where it is and shows the cursor again. */
  end(): void
}

/** Draws in place on a terminal. Elsewhere only messages are written, and each block that differs from the last one. */
export function createScreen(output: Output): Screen {
  return output.isTTY === true ? terminalScreen(output) : lineScreen(output)
}

function terminalScreen(output: Output): Screen {
  let shown: readonly string[] = []
  const up = (): string => (shown.length === 0 ? "" : `\u001b[${shown.length}A\u001b[0J`)
  const block = (): string => shown.map((line) => `${cut(line, output.columns || 120)}\n`).join("")
  output.write("\u001b[?25l")
  return {
    draw(lines) {
      const erase = up()
      shown = lines
      output.write(erase + block())
    },
    say(line) {
      output.write(`${up()}${line}\n${block()}`)
    },
    end() {
      output.write("\u001b[?25h")
    },
  }
}

function lineScreen(output: Output): Screen {
  let last = ""
  return {
    draw(lines) {
      const text = lines.map((line) => `${line.trimEnd()}\n`).join("")
      if (text !== last) output.write(text)
      last = text
    },
    say(line) {
      output.write(`${line}\n`)
    },
    end() {},
  }
}

/** A line that wraps would put the cursor in the wrong place: it is cut at the width, colour codes not counted. */
function cut(line: string, width: number): string {
  const [plain, ...coloured] = line.split("\u001b[")
  let room = Math.max(0, width - 1)
  const take = (text: string): string => {
    const taken = text.slice(0, room)
    room -= taken.length
    return taken
  }
  let result = take(plain ?? "")
  for (const part of coloured) {
    const end = part.indexOf("m") + 1
    result += `\u001b[${part.slice(0, end)}${take(part.slice(end))}`
  }
  return result
}
