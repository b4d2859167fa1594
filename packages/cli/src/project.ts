import { existsSync, readdirSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { type SettingValue, type Target, type TargetSettings, targets } from "@fleetwire/codegen"
import { Misuse } from "./exit-code.js"
import { readPackageConfig } from "./package-config.js"

/** What is generated from one contract, and where to. */
export interface Project {
  /** Absolute path of the contract module. */
  readonly contract: string
  /** Absolute paths of contracts that stand on the same broker: other versions, or other products that share topics. */
  readonly beside: readonly string[]
  /** In the order of the list of targets. */
  readonly targets: readonly ProjectTarget[]
}

/** A target with its folder. */
export interface ProjectTarget {
  readonly target: Target
  /** Absolute path of the folder that it is written to. */
  readonly out: string
  readonly settings: TargetSettings
}

interface Config {
  readonly contract?: string
  readonly beside?: readonly string[]
  readonly targets?: Readonly<Record<string, unknown>>
}

/** The target of this name. @throws Misuse where there is none, with those that are known. */
export function targetNamed(name: string): Target {
  const target = targets.find((known) => known.name === name)
  if (target !== undefined) return target
  throw new Misuse(`there is no target \`${name}\`; known are ${targets.map((known) => known.name).join(", ")}`)
}

/**
 * The contracts that a user means: those named (files or folders); otherwise the nearest folder, from `cwd` upwards,
 * that has a contract or a `schemas` folder with contracts.
 */
export function findProjects(paths: readonly string[], cwd: string): readonly Project[] {
  if (paths.length > 0) return paths.map((path) => named(resolve(cwd, path), path))
  return findWhole(cwd).projects
}

/** All that a user means who names no contract, and the folder that it was found in. @throws Misuse where there is none. */
export function findWhole(cwd: string): { readonly root: string; readonly projects: readonly Project[] } {
  for (let root = cwd; ; root = dirname(root)) {
    const here = inFolder(root)
    if (here !== undefined) return { root, projects: [here] }
    const all = inSchemas(root)
    if (all.length > 0) return { root, projects: all }
    if (dirname(root) === root) break
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
  const chosen = Object.entries(config.targets ?? {}).map(([name, written]): ProjectTarget => {
    const target = targetNamed(name)
    if (typeof written !== "object" || written === null || Array.isArray(written))
      throw new Misuse(`${join(folder, "package.json")}: the target \`${name}\` must be an object`)
    const { out, ...rest } = written as Readonly<Record<string, unknown>>
    if (out !== undefined && typeof out !== "string")
      throw new Misuse(`${join(folder, "package.json")}: \`out\` of the target \`${name}\` must be a folder`)
    return { target, out: resolve(folder, out ?? target.out), settings: settingsOf(target, rest, folder) }
  })
  const order = (one: ProjectTarget) => targets.indexOf(one.target)
  const sorted = chosen.sort((a, b) => order(a) - order(b))
  sorted.forEach((one, index) => {
    const same = sorted.slice(0, index).find((other) => other.out === one.out)
    // Each folder has one manifest: what a second target wrote there, the first would remove.
    if (same !== undefined)
      throw new Misuse(`the targets \`${same.target.name}\` and \`${one.target.name}\` need folders of their own`)
  })
  return { contract: file, beside: besideOf(config, folder), targets: sorted }
}

function besideOf({ beside = [] }: Config, folder: string): readonly string[] {
  const manifest = join(folder, "package.json")
  if (!Array.isArray(beside) || beside.some((path) => typeof path !== "string"))
    throw new Misuse(`${manifest}: \`beside\` must be a list of contracts`)
  return beside.map((path) => {
    const place = resolve(folder, path)
    if (!existsSync(place)) throw new Misuse(`${manifest}: there is no ${path} to stand beside`)
    const file = statSync(place).isDirectory() ? join(place, readConfig(place)?.contract ?? "contract.ts") : place
    if (!existsSync(file)) throw new Misuse(`${manifest}: there is no contract in ${path}`)
    return file
  })
}

function settingsOf(target: Target, written: Readonly<Record<string, unknown>>, folder: string): TargetSettings {
  const settings: Record<string, SettingValue> = {}
  for (const [name, value] of Object.entries(written)) {
    if (!target.settings.includes(name)) {
      const known = ["out", ...target.settings].join(", ")
      throw new Misuse(
        `${join(folder, "package.json")}: the target \`${target.name}\` has no setting \`${name}\`; known are ${known}`,
      )
    }
    if (!isSetting(value))
      throw new Misuse(`${join(folder, "package.json")}: \`${name}\` of the target \`${target.name}\` is no setting`)
    if (name === "package" && typeof value === "string")
      checkPackageName(value, `${join(folder, "package.json")}: \`package\` of the target \`${target.name}\``)
    settings[name] = value
  }
  return settings
}

/** @throws Misuse for what no package can be called: a name is a folder too, wherever it is installed. */
export function checkPackageName(name: string, what: string): void {
  if (name.length > 214 || !/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name))
    throw new Misuse(`${what} is a name such as @acme/lamp, not ${JSON.stringify(name)}`)
}

function isSetting(value: unknown): value is SettingValue {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string")
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
}

function readConfig(folder: string): Config | undefined {
  return (readPackageConfig(folder) ?? undefined) as Config | undefined
}
