import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { cache, root, toolEnvironment } from "./project.mjs"

const stamp = join(root, "node_modules", ".fleetwire-installed")

/** Version of pnpm that the lockfile was written with, from `packageManager` in package.json. */
function pnpmVersion() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  return /^pnpm@(\d+\.\d+\.\d+)/.exec(manifest.packageManager)[1]
}

/** Digest of what an installation depends on: it changes exactly when a new installation is due. */
export function installationDigest() {
  const hash = createHash("sha256")
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)))
  return hash.update(process.platform).update(process.arch).digest("hex")
}

/** The project's pnpm where it is installed already, else the same version through npx. */
function pnpmCommand() {
  const version = pnpmVersion()
  const own = join(root, "node_modules", "pnpm")
  if (existsSync(join(own, "package.json"))) {
    const manifest = JSON.parse(readFileSync(join(own, "package.json"), "utf8"))
    if (manifest.version === version) return { file: process.execPath, args: [join(own, "bin", "pnpm.cjs")] }
  }
  const npx = process.platform === "win32" ? "npx.cmd" : "npx"
  return { file: npx, args: ["--yes", `pnpm@${version}`] }
}

/** The store that node_modules was linked from: mixing two stores would force a reinstallation. */
function storeDirectory() {
  const record = join(root, "node_modules", ".modules.yaml")
  const recorded = existsSync(record) ? /"?storeDir"?:\s*"?([^",\n]+)"?/.exec(readFileSync(record, "utf8")) : null
  return recorded ? dirname(recorded[1].trim()) : join(cache, "pnpm-store")
}

/**
 * Brings node_modules to the state of the lockfile; does nothing where it is there already. Writes only inside the
 * project.
 *
 * @param {{ output?: "inherit" | "capture" }} [options] `capture` returns pnpm's output instead of showing it
 * @returns {Promise<{ installed: boolean, ok: boolean, output: string }>}
 */
export async function ensureInstalled({ output = "inherit" } = {}) {
  const digest = installationDigest()
  if (existsSync(stamp) && readFileSync(stamp, "utf8").trim() === digest)
    return { installed: false, ok: true, output: "" }
  mkdirSync(cache, { recursive: true })
  const { file, args } = pnpmCommand()
  const install = [
    ...args,
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    `--store-dir=${storeDirectory()}`,
    ...(output === "inherit" && process.stdout.isTTY ? [] : ["--reporter=append-only"]),
  ]
  const child = spawn(file, install, {
    cwd: root,
    env: toolEnvironment(),
    stdio: output === "inherit" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  })
  let text = ""
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk))
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      text += `${file}: ${error.message}\n`
      if (output === "inherit") process.stderr.write(text)
      resolve(1)
    })
    child.on("close", resolve)
  })
  if (code === 0) writeFileSync(stamp, `${digest}\n`)
  return { installed: true, ok: code === 0, output: text }
}
