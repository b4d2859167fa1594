import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

const skipped = new Set(["node_modules", "dist", ".git", ".cache", ".turbo", "cache"])

/** Every file below a folder, sorted, as absolute paths; empty where there is no such folder. Leaves out what is built. */
export function walkFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const files: string[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name) || entry.name.startsWith(".fleetwire-")) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) files.push(...walkFiles(path))
    else if (entry.isFile()) files.push(path)
  }
  return files.sort()
}
