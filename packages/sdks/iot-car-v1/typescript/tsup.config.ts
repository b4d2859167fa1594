import { library } from "@fleetwire/config/tsup"

export default library(["src/messages.ts", "src/device.ts", "src/controller.ts"])
