import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { Readable } from "node:stream"
import { run } from "../src/run.js"

/** A folder of its own, and what the command printed there. */
export interface Scratch {
  readonly folder: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  read(path: string): Promise<string>
  /** Every file below the folder, sorted. */
  files(): Promise<readonly string[]>
  fleetwire(argv: readonly string[], options?: { readonly cwd?: string; readonly input?: string }): Promise<Ran>
  remove(): Promise<void>
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Makes an empty folder to run the command in. */
export async function createScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), "fleetwire-cli-"))
  return {
    folder,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    async files() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    },
    async fleetwire(argv, { cwd = "", input = "" } = {}) {
      let out = ""
      let err = ""
      const code = await run(argv, {
        cwd: join(folder, cwd),
        color: false,
        input: Readable.from([input]),
        out: (text) => {
          out += text
        },
        err: (text) => {
          err += text
        },
      })
      return { code, out, err }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** A contract of one channel, with the fields given. */
export function contractText(fields: string, name = "demo"): string {
  return `import { defineContract, message, t, telemetry } from "@fleetwire/contract"

const Reading = message("Reading", { ${fields} })

export default defineContract({
  name: "${name}",
  version: "1.0.0",
  params: { unit: t.param({ maxLength: 8 }) },
  device: "unit",
  channels: { reading: telemetry("${name}/{unit}/reading", Reading) },
  roles: { app: { read: "*" } },
})
`
}
