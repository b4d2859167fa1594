/** A runnable example of a README. */
export interface ReadmeBlock {
  /** Line of the opening fence; the first line of the file is 1. */
  readonly line: number
  readonly code: string
}

/** The blocks fenced as `ts` below the heading `## Use`, up to the next heading of that level. */
export function readmeBlocks(markdown: string): ReadmeBlock[] {
  const blocks: ReadmeBlock[] = []
  let inUse = false
  let open: { line: number; fence: string; take: boolean; code: string[] } | undefined
  markdown.split("\n").forEach((text, index) => {
    if (open !== undefined) {
      if (text.trim() === open.fence) {
        if (open.take) blocks.push({ line: open.line, code: `${open.code.join("\n")}\n` })
        open = undefined
      } else {
        open.code.push(text)
      }
      return
    }
    const fence = /^(`{3,}|~{3,})\s*(\S*)/.exec(text)
    if (fence !== null) open = { line: index + 1, fence: fence[1]!, take: inUse && fence[2] === "ts", code: [] }
    else if (/^## /.test(text)) inUse = /^## Use\s*$/.test(text)
  })
  return blocks
}
