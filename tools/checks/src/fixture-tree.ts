import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** Files by path below a root that does not exist yet. A value that is no string is written as JSON. */
export type FixtureFiles = Readonly<Record<string, unknown>>

/** Runs `use` in a temporary tree of these files and removes the tree, whatever happens. */
export async function withTree<T>(files: FixtureFiles, use: (root: string) => T | Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "fleetwire-checks-"))
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content))
    }
    return await use(root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
