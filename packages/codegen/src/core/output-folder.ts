import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { RenderedFile } from "./code-file.js"
import { ForeignFilesError, MANIFEST_FILE, type OutputPlan, parseManifest, planOutput } from "./manifest.js"
import { unifiedDiff } from "./unified-diff.js"

/** What was done to an output folder; paths relative to it, sorted. */
export interface OutputResult {
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly unchanged: readonly string[]
}

/** A file of the output folder that is not as it should be. */
export interface StaleFile {
  readonly path: string
  readonly change: "missing" | "changed" | "superfluous"
  /** Unified: from what is there to what would be written. */
  readonly diff: string
}

export interface OutputCheck {
  /** True where writing would change nothing. */
  readonly fresh: boolean
  readonly stale: readonly StaleFile[]
}

/**
 * Makes `folder` hold the generated files: writes only what differs, removes only what an earlier manifest lists, leaves
 * everything else alone. Nothing changes before every file is on the disk: a full one leaves the folder as it was.
 *
 * @throws ForeignFilesError where it would overwrite what was not generated; OutputPathError for a path outside the
 *   folder; the error of the file system where it refuses.
 */
export async function writeFiles(folder: string, files: readonly RenderedFile[]): Promise<OutputResult> {
  const { plan } = planFor(folder, files)
  if (plan.foreign.length > 0) throw new ForeignFilesError(folder, plan.foreign)
  const drafts = writeDrafts(folder, plan.write)
  try {
    for (const path of plan.remove) remove(folder, path)
    const made = new Set<string>()
    for (const [index, file] of plan.write.entries()) {
      const parent = parentOf(file.path)
      if (!made.has(parent)) mkdirSync(join(folder, parent), { recursive: true })
      made.add(parent)
      renameSync(`${drafts}/${index}`, `${folder}/${file.path}`)
    }
  } finally {
    rmSync(drafts, { recursive: true, force: true })
  }
  return {
    written: plan.write.map((file) => file.path),
    removed: plan.remove,
    unchanged: plan.keep,
  }
}

/** Compares `folder` with the generated files and changes nothing. */
export async function checkFiles(folder: string, files: readonly RenderedFile[]): Promise<OutputCheck> {
  const { plan, existing } = planFor(folder, files)
  const stale: StaleFile[] = [
    ...plan.write.map(({ path, text }): StaleFile => {
      const before = existing(path)
      return { path, change: before === undefined ? "missing" : "changed", diff: unifiedDiff(path, before, text) }
    }),
    ...plan.remove.map(
      (path): StaleFile => ({ path, change: "superfluous", diff: unifiedDiff(path, existing(path), undefined) }),
    ),
  ]
  return { fresh: stale.length === 0, stale: stale.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

/*
 * The files are many and small. One call of the system after the other costs a third of what a pool of threads with a
 * promise for each call does; nothing else waits meanwhile.
 */

function planFor(
  folder: string,
  files: readonly RenderedFile[],
): { readonly plan: OutputPlan; readonly existing: (path: string) => string | undefined } {
  const there = filesIn(folder)
  const manifest = there(MANIFEST_FILE)
  const texts = new Map<string, string | undefined>([[MANIFEST_FILE, manifest]])
  for (const { path } of files) texts.set(path, there(path))
  for (const path of parseManifest(manifest)) if (!texts.has(path)) texts.set(path, there(path))
  const existing = (path: string): string | undefined => texts.get(path)
  return { plan: planOutput(files, existing), existing }
}

/**
 * Reads files of a folder: undefined where there is none, which the list of its folder says without a look at each. Some
 * file systems take two spellings of a name for one.
 */
function filesIn(folder: string): (path: string) => string | undefined {
  const lists = new Map<string, ReadonlySet<string>>()
  return (path) => {
    const parent = parentOf(path)
    let list = lists.get(parent)
    if (list === undefined) {
      list = new Set(orNothing(() => readdirSync(join(folder, parent)))?.map((name) => name.toLowerCase()))
      lists.set(parent, list)
    }
    if (!list.has(path.slice(path.lastIndexOf("/") + 1).toLowerCase())) return undefined
    return orNothing(() => readFileSync(`${folder}/${path}`, "utf8"))
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")))
}

/** What there is; undefined where there is nothing of that name. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined
    throw error
  }
}

/** Writes the files into a folder of their own beside their places, and says which. Nothing stays where one cannot be written. */
function writeDrafts(folder: string, files: OutputPlan["write"]): string {
  const drafts = `${folder}/.fleetwire-draft`
  if (files.length === 0) return drafts
  mkdirSync(drafts, { recursive: true })
  for (const [index, { path, text }] of files.entries()) {
    try {
      writeFileSync(`${drafts}/${index}`, text)
    } catch (error) {
      rmSync(drafts, { recursive: true, force: true })
      // The system names the draft, or nothing: what could not be written is the file.
      throw error instanceof Error ? Object.assign(error, { path: join(folder, path) }) : error
    }
  }
  return drafts
}

/** Removes a file and the folders that it leaves empty, up to the output folder. */
function remove(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true })
  const parts = path.split("/").slice(0, -1)
  for (let depth = parts.length; depth > 0; depth--) {
    try {
      rmdirSync(join(folder, ...parts.slice(0, depth)))
    } catch {
      return
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined
}
