import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** The parts of a package.json that the checks read. */
export interface Manifest {
  readonly name: string
  readonly version?: string
  readonly private?: boolean
  readonly exports?: { readonly [path: string]: string | { readonly [condition: string]: unknown } }
  readonly bin?: { readonly [command: string]: string }
  readonly dependencies?: { readonly [name: string]: string }
  readonly devDependencies?: { readonly [name: string]: string }
  readonly peerDependencies?: { readonly [name: string]: string }
  readonly optionalDependencies?: { readonly [name: string]: string }
}

/** A package of the workspace. */
export interface Package {
  readonly name: string
  /** Path from the root, with `/`, such as `packages/runtime`. */
  readonly path: string
  /** Absolute. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Packages of the workspace below `root`, sorted by path. */
export function readWorkspace(root: string): Package[] {
  const paths: string[] = []
  for (const group of ["packages", "apps", "schemas", "tools"]) {
    for (const name of namesIn(join(root, group))) paths.push(`${group}/${name}`)
  }
  for (const name of namesIn(join(root, "packages/sdks"))) paths.push(`packages/sdks/${name}/typescript`)
  const found: Package[] = []
  for (const path of paths.sort()) {
    const folder = join(root, path)
    const file = join(folder, "package.json")
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest
    found.push({ name: manifest.name, path, folder, manifest })
  }
  return found
}

/** Packages that go to a registry. */
export function publishedPackages(root: string): Package[] {
  return readWorkspace(root).filter(({ manifest }) => manifest.private !== true)
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
