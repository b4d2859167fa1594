import { constants } from "node:fs"
import { access, mkdir, rename, rm } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { cacheDirectory, libraryPath, unpackDebianPackages } from "@fleetwire/broker-lab"

/** Packages of Debian that are wanted for one thing in them. */
export interface Wanted {
  /** Folder of the cache. */
  readonly name: string
  readonly packages: readonly string[]
  /** What must be there, relative to the root. */
  readonly file: string
  /** Programs whose libraries are fetched too, relative to the root. */
  readonly programs?: readonly string[]
}

/** Where it was found. */
export interface Found {
  /** `/`, or the root in the cache. */
  readonly root: string
  /** To be set for its programs. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds a file of Debian's packages on this machine, or fetches the packages into the project's cache with `apt-get
 * download`, without rights. Rejects with one line that says which step failed.
 */
export async function provideDebian(wanted: Wanted): Promise<Found> {
  const { file } = wanted
  if (await isThere(join("/", file))) return { root: "/", env: {} }
  const program = file.split("/").at(-1)!
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    if (file.startsWith("usr/bin/") && folder !== "" && (await isThere(join(folder, program))))
      return { root: "/", env: {} }
  const root = join(await cacheDirectory(), wanted.name, `${process.platform}-${process.arch}`)
  if (!(await isThere(join(root, file)))) {
    const fresh = `${root}.${process.pid}`
    try {
      await mkdir(fresh, { recursive: true })
      await unpackDebianPackages({
        root: fresh,
        packages: wanted.packages,
        needed: async () => wanted.programs ?? [],
        onProgress: () => {},
      })
      await rm(join(fresh, ".debs"), { recursive: true, force: true })
      await rm(join(fresh, ".apt"), { recursive: true, force: true })
      await rename(fresh, root).catch(async (error: unknown) => {
        if (!(await isThere(join(root, file)))) throw error
      })
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
  }
  const path = [join(root, "usr/bin"), process.env.PATH ?? ""].join(delimiter)
  return { root, env: { PATH: path, LD_LIBRARY_PATH: await libraryPath(root) } }
}

function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
