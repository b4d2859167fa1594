import { existsSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"
import type { Finding } from "./finding.js"
import { readImports } from "./read-imports.js"
import { walkFiles } from "./walk-files.js"
import { readWorkspace } from "./workspace.js"

/** Finds circles of value imports inside packages: the order in which such modules run is an accident. */
export function checkCycles(root: string): Finding[] {
  return readWorkspace(root).flatMap((one) => circlesIn(root, one.folder))
}

function circlesIn(root: string, folder: string): Finding[] {
  const files = walkFiles(join(folder, "src")).filter((file) => /\.[cm]?tsx?$/.test(file))
  const edges = new Map<string, string[]>()
  for (const file of files) {
    const targets: string[] = []
    for (const { specifier, kind } of readImports(file)) {
      if (kind !== "value" || !specifier.startsWith(".")) continue
      const target = sourceOf(resolve(dirname(file), specifier))
      if (target !== undefined) targets.push(target)
    }
    edges.set(file, targets)
  }
  const findings: Finding[] = []
  const settled = new Set<string>()
  const visit = (file: string, road: readonly string[]): void => {
    const at = road.indexOf(file)
    if (at >= 0) {
      const names = [...road.slice(at), file].map((path) => relative(root, path).split(sep).join("/"))
      findings.push({ file: names[0]!, message: `modules import each other: ${names.join(" → ")}` })
      return
    }
    if (settled.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...road, file])
    settled.add(file)
  }
  for (const file of files) visit(file, [])
  return findings
}

/** The TypeScript file that a relative import such as `./a.js` means. */
function sourceOf(path: string): string | undefined {
  const stem = path.replace(/\.([cm]?)js$/, ".$1ts")
  return [stem, `${path}.ts`, join(path, "index.ts")].find((file) => file.endsWith("ts") && existsSync(file))
}
