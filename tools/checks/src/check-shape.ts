import { existsSync, readFileSync } from "node:fs"
import { basename, join, relative, sep } from "node:path"
import ts from "typescript"
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
    for (const { line, message } of badExports(path)) findings.push({ file, line, message })
  }
  return findings
}

function badExports(path: string): { readonly line: number; readonly message: string }[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, false)
  const found: { line: number; message: string }[] = []
  for (const statement of source.statements) {
    const line = source.getLineAndCharacterOfPosition(statement.getStart(source)).line + 1
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    const byDefault = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
    if (ts.isExportAssignment(statement) || byDefault) {
      found.push({ line, message: "exports have names here; there is no default export" })
    } else if (ts.isExportDeclaration(statement) && statement.exportClause === undefined) {
      found.push({ line, message: "re-exports are by name" })
    }
  }
  return found
}
