import { access, mkdir, rename, rm } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { cacheDirectory, libraryPath, unpackDebianPackages } from "@fleetwire/broker-lab"

/** A protobuf compiler that can be started. */
export interface ProtocInstall {
  readonly program: string
  /** To be set for the program. */
  readonly env: Readonly<Record<string, string>>
}

const PROGRAM = "usr/bin/protoc"

/**
 * Finds protoc: on PATH, in the project's cache, or fetched into that cache with `apt-get download`, without rights.
 * Rejects with one line that says which step failed.
 */
export async function provideProtoc(onProgress: (line: string) => void = () => {}): Promise<ProtocInstall> {
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    if (await exists(join(folder, "protoc"))) return { program: join(folder, "protoc"), env: {} }
  const home = join(await cacheDirectory(), "protoc")
  const root = join(home, `${process.platform}-${process.arch}`)
  if (!(await exists(join(root, PROGRAM)))) {
    const fresh = `${root}.${process.pid}`
    try {
      await mkdir(fresh, { recursive: true })
      await unpackDebianPackages({
        root: fresh,
        packages: ["protobuf-compiler"],
        needed: async () => [PROGRAM],
        onProgress: (line) => onProgress(`protoc: ${line}`),
      })
      await rm(join(fresh, ".debs"), { recursive: true, force: true })
      await rm(join(fresh, ".apt"), { recursive: true, force: true })
      await rename(fresh, root)
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
  }
  return { program: join(root, PROGRAM), env: { LD_LIBRARY_PATH: await libraryPath(root) } }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
