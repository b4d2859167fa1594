/** Lines of context around a change. */
const CONTEXT = 3

/** Above this many cells of the table of the longest common sequence, a change is shown as one whole block. */
const MAX_CELLS = 4_000_000

/**
 * The difference of two texts in unified format, as `diff -u` prints it; empty where they are equal. `before` or `after`
 * undefined: the file is not there.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return ""
  const old = linesOf(before)
  const now = linesOf(after)
  const edits = editsOf(old, now)
  const head = [
    `--- ${before === undefined ? "/dev/null" : `a/${path}`}`,
    `+++ ${after === undefined ? "/dev/null" : `b/${path}`}`,
  ]
  return `${[...head, ...hunksOf(edits)].join("\n")}\n`
}

interface Edit {
  readonly sign: " " | "-" | "+"
  readonly line: string
}

const NO_NEWLINE = "\n\\ No newline at end of file"

/** Lines; the last one says where its line break is missing. */
function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === "") return []
  const lines = text.split("\n")
  if (lines.at(-1) === "") lines.pop()
  else lines.push(lines.pop()! + NO_NEWLINE)
  return lines
}

function editsOf(old: readonly string[], now: readonly string[]): Edit[] {
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ sign: " ", line }))
  return [
    ...same(old.slice(0, head)),
    ...middleOf(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...same(old.slice(old.length - tail)),
  ]
}

/** By the longest common sequence: the shortest script. */
function middleOf(old: readonly string[], now: readonly string[]): Edit[] {
  const gone: Edit[] = old.map((line) => ({ sign: "-", line }))
  const come: Edit[] = now.map((line) => ({ sign: "+", line }))
  const width = now.length + 1
  if (old.length === 0 || now.length === 0 || (old.length + 1) * width > MAX_CELLS) return [...gone, ...come]
  const common = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      edits.push({ sign: " ", line: old[i]! })
      i++
      j++
    } else if (i < old.length && (j === now.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      edits.push(gone[i]!)
      i++
    } else {
      edits.push(come[j]!)
      j++
    }
  }
  return edits
}

function hunksOf(edits: readonly Edit[]): string[] {
  const lines: string[] = []
  let oldLine = 1
  let newLine = 1
  let at = 0
  while (at < edits.length) {
    const change = nextChange(edits, at)
    if (change === edits.length) break
    const start = Math.max(at, change - CONTEXT)
    let end = change
    for (let probe = change; probe < edits.length && probe <= end + 2 * CONTEXT; probe++)
      if (edits[probe]!.sign !== " ") end = probe
    end = Math.min(edits.length, end + 1 + CONTEXT)
    const skipped = start - at
    oldLine += skipped
    newLine += skipped
    const hunk = edits.slice(start, end)
    const oldCount = hunk.filter((edit) => edit.sign !== "+").length
    const newCount = hunk.filter((edit) => edit.sign !== "-").length
    lines.push(`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`)
    for (const edit of hunk) lines.push(edit.sign + edit.line)
    oldLine += oldCount
    newLine += newCount
    at = end
  }
  return lines
}

function nextChange(edits: readonly Edit[], from: number): number {
  let at = from
  while (at < edits.length && edits[at]!.sign === " ") at++
  return at
}

/** An empty range begins at the line before it. */
function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`
  return count === 1 ? `${start}` : `${start},${count}`
}
