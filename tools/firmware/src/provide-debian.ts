import { constants } from "node:fs"
import { access } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { cacheDirectory, libraryPath, unpackDebianPackages, unpackOnce } from "@fleetwire/broker-lab"

/** Packages of Debian that are wanted for one thing in them. */
export interface Wanted {
  /** Folder of the cache. */
  readonly name: string
  readonly packages: readonly string[]
  /** What must be there, relative to the root. */
  readonly file: string
  /** Programs whose libraries are fetched too, relative to the root. */
  readonly programs?: readonly string[]
  /** Every package that they depend on is wanted, whatever the machine has: the root is used as a system of its own. */
  readonly whole?: boolean
  /** What is left to do once it is unpacked; what names places in it names `root`, where it will be. */
  readonly prepare?: (unpacked: string, root: string) => Promise<void>
}

/** Where it was found. */
export interface Found {
  /** `/`, or the root in the cache. */
  readonly root: string
  /** To be set for its programs. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds a file of Debian's packages on this machine (a program on PATH), or fetches the packages with what they depend on
 * into the project's cache with `apt-get download`, without rights. Rejects with one line that says which step failed.
 */
export async function provideDebian(wanted: Wanted): Promise<Found> {
  const { file } = wanted
  if (await isOnMachine(file)) return { root: "/", env: {} }
  const root = join(await cacheDirectory(), wanted.name, `${process.platform}-${process.arch}`)
  await unpackOnce(root, file, async (fresh) => {
    if (wanted.whole !== true) await unpack(wanted, fresh, root, "lacking")
    // A machine that has a package, but not on PATH, lacks none of it.
    if (!(await isThere(join(fresh, file)))) await unpack(wanted, fresh, root, "all")
    if (!(await isThere(join(fresh, file)))) throw new Error(`${file} is not in ${wanted.packages.join(", ")}`)
  })
  const path = [join(root, "usr/bin"), process.env.PATH ?? ""].join(delimiter)
  return { root, env: { PATH: path, LD_LIBRARY_PATH: await libraryPath(root) } }
}

async function unpack(wanted: Wanted, unpacked: string, root: string, dependencies: "lacking" | "all"): Promise<void> {
  const needed = async (): Promise<readonly string[]> => wanted.programs ?? []
  await unpackDebianPackages({ root: unpacked, packages: wanted.packages, dependencies, needed, onProgress: () => {} })
  if (await isThere(join(unpacked, wanted.file))) await wanted.prepare?.(unpacked, root)
}

/** Environments of several roots as one: the folders of each variable, the last one's first. */
export function joinPaths(...environments: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const env of environments)
    for (const [name, value] of Object.entries(env))
      joined[name] = joined[name] === undefined ? value : [value, joined[name]].join(delimiter)
  return joined
}

/** A program is what PATH says; anything else is where its package puts it. */
async function isOnMachine(file: string): Promise<boolean> {
  if (!file.startsWith("usr/bin/")) return isThere(join("/", file))
  const program = file.slice("usr/bin/".length)
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    if (folder !== "" && (await isThere(join(folder, program)))) return true
  return false
}

function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
