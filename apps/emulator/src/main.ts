import { processSeam } from "./process-seam.js"
import { runDevices } from "./run-devices.js"

process.exit(await runDevices(process.argv.slice(2), processSeam))
