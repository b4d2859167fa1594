/* A car whose drives take thirty seconds unless they are stopped. Arguments: URL, version, id. */
import { mqttTransport } from "@fleetwire/mqtt"
import { createDevice } from "@fleetwire/runtime/codegen-v1"
import { contract, drive, status } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { Command } from "../../../packages/sdks/iot-car/typescript/src/messages/command.js"

const [url = "", version = "5", id = ""] = process.argv.slice(2)
const device = createDevice({ contract, channels: [status, drive] }, id, {
  url,
  protocol: version === "5" ? "5" : "3.1.1",
  transport: mqttTransport(),
})
device.commandServer<Command, object>(drive).handle(async ({ action }, { signal }) => {
  if (action === "stop") return { message: "stopped" }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 30_000)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return { message: "driven" }
})
await device.client.connect()
process.stdout.write("ready\n")
