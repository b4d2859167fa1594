import { constants } from "node:fs"
import { access, readdir, writeFile } from "node:fs/promises"
import { delimiter, dirname, join, resolve } from "node:path"
import { libraryPath, unpackDebianPackages, unpackOnce } from "./debian-packages.js"
import { runCommand } from "./run-command.js"

/** A Mosquitto that can be started, with its command line clients. */
export interface MosquittoInstall {
  readonly kind: "system" | "cache" | "docker"
  /** Such as `2.0.11`; empty where it could not be read. */
  readonly version: string
  readonly broker: string
  /** `mosquitto_sub` and `mosquitto_pub`; absent with Docker and where only the broker is installed. */
  readonly subscriber?: string
  readonly publisher?: string
  /** Path of the dynamic security plugin, where there is one. */
  readonly dynamicSecurity?: string
  /** To be set for each of these programs. */
  readonly env: Readonly<Record<string, string>>
}

export interface ProvideOptions {
  /** Directory of the cache. Default: FLEETWIRE_CACHE, else `.cache` of the nearest pnpm workspace, else of the working directory. */
  readonly cache?: string
  /** Called with one line for each step that takes time. */
  readonly onProgress?: (line: string) => void
  /** Ways to try, in order. Default: all. */
  readonly ways?: readonly ("system" | "cache" | "docker")[]
  /** False: only what is on this machine already, nothing fetched; the cache may be empty. Default true. */
  readonly download?: boolean
}

const IMAGE = "eclipse-mosquitto:2"
const PROGRAMS = ["usr/sbin/mosquitto", "usr/bin/mosquitto_sub", "usr/bin/mosquitto_pub"]

/**
 * Finds a Mosquitto, or fetches one without rights: from PATH and the system's folders, from the project's cache,
 * with `apt-get download` into that cache, or as a Docker image. Rejects with one line that says what to do.
 */
export async function provideMosquitto(options: ProvideOptions = {}): Promise<MosquittoInstall> {
  const ways = options.ways ?? ["system", "cache", "docker"]
  const failures: string[] = []
  for (const way of ways) {
    const found = await WAYS[way](options).catch((error: unknown) => {
      failures.push(error instanceof Error ? error.message : String(error))
      return undefined
    })
    if (found !== undefined) return found
  }
  const because = failures.length > 0 ? ` (${failures.join("; ")})` : ""
  throw new Error(`no Mosquitto: install it (apt-get install mosquitto mosquitto-clients) or start Docker${because}`)
}

const WAYS = { system: fromSystem, cache: fromCache, docker: fromDocker }

async function fromSystem(): Promise<MosquittoInstall | undefined> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"]
  const broker = await firstExecutable(folders, "mosquitto")
  if (broker === undefined) return undefined
  return describeInstall("system", broker, {}, folders)
}

async function fromCache(options: ProvideOptions): Promise<MosquittoInstall | undefined> {
  const cache = options.cache ?? (await cacheDirectory())
  const home = join(cache, "mosquitto")
  const root = join(home, `${process.platform}-${process.arch}`)
  if (!(await isExecutable(join(root, PROGRAMS[0]!)))) {
    if (options.download === false) throw new Error("there is none in the cache")
    if (!(await isExecutable("/usr/bin/apt-get"))) throw new Error("there is no apt-get here")
    await unpackOnce(root, PROGRAMS[0]!, async (fresh) => {
      // The cache may lie in a repository of somebody else, who must not commit it.
      await writeFile(join(cache, ".gitignore"), "*\n", { flag: "wx" }).catch(() => undefined)
      await unpackDebianPackages({
        root: fresh,
        packages: ["mosquitto", "mosquitto-clients", "libmosquitto1"],
        needed: async () => [...PROGRAMS, ...(await pluginFiles(fresh))],
        onProgress: (line) => options.onProgress?.(`mosquitto: ${line}`),
      })
    })
  }
  const env = { LD_LIBRARY_PATH: await libraryPath(root) }
  const folders = [join(root, "usr/bin"), join(root, "usr/sbin")]
  return describeInstall("cache", join(root, PROGRAMS[0]!), env, folders)
}

async function fromDocker(options: ProvideOptions): Promise<MosquittoInstall | undefined> {
  const docker = await firstExecutable((process.env.PATH ?? "").split(delimiter), "docker")
  if (docker === undefined) throw new Error("there is no Docker here")
  const daemon = await runCommand(docker, ["info", "--format", "{{.ServerVersion}}"], { timeoutMs: 10_000 })
  if (daemon.code !== 0) throw new Error("Docker does not answer")
  options.onProgress?.(`mosquitto: pulling ${IMAGE}`)
  const pulled = await runCommand(docker, ["pull", "--quiet", IMAGE], { timeoutMs: 300_000 })
  if (pulled.code !== 0) throw new Error(`docker pull ${IMAGE} failed`)
  return { kind: "docker", version: "", broker: IMAGE, env: {} }
}

async function describeInstall(
  kind: "system" | "cache",
  broker: string,
  env: Readonly<Record<string, string>>,
  folders: readonly string[],
): Promise<MosquittoInstall> {
  const help = await runCommand(broker, ["-h"], { env: { ...env } })
  const version = /mosquitto version (\S+)/.exec(help.stdout + help.stderr)?.[1]
  if (version === undefined)
    throw new Error(`${kind === "cache" ? "the cached" : "the installed"} mosquitto does not run`)
  const subscriber = await firstExecutable(folders, "mosquitto_sub")
  const publisher = await firstExecutable(folders, "mosquitto_pub")
  const plugin = (await pluginFiles(resolve(dirname(broker), kind === "cache" ? "../.." : "/"))).at(0)
  return {
    kind,
    version,
    broker,
    env,
    ...(subscriber === undefined ? {} : { subscriber }),
    ...(publisher === undefined ? {} : { publisher }),
    ...(plugin === undefined
      ? {}
      : { dynamicSecurity: join(resolve(dirname(broker), kind === "cache" ? "../.." : "/"), plugin) }),
  }
}

async function pluginFiles(root: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, "usr/lib"), { withFileTypes: true }).catch(() => [])) {
    const file = join("usr/lib", entry.name, "mosquitto_dynamic_security.so")
    if (entry.isDirectory() && (await exists(join(root, file)))) found.push(file)
  }
  return found
}

/** The project's cache: FLEETWIRE_CACHE, else `.cache` beside the nearest `pnpm-workspace.yaml`, else in the working directory. */
export async function cacheDirectory(from: string = process.cwd()): Promise<string> {
  const named = process.env.FLEETWIRE_CACHE
  if (named !== undefined && named !== "") return resolve(named)
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (await exists(join(folder, "pnpm-workspace.yaml"))) return join(folder, ".cache")
    if (dirname(folder) === folder) return resolve(from, ".cache")
  }
}

async function firstExecutable(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    if (folder !== "" && (await isExecutable(join(folder, name)))) return join(folder, name)
  }
  return undefined
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
