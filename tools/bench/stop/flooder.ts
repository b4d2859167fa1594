/* Asks one car to drive, over and over, and does not care for answers. Arguments: URL, version, id, requests a second. */
import { mqttTransport } from "@fleetwire/mqtt"
import { createController } from "@fleetwire/runtime/codegen-v1"
import { contract, drive } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { Response } from "../../../packages/sdks/iot-car/typescript/src/messages/response.js"
import { role } from "../command-path/drive.js"

const [url = "", version = "5", carId = "", rateText = "200"] = process.argv.slice(2)
const rate = Number(rateText)
const engine = createController(
  { contract, role },
  { url, protocol: version === "5" ? "5" : "3.1.1", transport: mqttTransport(), instance: "flooder" },
)
const ask = engine.caller<object, Response>(drive, { carId })
await engine.client.connect()
let due = 0
let sent = 0
setInterval(() => {
  due += rate / 100
  for (; sent < due; sent++) ask({ action: "forward" }, { retryBusy: false, timeoutMs: 2_000 }).catch(() => {})
}, 10)
setTimeout(() => process.stdout.write("ready\n"), 1_000)
