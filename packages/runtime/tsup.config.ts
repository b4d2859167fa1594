import { library } from "@fleetwire/config/tsup"

export default library(["src/index.ts", "src/codegen-v1.ts", "src/testing.ts", "src/kernel-v1.ts", "src/node.ts"])
