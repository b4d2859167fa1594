import { processSeam } from "./process-seam.js"
import { runCars } from "./run-cars.js"

process.exit(await runCars(process.argv.slice(2), processSeam))
