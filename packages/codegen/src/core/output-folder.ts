import { mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
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
 * everything else alone. A file appears whole or not at all.
 *
 * @throws ForeignFilesError where it would overwrite what was not generated; OutputPathError for a path outside the
 *   folder; the error of the file system where it refuses.
 */
export async function writeFiles(folder: string, files: readonly RenderedFile[]): Promise<OutputResult> {
  const { plan } = await planFor(folder, files)
  if (plan.foreign.length > 0) throw new ForeignFilesError(folder, plan.foreign)
  for (const path of plan.remove) await remove(folder, path)
  for (const file of plan.write) await replace(join(folder, file.path), file.text)
  return {
    written: plan.write.map((file) => file.path),
    removed: plan.remove,
    unchanged: plan.keep,
  }
}

/** Compares `folder` with the generated files and changes nothing. */
export async function checkFiles(folder: string, files: readonly RenderedFile[]): Promise<OutputCheck> {
  const { plan, existing } = await planFor(folder, files)
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

async function planFor(
  folder: string,
  files: readonly RenderedFile[],
): Promise<{ readonly plan: OutputPlan; readonly existing: (path: string) => string | undefined }> {
  const manifest = await textOf(join(folder, MANIFEST_FILE))
  const texts = new Map<string, string | undefined>([[MANIFEST_FILE, manifest]])
  const paths = new Set([...files.map((file) => file.path), ...parseManifest(manifest)])
  await Promise.all([...paths].map(async (path) => texts.set(path, await textOf(join(folder, path)))))
  const existing = (path: string): string | undefined => texts.get(path)
  return { plan: planOutput(files, existing), existing }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined
    throw error
  }
}

async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.fleetwire-draft`
  await writeFile(draft, text)
  await rename(draft, path)
}

/** Removes a file and the folders that it leaves empty, up to the output folder. */
async function remove(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true })
  const parts = path.split("/").slice(0, -1)
  for (let depth = parts.length; depth > 0; depth--) {
    try {
      await rmdir(join(folder, ...parts.slice(0, depth)))
    } catch {
      return
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined
}
