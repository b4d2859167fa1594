import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { Misuse } from "./exit-code.js"

/** What is generated from one contract, and where to. */
export interface Project {
  /** Absolute path of the contract module. */
  readonly contract: string
  readonly targets: {
    readonly typescript?: TypescriptTarget
  }
}

/** Where a TypeScript SDK goes, and how its package is called. */
export interface TypescriptTarget {
  /** Absolute path of the package's folder. */
  readonly out: string
  /** Default: the contract's name with `-sdk`. */
  readonly package?: string
  readonly version?: string
  /** Range of the runtime packages, such as `workspace:*` inside a monorepo. */
  readonly dependencyRange?: string
  readonly tsupPreset?: string
}

interface Config {
  readonly contract?: string
  readonly targets?: { readonly typescript?: Partial<TypescriptTarget> }
}

/**
 * The contracts that a user means: those named (files or folders); otherwise the nearest folder, from `cwd` upwards,
 * that has a contract or a `schemas` folder with contracts.
 */
export function findProjects(paths: readonly string[], cwd: string): readonly Project[] {
  if (paths.length > 0) return paths.map((path) => named(resolve(cwd, path), path))
  for (let folder = cwd; ; folder = dirname(folder)) {
    const here = inFolder(folder)
    if (here !== undefined) return [here]
    const all = inSchemas(folder)
    if (all.length > 0) return all
    if (dirname(folder) === folder) break
  }
  throw new Misuse("no contract here: name one, or run `fleetwire init <folder>`")
}

function named(path: string, given: string): Project {
  if (!existsSync(path)) throw new Misuse(`there is no ${given}`)
  if (!statSync(path).isDirectory()) {
    const config = readConfig(dirname(path))
    const own = config?.contract === undefined || resolve(dirname(path), config.contract) === path
    return project(path, own ? (config ?? {}) : {})
  }
  const found = inFolder(path)
  if (found === undefined) throw new Misuse(`there is no contract in ${given}`)
  return found
}

function inFolder(folder: string): Project | undefined {
  const config = readConfig(folder)
  const file = join(folder, config?.contract ?? "contract.ts")
  if (existsSync(file)) return project(file, config ?? {})
  if (config?.contract !== undefined)
    throw new Misuse(`${join(folder, "package.json")} names a contract that is not there`)
  return undefined
}

function inSchemas(folder: string): readonly Project[] {
  const schemas = join(folder, "schemas")
  if (!existsSync(schemas)) return []
  return readdirSync(schemas, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => inFolder(join(schemas, name)) ?? [])
}

function project(file: string, config: Config): Project {
  const folder = dirname(file)
  const written = config.targets?.typescript
  if (written?.out === undefined) return { contract: file, targets: {} }
  return { contract: file, targets: { typescript: { ...written, out: resolve(folder, written.out) } } }
}

function readConfig(folder: string): Config | undefined {
  const file = join(folder, "package.json")
  if (!existsSync(file)) return undefined
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { readonly fleetwire?: Config }).fleetwire
  } catch (error) {
    throw new Misuse(`${file} is not JSON: ${(error as Error).message}`)
  }
}
