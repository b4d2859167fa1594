import { constants } from "node:fs"
import { access, readdir } from "node:fs/promises"
import { join } from "node:path"
import { cacheDirectory, libraryPath, unpackDebianPackages, unpackOnce } from "@fleetwire/broker-lab"

/** What a C compiler needs for libmosquitto. */
export interface LibmosquittoInstall {
  /** Directory of `mosquitto.h`. */
  readonly include: string
  /** Arguments for the linker. */
  readonly link: readonly string[]
  /** To be set for the program. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds libmosquitto's header and library: those of the system, or fetched into the project's cache with `apt-get
 * download`, without rights. Rejects with one line that says which step failed.
 */
export async function provideLibmosquitto(onProgress: (line: string) => void = () => {}): Promise<LibmosquittoInstall> {
  if (await exists("/usr/include/mosquitto.h")) return { include: "/usr/include", link: ["-lmosquitto"], env: {} }
  const root = join(await cacheDirectory(), "libmosquitto", `${process.platform}-${process.arch}`)
  await unpackOnce(root, "usr/include/mosquitto.h", (fresh) =>
    unpackDebianPackages({
      root: fresh,
      packages: ["libmosquitto-dev", "libmosquitto1"],
      needed: async () => [await libraryIn(fresh)],
      onProgress: (line) => onProgress(`libmosquitto: ${line}`),
    }),
  )
  const path = await libraryPath(root)
  return {
    include: join(root, "usr/include"),
    link: [join(root, await libraryIn(root)), ...path.split(":").map((folder) => `-Wl,-rpath-link,${folder}`)],
    env: { LD_LIBRARY_PATH: path },
  }
}

async function libraryIn(root: string): Promise<string> {
  for (const architecture of await readdir(join(root, "usr/lib")))
    if (await exists(join(root, "usr/lib", architecture, "libmosquitto.so.1")))
      return join("usr/lib", architecture, "libmosquitto.so.1")
  throw new Error("libmosquitto.so.1 is not in its package")
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
