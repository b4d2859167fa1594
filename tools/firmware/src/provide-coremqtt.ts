import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { cacheDirectory, runCommand } from "@fleetwire/broker-lab"

/** Sources of coreMQTT, with what compiles them. */
export interface CoreMqtt {
  /** Arguments by which its headers are found. */
  readonly include: readonly string[]
  readonly sources: readonly string[]
}

/** coreMQTT is in a package of Rust's registry, whole and under its own licence: version 1.2.0. */
const CRATE = "core-mqtt-sys"
const VERSION = "0.1.1"

/**
 * Finds coreMQTT's sources in the project's cache, or fetches them with cargo. Rejects with one line that says which step
 * failed.
 */
export async function provideCoreMqtt(): Promise<CoreMqtt> {
  const home = join(await cacheDirectory(), "coremqtt")
  const source = join(home, "source")
  if (!(await isThere(source))) {
    const fresh = `${home}.${process.pid}`
    try {
      await mkdir(join(fresh, "src"), { recursive: true })
      await writeFile(join(fresh, "src/lib.rs"), "")
      const manifest = `[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n${CRATE} = "=${VERSION}"\n\n[workspace]\n`
      await writeFile(join(fresh, "Cargo.toml"), manifest)
      const fetched = await runCommand("cargo", ["vendor", "--quiet", join(fresh, "vendor")], {
        cwd: fresh,
        timeoutMs: 300_000,
      })
      if (fetched.code !== 0) throw new Error(`cargo vendor ${CRATE}: ${fetched.stderr.trim().split("\n").at(-1)}`)
      await mkdir(home, { recursive: true })
      await rename(join(fresh, "vendor", CRATE, "coreMQTT/source"), source).catch(async (error: unknown) => {
        if (!(await isThere(source))) throw error
      })
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
  }
  const files = (await readdir(source)).filter((file) => file.endsWith(".c"))
  return {
    include: [
      "-DMQTT_DO_NOT_USE_CUSTOM_CONFIG",
      "-DMQTT_RECV_POLLING_TIMEOUT_MS=1000U",
      "-DMQTT_SEND_RETRY_TIMEOUT_MS=1000U",
      ...["include", "interface"].flatMap((name) => ["-isystem", join(source, name)]),
    ],
    sources: files.map((file) => join(source, file)),
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
