import { access } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { libraryPath, unpackDebianPackages, unpackOnce } from "./debian-packages.js"
import { cacheDirectory } from "./provide-mosquitto.js"

/** A program that can be started. */
export interface ProgramInstall {
  readonly program: string
  /** To be set for the program. */
  readonly env: Readonly<Record<string, string>>
}

/** What is looked for, and where Debian has it. */
export interface DebianProgram {
  /** Folder of the cache, and what progress calls it. */
  readonly name: string
  /** File names that it has on a PATH, the preferred one first. */
  readonly commands: readonly string[]
  readonly packages: readonly string[]
  /** Its place below the root of the unpacked packages. */
  readonly path: string
}

/**
 * Finds a program: on PATH, in the project's cache, or fetched into that cache with `apt-get download`, without rights.
 * Rejects with one line that says which step failed.
 */
export async function provideDebianProgram(
  { name, commands, packages, path }: DebianProgram,
  onProgress: (line: string) => void = () => {},
): Promise<ProgramInstall> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const command of commands)
      if (await exists(join(folder, command))) return { program: join(folder, command), env: {} }
  }
  const root = join(await cacheDirectory(), name, `${process.platform}-${process.arch}`)
  await unpackOnce(root, path, (fresh) =>
    unpackDebianPackages({
      root: fresh,
      packages,
      needed: async () => [path],
      onProgress: (line) => onProgress(`${name}: ${line}`),
    }),
  )
  return { program: join(root, path), env: { LD_LIBRARY_PATH: await libraryPath(root) } }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
