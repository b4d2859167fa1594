import { builtinModules } from "node:module"
import { dirname, join, relative, resolve, sep } from "node:path"
import type { Finding } from "./finding.js"
import { type LayerRule, layerRules, ruleFor } from "./layer-rules.js"
import { readImports } from "./read-imports.js"
import { walkFiles } from "./walk-files.js"
import { type Package, readWorkspace } from "./workspace.js"

/** What tests of any package may reach by path: the contracts, and the tools that run sources and fetch compilers. */
const reachableFromTests = ["schemas", "tools/setup", "tools/firmware"]

const builtins = new Set(builtinModules)

/** Finds dependencies and imports that go against the one way of the house. Tests may use what is declared for them. */
export function checkLayers(root: string, rules: readonly LayerRule[] = layerRules): Finding[] {
  const packages = readWorkspace(root)
  const sdks = packages.filter(({ path }) => path.startsWith("packages/sdks/")).map(({ name }) => name)
  const spelled = rules.map((rule) => ({ ...rule, may: rule.may.flatMap((name) => (name === "sdks/*" ? sdks : name)) }))
  return [...packages.flatMap((one) => checkPackage(root, one, spelled)), ...checkPackageCircles(packages)]
}

function checkPackage(root: string, one: Package, rules: readonly LayerRule[]): Finding[] {
  const manifest = `${one.path}/package.json`
  const rule = ruleFor(one.path, rules)
  if (rule === undefined) return [{ file: manifest, message: `no layer rule for ${one.path}` }]
  const findings: Finding[] = []
  const may = new Set(rule.may)
  const allows = (name: string) => may.has("*") || may.has(name) || name === one.name
  for (const name of Object.keys({ ...one.manifest.dependencies, ...one.manifest.peerDependencies })) {
    if (!allows(name)) findings.push({ file: manifest, message: `${one.path} may not depend on ${name}` })
  }
  for (const path of walkFiles(one.folder)) {
    if (!/\.[cm]?[jt]sx?$/.test(path) || path.endsWith(".d.ts")) continue
    const file = relative(root, path).split(sep).join("/")
    for (const { specifier, line } of readImports(path)) {
      const message = judgeImport({ root, one, rule, path, specifier, allows })
      if (message !== undefined) findings.push({ file, line, message })
    }
  }
  return findings
}

interface ImportCase {
  readonly root: string
  readonly one: Package
  readonly rule: LayerRule
  readonly path: string
  readonly specifier: string
  readonly allows: (name: string) => boolean
}

function judgeImport({ root, one, rule, path, specifier, allows }: ImportCase): string | undefined {
  const inSources = path.startsWith(join(one.folder, "src") + sep) || one.path.startsWith("schemas/")
  const forNode = isNodePart(one, path)
  const test = /\.test\.[cm]?tsx?$/.test(path) || !inSources
  if (specifier.startsWith(".")) {
    const target = resolve(dirname(path), specifier)
    if (rule.browser === true && !test && !forNode && isNodePart(one, target)) {
      return `${specifier} is for Node only; browsers load this module`
    }
    if (target === one.folder || target.startsWith(one.folder + sep) || one.path.startsWith("tools/")) return undefined
    if (test && reachableFromTests.some((folder) => target.startsWith(join(root, folder) + sep))) return undefined
    return `${specifier} leaves the package; import what the other package exports`
  }
  if (specifier.startsWith("node:") || builtins.has(specifier)) {
    if (!specifier.startsWith("node:")) return `write node:${specifier}`
    if (rule.browser === true && !test && !forNode) return `${one.path} runs in browsers and may not use ${specifier}`
    return undefined
  }
  const name = packageName(specifier)
  const { dependencies, peerDependencies, devDependencies } = one.manifest
  if (test || one.path.startsWith("tools/")) return undefined
  if (!allows(name)) return `${one.path} may not import ${name}`
  if (name !== one.name && { ...dependencies, ...peerDependencies }[name] === undefined) {
    return `${name} is not among the dependencies${devDependencies?.[name] ? " (only for development)" : ""}`
  }
  return undefined
}

/** `src/node.ts`, the declared entry point, and what lies in `src/node/` behind it. */
function isNodePart(one: Package, path: string): boolean {
  const start = join(one.folder, "src", "node")
  return path.startsWith(start + sep) || path === `${start}.ts` || path === `${start}.js`
}

function packageName(specifier: string): string {
  const [first = "", second = ""] = specifier.split("/")
  return first.startsWith("@") ? `${first}/${second}` : first
}

/** A circle of packages, development dependencies included, is one that the task runner refuses to build. */
function checkPackageCircles(packages: readonly Package[]): Finding[] {
  const byName = new Map(packages.map((one) => [one.name, one]))
  const findings: Finding[] = []
  const settled = new Set<string>()
  const visit = (one: Package, road: readonly string[]): void => {
    const at = road.indexOf(one.name)
    if (at >= 0) {
      const circle = [...road.slice(at), one.name].join(" → ")
      findings.push({ file: `${one.path}/package.json`, message: `packages depend on each other: ${circle}` })
      return
    }
    if (settled.has(one.name)) return
    for (const name of Object.keys({ ...one.manifest.dependencies, ...one.manifest.devDependencies })) {
      const next = byName.get(name)
      if (next !== undefined) visit(next, [...road, one.name])
    }
    settled.add(one.name)
  }
  for (const one of packages) visit(one, [])
  return findings
}
