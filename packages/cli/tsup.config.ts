import { library } from "@fleetwire/config/tsup"

// The command starts fast because it is few files: the compile-time packages become part of it, from their sources, and
// a sub-command that speaks MQTT loads its client only when it runs.
const bundled = {
  platform: "node" as const,
  shims: true,
  noExternal: ["@fleetwire/codegen", "@fleetwire/contract", "@fleetwire/ir", "@fleetwire/topic", "@sinclair/typebox"],
  esbuildOptions: (options: { conditions?: string[] }) => {
    options.conditions = ["@fleetwire/source", "node", "import", "module"]
  },
}

export default [
  library(["src/index.ts", "src/main.ts"], { ...bundled, format: ["esm"], dts: { entry: "src/index.ts" } }),
  library(["src/index.ts"], { ...bundled, format: ["cjs"], clean: false }),
]
