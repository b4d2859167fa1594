import { access, mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { cacheDirectory, runCommand } from "@fleetwire/broker-lab"

/** What reads metadata for its vendor, pinned. */
const PACKAGES = ["platformio==6.1.18", "idf-component-manager==3.1.2", "kconfiglib==14.1.0"]

/**
 * The Python that has PlatformIO's, ESP-IDF's and Kconfig's readers: from the project's cache, or installed into it with
 * pip. Rejects with one line that says which step failed.
 */
export async function provideMetadataReaders(): Promise<string> {
  const folder = join(await cacheDirectory(), "metadata-readers")
  const python = join(folder, "bin/python")
  const marker = join(folder, ".complete")
  if (await isThere(marker)) return python
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await step("python3", ["-m", "venv", folder])
  await step(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES])
  await writeFile(marker, "")
  return python
}

async function step(program: string, args: readonly string[]): Promise<void> {
  const done = await runCommand(program, args, { timeoutMs: 500_000 })
  if (done.code !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.stderr.trim().split("\n").at(-1)}`)
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
