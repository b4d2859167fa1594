import { createFleet, type RoleName } from "@fleetwire/iot-car/controller"
import { serveFleet } from "./serve-fleet.js"

// The fleet of the car's contract for the conformance kit.
await serveFleet((role, options) => createFleet({ ...options, role: role as RoleName }))
