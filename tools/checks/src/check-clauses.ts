import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Finding } from "./finding.js"
import { walkFiles } from "./walk-files.js"

/** How many clauses each chapter has. A new clause is added here together with its page; an id is never given twice. */
export const clauseCounts: Readonly<Record<string, number>> = {
  Z: 5,
  T: 6,
  W: 7,
  P: 5,
  M: 9,
  C: 16,
  B: 3,
  F: 3,
  S: 6,
  X: 5,
}

/** Finds clauses of the protocol that are missing, doubled, wrongly anchored or empty. */
export function checkClauses(root: string, counts: Readonly<Record<string, number>> = clauseCounts): Finding[] {
  const findings: Finding[] = []
  const seen = new Map<string, string>()
  for (const path of walkFiles(join(root, "apps/docs/protocol"))) {
    if (!path.endsWith(".md")) continue
    const file = path.slice(root.length + 1)
    const lines = readFileSync(path, "utf8").split("\n")
    lines.forEach((text, index) => {
      const heading = /^## ([A-Z]-\d+) · \S.*$/.exec(text)
      if (heading === null) {
        if (/^#{2,} .*\{#[a-z]-\d+\}/.test(text) || /^#+ [A-Z]-\d+\b/.test(text)) {
          findings.push({ file, line: index + 1, message: "a clause's heading is `## C-3 · Title {#c-3}`" })
        }
        return
      }
      const id = heading[1]!
      const at = { file, line: index + 1 }
      if (!text.endsWith(` {#${id.toLowerCase()}}`)) findings.push({ ...at, message: `${id} lacks its anchor` })
      if (seen.has(id)) findings.push({ ...at, message: `${id} is already in ${seen.get(id)}` })
      seen.set(id, file)
      const body = lines.slice(index + 1).findIndex((line) => line.trim() !== "")
      if (body < 0 || lines[index + 1 + body]!.startsWith("#")) findings.push({ ...at, message: `${id} says nothing` })
    })
  }
  for (const [chapter, count] of Object.entries(counts)) {
    for (let number = 1; number <= count; number++) {
      const id = `${chapter}-${number}`
      if (!seen.delete(id)) findings.push({ file: "apps/docs/protocol", message: `${id} is missing` })
    }
  }
  for (const [id, file] of seen) findings.push({ file, message: `${id} is not a clause of the list` })
  return findings
}
