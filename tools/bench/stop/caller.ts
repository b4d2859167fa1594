/* Stops two cars in turn and says how long each call took, in milliseconds. Arguments: URL, version, flooded, idle, tries. */
import { mqttTransport } from "@fleetwire/mqtt"
import { createController } from "@fleetwire/runtime/codegen-v1"
import { contract, drive } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { Response } from "../../../packages/sdks/iot-car/typescript/src/messages/response.js"
import { role } from "../command-path/drive.js"

const [url = "", version = "5", busy = "", calm = "", triesText = "100"] = process.argv.slice(2)
const engine = createController(
  { contract, role },
  { url, protocol: version === "5" ? "5" : "3.1.1", transport: mqttTransport(), instance: "caller" },
)
await engine.client.connect()
const cars = { flooded: busy, idle: calm }
const times: Record<string, number[]> = { flooded: [], idle: [] }
for (let n = -5; n < Number(triesText); n++) {
  for (const [name, carId] of Object.entries(cars)) {
    const start = performance.now()
    await engine.caller<object, Response>(drive, { carId })({ action: "stop" })
    if (n >= 0) times[name]!.push(performance.now() - start)
    // Long enough for the flooded car to be driving again, with a full queue.
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}
process.stdout.write(`${JSON.stringify(times)}\n`, () => process.exit(0))
