import { library } from "@fleetwire/config/tsup"

export default library(["src/index.ts"], { platform: "node", shims: true })
