import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Finding } from "./finding.js"
import { walkFiles } from "./walk-files.js"
import { publishedPackages } from "./workspace.js"

/** Finds changesets that name what is not published, ask for no known bump, or say nothing. */
export function checkChangesets(root: string): Finding[] {
  const published = new Set(publishedPackages(root).map(({ name }) => name))
  const findings: Finding[] = []
  for (const path of walkFiles(join(root, ".changeset"))) {
    if (!path.endsWith(".md") || path.endsWith("README.md")) continue
    const file = path.slice(root.length + 1)
    const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(path, "utf8")) ?? []
    if (head === undefined || body === undefined) {
      findings.push({ file, message: "a changeset begins with packages between two lines of ---" })
      continue
    }
    head.split("\n").forEach((line, index) => {
      const [, name, bump] = /^"?([^"]+)"?: (\S+)$/.exec(line) ?? []
      const at = { file, line: index + 2 }
      if (name === undefined || !published.has(name))
        findings.push({ ...at, message: `${line}: not a published package` })
      else if (!/^(major|minor|patch)$/.test(bump ?? "")) findings.push({ ...at, message: `${bump} is no bump` })
    })
    if (body.trim() === "") findings.push({ file, message: "it does not say what changed" })
  }
  return findings
}
