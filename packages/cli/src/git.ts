import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { Misuse } from "./exit-code.js"

const run = promisify(execFile)

/** Output of a git command in a folder; undefined where git says no. @throws Misuse where there is no git. */
export async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", [...args], { cwd: folder, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 })
    return stdout
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code
    if (code === "ENOENT") throw new Misuse("git is not installed: name a file instead of a git ref")
    if (typeof code !== "number") throw error
    return undefined
  }
}

/** The commit that a ref names here, or that it names at `origin`; undefined for none. */
export async function findCommit(folder: string, ref: string): Promise<string | undefined> {
  for (const name of [ref, `origin/${ref}`]) {
    // A ref is never an option.
    if (name.startsWith("-")) continue
    const found = await git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`)
    if (found !== undefined) return found.trim()
  }
  return undefined
}
