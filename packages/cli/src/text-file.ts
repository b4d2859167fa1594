import { lstat, readFile, realpath, rename, rm, writeFile } from "node:fs/promises"

/** The text of a file in UTF-8. @throws the error of the system, with the path. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    throw withPath(error, path)
  }
}

/**
 * Writes a text file whole or not at all: aside, and then in its place. What is no ordinary file, such as a pipe, is
 * written where it is. @throws the error of the system, with the path.
 */
export async function writeText(path: string, text: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined)
  try {
    const target = there?.isSymbolicLink() === true ? await realpath(path) : path
    const kind = target === path ? there : await lstat(target)
    if (kind !== undefined && !kind.isFile()) await writeFile(target, text)
    else await replace(target, text, kind?.mode)
  } catch (error) {
    throw withPath(error, path)
  }
}

async function replace(path: string, text: string, mode: number | undefined): Promise<void> {
  const draft = `${path}.fleetwire-draft`
  try {
    await writeFile(draft, text, mode === undefined ? {} : { mode })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}

/** The error of a system call that concerns a file, and says which: what reads or writes an open file does not. */
function withPath(error: unknown, path: string): unknown {
  return error instanceof Error ? Object.assign(error, { path }) : error
}
