/** What one package may reach. */
export interface LayerRule {
  /** Path of the package from the root; `*` stands for one level. */
  readonly path: string
  /** Workspace packages and packages of a registry that its sources may import; `sdks/*` is every generated SDK, `*` anything. */
  readonly may: readonly string[]
  /** Runs in a browser: no Node built-ins in its sources. */
  readonly browser?: boolean
}

/** SDKs and what they stand on: what an application is made of. */
const running = ["sdks/*", "@fleetwire/runtime", "@fleetwire/mqtt", "@fleetwire/ir"]

/**
 * The one way in which packages depend on each other. The first rule that fits a path decides; a package without a rule
 * is a finding. Compile time and run time meet only in `topic` and `ir`.
 */
export const layerRules: readonly LayerRule[] = [
  { path: "packages/topic", may: [], browser: true },
  { path: "packages/ir", may: [], browser: true },
  { path: "packages/contract", may: ["@fleetwire/ir", "@fleetwire/topic", "@sinclair/typebox"] },
  { path: "packages/codegen", may: ["@fleetwire/ir", "@fleetwire/topic"] },
  { path: "packages/dynamic", may: ["@fleetwire/ir", "@fleetwire/topic", "protobufjs", "long"] },
  { path: "packages/compare", may: ["@fleetwire/ir", "@fleetwire/topic", "@fleetwire/dynamic"] },
  { path: "packages/runtime", may: ["@fleetwire/topic"], browser: true },
  { path: "packages/mqtt", may: ["@fleetwire/runtime", "mqtt"], browser: true },
  { path: "packages/broker-lab", may: ["mqtt-packet", "@peculiar/x509", "reflect-metadata"] },
  {
    path: "packages/conformance",
    may: ["@fleetwire/ir", "@fleetwire/topic", "@fleetwire/dynamic", "@fleetwire/broker-lab", "mqtt-packet", "yaml"],
  },
  {
    path: "packages/cli",
    may: [
      "@fleetwire/broker-lab",
      "@fleetwire/compare",
      "@fleetwire/contract",
      "@fleetwire/ir",
      "@fleetwire/topic",
      "@fleetwire/codegen",
      "@fleetwire/conformance",
      "@fleetwire/dynamic",
      "@fleetwire/mqtt",
      "@fleetwire/runtime",
      "esbuild",
      "yaml",
    ],
  },
  { path: "packages/sdks/*/typescript", may: ["@fleetwire/runtime", "@fleetwire/mqtt"], browser: true },
  { path: "schemas/*", may: ["@fleetwire/contract", "@fleetwire/schema-device-basics"] },
  { path: "apps/emulator", may: running },
  { path: "apps/bridge", may: [...running, "@libsql/client"] },
  {
    path: "apps/demo",
    may: [...running, "@fleetwire/emulator", "@fleetwire/bridge", "@fleetwire/broker-lab", "aedes"],
  },
  { path: "apps/docs", may: [...running, "@fleetwire/dynamic", "vitepress"] },
  { path: "tools/*", may: ["*"] },
]

/** The rule for a package by its path; undefined where the table has none. */
export function ruleFor(path: string, rules: readonly LayerRule[] = layerRules): LayerRule | undefined {
  const levels = path.split("/")
  return rules.find((rule) => {
    const wanted = rule.path.split("/")
    return wanted.length === levels.length && wanted.every((level, i) => level === "*" || level === levels[i])
  })
}
