import { library } from "@fleetwire/config/tsup"

// The command starts fast because it is few files: the compile-time packages become part of it, from their sources, and
// a sub-command that speaks MQTT loads its client only when it runs.
export default library(["src/index.ts", "src/main.ts"], {
  platform: "node",
  shims: true,
  dts: { entry: "src/index.ts" },
  noExternal: ["@fleetwire/codegen", "@fleetwire/contract", "@fleetwire/ir", "@fleetwire/topic", "@sinclair/typebox"],
  esbuildOptions: (options) => {
    options.conditions = ["@fleetwire/source", "node", "import", "module"]
  },
})
