import { execFile } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { bundleText } from "../../setup/run-ts.mjs"
import { readmeBlocks } from "./readme-blocks.js"
import { readWorkspace } from "./workspace.js"

/** What became of one example. */
export interface ReadmeRun {
  /** Such as `packages/topic/README.md:12`. */
  readonly name: string
  /** What went wrong, with all output; absent where the example ran to its end. */
  readonly failure?: string
}

const deadlineMs = 30_000

/** READMEs of the repository that exist: the root's and every package's. */
export function readmeFiles(root: string): string[] {
  const files = ["README.md", ...readWorkspace(root).map(({ path }) => `${path}/README.md`)]
  return files.filter((file) => existsSync(join(root, file)))
}

/** Runs every example under "Use" of these READMEs as a module of its own, from sources, each in its own process. */
export async function runReadmes(root: string, files: readonly string[] = readmeFiles(root)): Promise<ReadmeRun[]> {
  const runs: ReadmeRun[] = []
  for (const file of files) {
    for (const { line, code } of readmeBlocks(readFileSync(join(root, file), "utf8"))) {
      const name = `${file}:${line}`
      const failure = await runBlock(join(root, dirname(file)), `readme-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`, code)
      runs.push(failure === undefined ? { name } : { name, failure })
    }
  }
  return runs
}

async function runBlock(folder: string, name: string, text: string): Promise<string | undefined> {
  let module: string
  try {
    module = await bundleText({ text, folder, name })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: deadlineMs, env: { ...process.env, NODE_OPTIONS: "" } }
    execFile(process.execPath, ["--enable-source-maps", module], options, (error, stdout, stderr) => {
      if (error === null) resolve(undefined)
      else
        resolve(`${error.killed ? `it did not end within ${deadlineMs} ms\n` : ""}${stdout}${stderr || error.message}`)
    })
  })
}
