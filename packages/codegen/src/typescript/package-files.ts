import type { ContractIr } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"

/** How the package is called, and where it is built. */
export interface PackageOptions {
  /** npm name, such as `@acme/iot-car`. */
  readonly packageName: string
  /** Version of the package. Default: the contract's. */
  readonly packageVersion?: string
  /** Range of `@fleetwire/runtime` and `@fleetwire/mqtt`. Default `0.x`: every release that has the versioned surface. */
  readonly dependencyRange?: string
  /** Module that exports `library(entries)` for tsup. Absent: the package's own `tsup.config.ts` says everything. */
  readonly tsupPreset?: string
}

/** Entry points: without a role there is nobody to be a controller. */
function entriesOf(ir: ContractIr): readonly string[] {
  return ir.roles.length === 0 ? ["messages", "device"] : ["messages", "device", "controller"]
}

/** `package.json`, `tsconfig.json` and `tsup.config.ts`: what makes the sources a package. */
export function emitPackageFiles(ir: ContractIr, options: PackageOptions): readonly RenderedFile[] {
  return [
    { path: "package.json", text: `${JSON.stringify(packageJson(ir, options), null, 2)}\n` },
    { path: "tsconfig.json", text: `${JSON.stringify(TSCONFIG, null, 2)}\n` },
    { path: "tsup.config.ts", text: tsupConfig(ir, options) },
  ]
}

function packageJson(ir: ContractIr, options: PackageOptions): object {
  const range = options.dependencyRange ?? "0.x"
  return {
    name: options.packageName,
    version: options.packageVersion ?? ir.version,
    description: ir.doc ?? `Device and controller SDK of the contract ${ir.name}.`,
    license: "Apache-2.0",
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    exports: {
      ...Object.fromEntries(entriesOf(ir).map((entry) => [`./${entry}`, exportOf(entry)])),
      "./package.json": "./package.json",
    },
    files: ["dist", "src"],
    scripts: { build: "tsup" },
    dependencies: { "@fleetwire/mqtt": range, "@fleetwire/runtime": range },
    devDependencies:
      options.tsupPreset === undefined
        ? { tsup: "^8.5.1", typescript: "^5.9.3" }
        : { [packageOf(options.tsupPreset)]: "workspace:*", tsup: "catalog:" },
  }
}

function exportOf(entry: string): object {
  return {
    "@fleetwire/source": `./src/${entry}.ts`,
    import: { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
    require: { types: `./dist/${entry}.d.cts`, default: `./dist/${entry}.cjs` },
  }
}

/** `@acme/config` of `@acme/config/tsup`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")
}

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2023", "ESNext.Disposable", "DOM"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["src"],
}

function tsupConfig(ir: ContractIr, options: PackageOptions): string {
  const entries = entriesOf(ir)
    .map((entry) => JSON.stringify(`src/${entry}.ts`))
    .join(", ")
  if (options.tsupPreset !== undefined)
    return `import { library } from ${JSON.stringify(options.tsupPreset)}\n\nexport default library([${entries}])\n`
  return [
    'import { defineConfig } from "tsup"',
    "",
    "export default defineConfig({",
    `  entry: [${entries}],`,
    '  format: ["esm", "cjs"],',
    "  dts: true,",
    '  target: "es2022",',
    '  platform: "neutral",',
    "  clean: true,",
    "  splitting: true,",
    "  treeshake: true,",
    "})",
    "",
  ].join("\n")
}
