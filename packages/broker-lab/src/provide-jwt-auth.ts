import { createHash } from "node:crypto"
import { constants } from "node:fs"
import { access, mkdir, readdir, readFile, rename } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { unpackDebianPackages, unpackOnce } from "./debian-packages.js"
import { cacheDirectory, type MosquittoInstall, type ProvideOptions } from "./provide-mosquitto.js"
import { runCommand } from "./run-command.js"

const SOURCE = fileURLToPath(new URL("../native/jwt-auth.c", import.meta.url))
const HEADERS = ["mosquitto_plugin.h", "cjson/cJSON.h", "openssl/evp.h"]
const PACKAGES = ["mosquitto-dev", "libmosquitto-dev", "libcjson-dev", "libssl-dev"]
const FLAGS = [
  "-std=c11",
  "-D_POSIX_C_SOURCE=200809L",
  "-pedantic",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-O2",
  "-fPIC",
  "-shared",
]

/**
 * Path of the plugin that checks tokens (`native/jwt-auth.c`), compiled for this Mosquitto into the project's cache.
 * Headers that the machine lacks are fetched as Debian packages, without rights. Rejects with one line that says what is
 * missing: a C compiler, most likely.
 */
export async function provideJwtAuth(install: MosquittoInstall, options: ProvideOptions = {}): Promise<string> {
  if (install.kind === "docker") throw new Error("the jwt-auth plugin is not built for a Mosquitto in Docker")
  const source = await readFile(SOURCE)
  const home = join(options.cache ?? (await cacheDirectory()), "jwt-auth")
  const stamp = createHash("sha256").update(source).update(install.version).update(FLAGS.join()).digest("hex")
  const plugin = join(home, `${process.platform}-${process.arch}-${stamp.slice(0, 16)}.so`)
  if (await isThere(plugin)) return plugin
  const compiler = await firstCompiler()
  if (compiler === undefined) throw new Error("there is no C compiler: install gcc or clang for the jwt-auth plugin")
  await mkdir(home, { recursive: true })
  const include = await headersIn(home, options)
  const draft = `${plugin}.${process.pid}`
  const folders = (install.env.LD_LIBRARY_PATH ?? "").split(delimiter).filter((folder) => folder !== "")
  const libraries = [...folders.map((folder) => `-L${folder}`), "-l:libcjson.so.1", "-l:libcrypto.so.3"]
  const built = await runCommand(compiler, [...FLAGS, ...include, SOURCE, "-o", draft, ...libraries])
  if (built.code !== 0) throw new Error(`${compiler} did not compile jwt-auth.c: ${firstError(built.stderr)}`)
  await rename(draft, plugin)
  return plugin
}

async function headersIn(home: string, options: ProvideOptions): Promise<readonly string[]> {
  const installed = await Promise.all(HEADERS.map((header) => isThere(join("/usr/include", header))))
  if (installed.every(Boolean)) return []
  const root = join(home, "headers")
  if (!(await isThere(join(root, "usr/include", HEADERS[0]!)))) {
    if (options.download === false) throw new Error("the headers of Mosquitto are not there")
    await unpackOnce(root, join("usr/include", HEADERS[0]!), (fresh) =>
      unpackDebianPackages({
        root: fresh,
        packages: PACKAGES,
        needed: async () => [],
        onProgress: (line) => options.onProgress?.(`jwt-auth: ${line}`),
      }),
    )
  }
  const base = join(root, "usr/include")
  const architectures = (await readdir(base)).filter((name) => name.includes("-linux-"))
  return [`-I${base}`, ...architectures.map((name) => `-I${join(base, name)}`)]
}

async function firstCompiler(): Promise<string | undefined> {
  for (const name of ["cc", "gcc", "clang"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      if (folder !== "" && (await isThere(join(folder, name), constants.X_OK))) return join(folder, name)
    }
  }
  return undefined
}

function firstError(text: string): string {
  const lines = text.trim().split("\n")
  return lines.find((line) => line.includes("error")) ?? lines[0] ?? ""
}

function isThere(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  )
}
