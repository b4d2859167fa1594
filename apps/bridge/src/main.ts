import { processSeam } from "./process-seam.js"
import { runBridge } from "./run-bridge.js"

process.exit(await runBridge(process.argv.slice(2), processSeam))
