import { execFileSync } from "node:child_process"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Finding } from "./finding.js"

interface WordRule {
  readonly pattern: RegExp
  readonly message: string
}

// Spelled in parts, so that this file does not find itself.
const wordRules: readonly WordRule[] = [
  { pattern: new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "XX" + "X"].join("|")})\\b`), message: "is unfinished" },
  {
    pattern: new RegExp(`\\b(?:not (?:yet )?implem${"ented"}|implement ${"me"}|lorem ${"ipsum"})\\b`, "i"),
    message: "is unfinished",
  },
  {
    pattern: new RegExp(`(?<![\\w.])/(?:${["wo" + "rk", "ro" + "ot", "Us" + "ers", "ho" + "me/[a-z]+"].join("|")})/`),
    message: "names a path of one machine",
  },
  {
    pattern: new RegExp(`\\bregistry\\.(?:npm${"js"}|yarn${"pkg"}|npm${"mirror"})\\b|\\b\\d+-${"proxy"}\\b`, "i"),
    message: "names the host of a registry",
  },
]

/** Finds text in files under version control that does not belong there: unfinished work, machine paths, registry hosts. */
export function checkWords(root: string, files: readonly string[] = committedFiles(root)): Finding[] {
  const findings: Finding[] = []
  for (const file of files) {
    const path = join(root, file)
    const about = statSync(path, { throwIfNoEntry: false })
    if (about === undefined || !about.isFile() || about.size > 4_000_000) continue
    const text = readFileSync(path, "utf8")
    if (text.includes("\0")) continue
    if (!wordRules.some(({ pattern }) => pattern.test(text))) continue
    text.split("\n").forEach((content, index) => {
      for (const { pattern, message } of wordRules) {
        const hit = pattern.exec(content)
        if (hit !== null) findings.push({ file, line: index + 1, message: `"${hit[0]}" ${message}` })
      }
    })
  }
  return findings
}

function committedFiles(root: string): string[] {
  const list = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
  return list.split("\0").filter((file) => file !== "")
}
