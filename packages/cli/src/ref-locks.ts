import { existsSync } from "node:fs"
import { join, posix, relative, sep } from "node:path"
import { type Finding, loadFinding } from "./finding.js"
import { findCommit, git } from "./git.js"
import { readPackageConfig } from "./package-config.js"

/** A lock that a commit has. */
export interface RefLock {
  /** From the root of the repository. */
  readonly path: string
  readonly name: string
  readonly version: string
  readonly text: string
}

/**
 * Locks of a commit whose contracts are not in the working tree any more: their lock is gone, or the module beside it. A
 * contract that was moved is among them, under its old place. `within` is a folder; only locks below it are looked at.
 */
export async function vanishedLocks(folder: string, commit: string, within?: string): Promise<readonly RefLock[]> {
  const top = (await git(folder, "rev-parse", "--show-toplevel"))?.trim()
  const listed = await git(folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
  if (top === undefined || listed === undefined) return []
  const names = new Set(listed.split("\0"))
  const prefix = within === undefined ? "" : ((await git(within, "rev-parse", "--show-prefix")) ?? "").trim()
  const gone = [...names].filter((path) => {
    if (posix.basename(path) !== "contract.lock.json" || !path.startsWith(prefix)) return false
    const module = posix.join(posix.dirname(path), "contract.ts")
    return !existsSync(join(top, path)) || (names.has(module) && !existsSync(join(top, module)))
  })
  const read = await Promise.all(
    gone.map(async (path): Promise<readonly RefLock[]> => {
      const text = await git(folder, "show", `${commit}:${path}`)
      const said = text === undefined ? undefined : nameIn(text)
      return said === undefined ? [] : [{ path, ...said, text: text! }]
    }),
  )
  return read.flat()
}

/** What is asked of a whole project, and which of the contracts that a ref had are accounted for. */
export interface Roll {
  /** Folder of the project. */
  readonly root: string
  readonly against: string
  /** Absolute paths of the locks of the contracts that are there. */
  readonly present: readonly string[]
  /** Places, from the root of the repository, from which contracts were moved. */
  readonly moved: readonly string[]
}

/**
 * A finding for each contract that the ref has and the project has no more; accepted where the project's package.json
 * says under `fleetwire.retired` why. None where `against` is no ref.
 */
export async function removedContracts({ root, against, present, moved }: Roll, cwd: string): Promise<Finding[]> {
  if (existsSync(join(cwd, against)) || existsSync(against)) return []
  const commit = await findCommit(root, against)
  if (commit === undefined) return []
  const prefix = ((await git(root, "rev-parse", "--show-prefix")) ?? "").trim()
  const kept = new Set(present.map((file) => `${prefix}${relative(root, file).split(sep).join("/")}`))
  const gone = (await vanishedLocks(root, commit, root)).filter(({ path }) => !kept.has(path) && !moved.includes(path))
  const retired = readRetired(root)
  return gone.map(({ path, name, version }): Finding => {
    const reason = retired[name]
    const values = { name, version, label: `${against} (${commit.slice(0, 10)})`, folder: posix.dirname(path) }
    const found = loadFinding("diff/contract-removed", { path }, values)
    return typeof reason !== "string" || reason.trim() === "" ? found : { ...found, severity: "note", accepted: reason }
  })
}

function readRetired(root: string): Readonly<Record<string, unknown>> {
  const retired = (readPackageConfig(root) as { readonly retired?: unknown } | null | undefined)?.retired
  return typeof retired === "object" && retired !== null ? (retired as Readonly<Record<string, unknown>>) : {}
}

function nameIn(text: string): { readonly name: string; readonly version: string } | undefined {
  try {
    const { ir } = JSON.parse(text) as { readonly ir?: { readonly name?: unknown; readonly version?: unknown } }
    return typeof ir?.name === "string" ? { name: ir.name, version: String(ir.version) } : undefined
  } catch {
    // What is no lock is no contract that could be missed.
    return undefined
  }
}
