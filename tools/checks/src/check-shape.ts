import { existsSync, readFileSync } from "node:fs"
import { basename, join, relative, sep } from "node:path"
import type { Finding } from "./finding.js"
import { walkFiles } from "./walk-files.js"
import { type Package, readWorkspace } from "./workspace.js"

/** The five headings of a package's README, in this order. */
export const readmeHeadings = ["What", "Use", "Surface", "May import / must not", "Tests"] as const

const drawers = new Set(["utils", "util", "helpers", "helper", "common", "misc", "shared", "types", "lib"])

/** Finds packages that are not laid out as the house is: README, names of files, exports. */
export function checkShape(root: string): Finding[] {
  return readWorkspace(root).flatMap((one) => [
    ...(one.path.startsWith("packages/") ? readmeOf(one) : []),
    ...(isGenerated(one) ? [] : sourcesOf(root, one)),
  ])
}

function isGenerated({ path }: Package): boolean {
  return path.startsWith("packages/sdks/")
}

function readmeOf(one: Package): Finding[] {
  const file = `${one.path}/README.md`
  if (!existsSync(join(one.folder, "README.md"))) return [{ file, message: "the package has no README" }]
  if (isGenerated(one)) return []
  const headings = [...readFileSync(join(one.folder, "README.md"), "utf8").matchAll(/^## (.+)$/gm)].map((m) => m[1])
  const wanted = readmeHeadings.join(" · ")
  return headings.join(" · ") === wanted
    ? []
    : [{ file, message: `its headings are ${headings.join(" · ") || "none"}, not ${wanted}` }]
}

function sourcesOf(root: string, one: Package): Finding[] {
  const findings: Finding[] = []
  for (const path of walkFiles(join(one.folder, "src"))) {
    const file = relative(root, path).split(sep).join("/")
    const name = basename(path)
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)+$/.test(name)) {
      findings.push({ file, message: "file names are kebab-case" })
    }
    const stem = name.slice(0, name.indexOf("."))
    const folders = file.split("/").slice(one.path.split("/").length, -1)
    const drawer = [stem, ...folders].find((part) => drawers.has(part))
    if (drawer !== undefined) findings.push({ file, message: `"${drawer}" is a drawer, not a concept` })
    if (!/\.tsx?$/.test(name)) continue
    readFileSync(path, "utf8")
      .split("\n")
      .forEach((text, index) => {
        if (/^export default\b/.test(text)) {
          findings.push({ file, line: index + 1, message: "exports have names here; there is no default export" })
        }
        if (/^export \* from\b/.test(text)) {
          findings.push({ file, line: index + 1, message: "re-exports are by name" })
        }
      })
  }
  return findings
}
