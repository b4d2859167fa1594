import type { RenderedFile } from "./code-file.js"

/** File in an output folder that lists what was generated into it: only that may ever be deleted. */
export const MANIFEST_FILE = ".fleetwire-manifest.json"

/** What is to be done to an output folder so that it holds exactly the generated files, and nothing else is touched. */
export interface OutputPlan {
  /** New and changed files, the manifest among them; sorted. */
  readonly write: readonly RenderedFile[]
  /** Files of the previous manifest that are generated no more; sorted. */
  readonly remove: readonly string[]
  /** Files that are as they should be; sorted. */
  readonly keep: readonly string[]
  /** Files that are there, are not what would be written, and were not generated: somebody's own. Sorted. */
  readonly foreign: readonly string[]
}

/** The output folder holds files of somebody else where generated ones should go; nothing was written. */
export class ForeignFilesError extends Error {
  override readonly name = "ForeignFilesError"

  constructor(
    readonly folder: string,
    readonly paths: readonly string[],
  ) {
    super(
      `${folder} holds files that were not generated and would be overwritten: ${paths.join(", ")}; ` +
        "nothing was written. Choose an empty folder, or remove them",
    )
  }
}

/** A path that is no place inside an output folder, or that stands twice. */
export class OutputPathError extends Error {
  override readonly name = "OutputPathError"
}

/** Text of the manifest of these files. */
export function formatManifest(paths: readonly string[]): string {
  return `${JSON.stringify({ manifest: 1, files: [...paths].sort() }, null, 2)}\n`
}

/**
 * Paths that a manifest lists; none where there is no manifest or where it is not one. A path that leaves the folder is
 * left out, so a manifest that was tampered with deletes nothing elsewhere.
 */
export function parseManifest(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  if (typeof value !== "object" || value === null || !("files" in value) || !Array.isArray(value.files)) return []
  return value.files.filter((path): path is string => typeof path === "string" && isInside(path))
}

/** True for a relative path with `/` that stays inside its folder. */
export function isInside(path: string): boolean {
  if (path === "" || path === MANIFEST_FILE || path.includes("\\") || path.includes("\0") || /^[A-Za-z]:/.test(path))
    return false
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
}

/**
 * Compares generated files with what is there. `existing` gives a file's text, undefined where there is none, for the
 * manifest, each generated path and each path of the previous manifest.
 *
 * @throws OutputPathError for a path outside the folder, and for two files of one path.
 */
export function planOutput(files: readonly RenderedFile[], existing: (path: string) => string | undefined): OutputPlan {
  const wanted = new Map<string, string>()
  for (const file of files) {
    if (!isInside(file.path))
      throw new OutputPathError(`not a place in the output folder: ${JSON.stringify(file.path)}`)
    if (wanted.has(file.path)) throw new OutputPathError(`generated twice: ${JSON.stringify(file.path)}`)
    wanted.set(file.path, file.text)
  }
  const listed = parseManifest(existing(MANIFEST_FILE))
  const remove = [...new Set(listed)].filter((path) => !wanted.has(path) && existing(path) !== undefined).sort()
  wanted.set(MANIFEST_FILE, formatManifest([...wanted.keys()]))
  const paths = [...wanted.keys()].sort()
  const differs = (path: string): boolean => existing(path) !== wanted.get(path)
  return {
    write: paths.filter(differs).map((path) => ({ path, text: wanted.get(path)! })),
    remove,
    keep: paths.filter((path) => !differs(path)),
    foreign: paths.filter(
      (path) => path !== MANIFEST_FILE && differs(path) && existing(path) !== undefined && !listed.includes(path),
    ),
  }
}
