import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import type { PackedPackage } from "./pack.js"
import { runCommand } from "./run-command.js"

/** How long an installation from the registry may take. */
const installMs = 240_000

export interface StrangerOptions {
  readonly root: string
  /** Emptied, then made into a project of its own. */
  readonly folder: string
  /** Names of the packages that the project asks for. The rest comes as their dependencies. */
  readonly wants: readonly string[]
}

/**
 * Makes an empty project outside the workspace and installs packed packages into it with npm, as a stranger would:
 * `@fleetwire/*` from the tarballs, everything else from the registry, no install script run. Answers with npm's output
 * when that fails.
 */
export async function installStranger(
  packed: readonly PackedPackage[],
  { root, folder, wants }: StrangerOptions,
): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, "packs"), { recursive: true })
  const files = new Map<string, string>()
  for (const { package: one, tarball } of packed) {
    const copy = join(folder, "packs", relative(join(tarball, ".."), tarball))
    cpSync(tarball, copy)
    files.set(one.name, `file:packs/${relative(join(folder, "packs"), copy)}`)
  }
  const missing = wants.filter((name) => !files.has(name))
  if (missing.length > 0) return `not packed: ${missing.join(", ")}`
  const manifest = {
    name: "stranger",
    private: true,
    type: "module",
    dependencies: Object.fromEntries(wants.map((name) => [name, files.get(name)])),
    // What the tarballs name by version is not in any registry while it is tested.
    overrides: Object.fromEntries([...files].filter(([name]) => !wants.includes(name))),
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, undefined, 2))
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  const args = ["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
  const end = await runCommand(npm, args, {
    cwd: folder,
    timeoutMs: installMs,
    env: { npm_config_cache: join(root, ".cache/npm") },
  })
  return end.ok ? undefined : end.output
}

/** Bytes that a folder takes, links not followed. */
export function folderBytes(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += folderBytes(path)
    else if (entry.isFile()) bytes += statSync(path).size
  }
  return bytes
}

/** Entry points of an installed package that hold code, as a stranger writes them, such as `@fleetwire/iot-car/device`. */
export function entryPoints(folder: string, name: string): string[] {
  const file = join(folder, "node_modules", name, "package.json")
  if (!existsSync(file)) return []
  const { exports = {} } = JSON.parse(readFileSync(file, "utf8")) as { exports?: Record<string, unknown> }
  return Object.keys(exports)
    .filter((path) => path !== "./package.json")
    .map((path) => (path === "." ? name : `${name}${path.slice(1)}`))
}
