import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { runCommand } from "./run-command.js"

/** Where and how Debian packages are unpacked without rights. */
export interface UnpackOptions {
  /** Absolute directory that becomes the root of the unpacked tree. */
  readonly root: string
  readonly packages: readonly string[]
  /**
   * Which packages that these depend on are fetched too: those that this machine lacks, or `all` of them, whatever it has.
   * Without it only the named ones, and the packages of libraries that are missing.
   */
  readonly dependencies?: "lacking" | "all"
  /** Names, once unpacked, the programs and libraries (relative to the root) whose missing libraries are fetched too. */
  readonly needed: () => Promise<readonly string[]>
  readonly onProgress: (line: string) => void
}

const LIBRARY_ROUNDS = 6

/** The largest wish is a hundred megabytes, on a line that may be slow. */
const DOWNLOAD_MS = 600_000

/**
 * Downloads Debian packages with `apt-get download` and unpacks them with `dpkg -x`, then adds the packages of every
 * shared library that `ldd` does not find. Needs no rights. Rejects with one line that says which step failed.
 */
export async function unpackDebianPackages(options: UnpackOptions): Promise<void> {
  const downloads = join(options.root, ".debs")
  await mkdir(downloads, { recursive: true })
  const apt = await aptOptions(options)
  const names = await withDependencies(options, apt)
  options.onProgress(`downloading ${names.join(", ")}`)
  const failure = await fetchPackages(names, apt, downloads, options.root)
  if (failure !== undefined) throw new Error(`apt-get download ${names.join(" ")}: ${failure}`)
  const needed = await options.needed()
  for (let round = 0; round < LIBRARY_ROUNDS; round += 1) {
    const missing = await missingLibraries(options.root, needed)
    if (missing.length === 0) return
    for (const library of missing) await fetchLibrary(library, apt, downloads, options)
  }
  const missing = await missingLibraries(options.root, needed)
  if (missing.length > 0) throw new Error(`libraries are missing: ${missing.join(", ")}`)
}

/**
 * Makes a folder of unpacked packages, which is whole or not there: `fill` works in one beside it, which takes its place at the
 * end, whoever else did the same meanwhile. Does nothing where `proof`, a path below `root`, is there.
 */
export async function unpackOnce(root: string, proof: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const isThere = () =>
    access(join(root, proof)).then(
      () => true,
      () => false,
    )
  if (await isThere()) return
  await mkdir(dirname(root), { recursive: true })
  const fresh = await mkdtemp(`${root}.`)
  try {
    await fill(fresh)
    await rm(join(fresh, ".debs"), { recursive: true, force: true })
    await rm(join(fresh, ".apt"), { recursive: true, force: true })
    await rename(fresh, root).catch(async (error: unknown) => {
      if (!(await isThere())) throw error
    })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

/**
 * Directories for LD_LIBRARY_PATH below an unpacked root, as one colon-separated string: those of the architecture, and
 * the private ones in them that some packages load from, such as `pulseaudio`.
 */
export async function libraryPath(root: string): Promise<string> {
  const found: string[] = []
  for (const base of ["usr/lib", "lib"]) {
    const directory = join(root, base)
    found.push(directory)
    for (const name of await readdir(directory).catch(() => [])) {
      if (!name.includes("-linux-")) continue
      const architecture = join(directory, name)
      found.push(architecture)
      for (const entry of await readdir(architecture, { withFileTypes: true }).catch(() => [])) {
        const inner = join(architecture, entry.name)
        if (entry.isDirectory() && (await readdir(inner)).some((file) => file.endsWith(".so"))) found.push(inner)
      }
    }
  }
  return found.join(":")
}

async function aptOptions(options: UnpackOptions): Promise<readonly string[]> {
  const known = await runCommand("apt-cache", ["show", options.packages[0]!])
  if (known.code === 0) return []
  const state = join(options.root, ".apt")
  await mkdir(join(state, "state/lists/partial"), { recursive: true })
  await mkdir(join(state, "cache/archives/partial"), { recursive: true })
  const own = ["-o", `Dir::State=${join(state, "state")}`, "-o", `Dir::Cache=${join(state, "cache")}`]
  const status = [...own, "-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "Debug::NoLocking=1"]
  options.onProgress("reading package lists")
  const update = await runCommand("apt-get", [...status, "update"])
  if (update.code !== 0) throw new Error(`apt-get update: ${lastLine(update.stderr)}`)
  return status
}

/** Never unpacked beside the machine's own: programs that start with another C library's parts crash. */
const OF_THE_MACHINE = new Set(["libc6", "dpkg", "tar", "debconf", "perl-base", "passwd", "adduser"])

async function withDependencies(options: UnpackOptions, apt: readonly string[]): Promise<readonly string[]> {
  if (options.dependencies === undefined) return options.packages
  const empty = ["-o", "Dir::State::status=/dev/null", "-o", "Dir::State::extended_states=/dev/null"]
  const status = options.dependencies === "all" ? empty : []
  const plan = ["-o", "Debug::NoLocking=1", "-qq", "--print-uris", "--no-install-recommends", "install"]
  const planned = await runCommand("apt-get", [...apt, ...status, ...plan, ...options.packages])
  if (planned.code !== 0) throw new Error(`apt-get install ${options.packages.join(" ")}: ${lastLine(planned.stderr)}`)
  const needed = [...planned.stdout.matchAll(/^'\S+' ([a-z0-9][a-z0-9+.-]+)_/gm)].map(([, name]) => name!)
  return [...new Set([...options.packages, ...needed.filter((name) => !OF_THE_MACHINE.has(name))])]
}

async function fetchPackages(
  names: readonly string[],
  apt: readonly string[],
  downloads: string,
  root: string,
): Promise<string | undefined> {
  const before = new Set(await readdir(downloads))
  const fetched = await runCommand("apt-get", [...apt, "-q", "download", ...names], {
    cwd: downloads,
    timeoutMs: DOWNLOAD_MS,
  })
  if (fetched.code !== 0) return lastLine(fetched.stderr)
  for (const file of await readdir(downloads)) {
    if (before.has(file) || !file.endsWith(".deb")) continue
    const unpacked = await runCommand("dpkg", ["-x", join(downloads, file), root])
    if (unpacked.code !== 0) return lastLine(unpacked.stderr)
  }
  return undefined
}

async function fetchLibrary(
  library: string,
  apt: readonly string[],
  downloads: string,
  options: UnpackOptions,
): Promise<void> {
  for (const name of packageNames(library)) {
    options.onProgress(`downloading ${name} for ${library}`)
    if ((await fetchPackages([name], apt, downloads, options.root)) === undefined) return
  }
  throw new Error(`no package found for ${library}`)
}

/** Libraries that live in a package of another name. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "libplc4.so": "libnspr4",
  "libplds4.so": "libnspr4",
  "libsmime3.so": "libnss3",
  "libvorbis.so.0": "libvorbis0a",
  "libnssutil3.so": "libnss3",
}

/**
 * Debian's package names for a soname, most likely first: `libdlt.so.2` is in `libdlt2`, or `libdlt2t64`;
 * `libatk-1.0.so.0` in `libatk1.0-0`; `libnss3.so` in `libnss3`.
 */
export function packageNames(soname: string): readonly string[] {
  const elsewhere = ELSEWHERE[soname]
  if (elsewhere !== undefined) return [elsewhere]
  const match = /^(.+)\.so(?:\.(.+))?$/.exec(soname)
  if (match === null) return []
  const stem = match[1]!.toLowerCase().replaceAll("_", "-")
  const version = match[2]
  if (version === undefined) return [stem]
  const joined = /\d$/.test(stem) ? `${stem}-${version}` : `${stem}${version}`
  const closed = joined.replace(/-(\d+\.)/, "$1")
  return [...new Set([joined, `${joined}t64`, closed, `${closed}t64`])]
}

async function missingLibraries(root: string, needed: readonly string[]): Promise<readonly string[]> {
  const env = { LD_LIBRARY_PATH: await libraryPath(root) }
  const missing = new Set<string>()
  for (const file of needed) {
    const listed = await runCommand("ldd", [join(root, file)], { env })
    for (const match of listed.stdout.matchAll(/^\s*(\S+) => not found/gm)) missing.add(match[1]!)
  }
  return [...missing].sort()
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? ""
}
