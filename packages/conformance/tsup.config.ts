import { cp } from "node:fs/promises"
import { library } from "@fleetwire/config/tsup"

export default library(["src/index.ts"], {
  platform: "node",
  shims: true,
  // The protocol's scenarios are data of the repository; a published kit carries them.
  onSuccess: () => cp("../../schemas/scenarios", "dist/scenarios", { recursive: true }),
})
