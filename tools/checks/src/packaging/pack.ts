import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type Package, publishedPackages } from "../workspace.js"
import { runCommand } from "./run-command.js"

/** A package as it would go to a registry. */
export interface PackedPackage {
  readonly package: Package
  /** Absolute path of the .tgz. */
  readonly tarball: string
}

/**
 * Packs every published package into `into`, which is emptied first. The packages must have been built. `tools` is where
 * pnpm is installed; default: `root`.
 */
export async function packAll(root: string, into: string, tools = root): Promise<PackedPackage[]> {
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  const packages = publishedPackages(root)
  const packed: PackedPackage[] = []
  for (const one of packages) packed.push({ package: one, tarball: await packOne(tools, one, into) })
  return packed
}

async function packOne(tools: string, one: Package, into: string): Promise<string> {
  const pnpm = join(tools, "node_modules/pnpm")
  const { bin } = JSON.parse(readFileSync(join(pnpm, "package.json"), "utf8")) as { bin: { pnpm: string } }
  const tarball = join(into, `${one.name.replace("@", "").replace("/", "-")}.tgz`)
  const end = await runCommand(process.execPath, [join(pnpm, bin.pnpm), "pack", "--out", tarball], { cwd: one.folder })
  if (!end.ok) throw new Error(`${one.name} cannot be packed:\n${end.output}`)
  return tarball
}
