/* Many devices in one process. Says `ready` when all are, and again, as JSON, when all came back. Arguments: URL, how many, spread. */
import { mqttTransport } from "@fleetwire/mqtt"
import { createDevice } from "@fleetwire/runtime/codegen-v1"
import { contract, drive, status } from "../../../packages/sdks/iot-car/typescript/src/contract.js"

const [url = "", countText = "2000", spreadText = "20"] = process.argv.slice(2)
const count = Number(countText)
const transport = mqttTransport()
const ready = new Set<number>()
let lost = false
const devices = Array.from({ length: count }, (_, n) =>
  createDevice({ contract, channels: [status, drive] }, `car-${String(n).padStart(5, "0")}`, {
    url,
    transport,
    keepAliveSeconds: 120,
    reconnect: { spreadMs: Number(spreadText) * 1000 },
    observer: {
      onState({ kind }) {
        if (kind === "ready") ready.add(n)
        else if (ready.delete(n)) lost = true
        if (lost && ready.size === count) {
          process.stdout.write(`${JSON.stringify({ ready: ready.size })}\n`)
          lost = false
        }
      },
    },
  }),
)
for (let at = 0; at < count; at += 50)
  await Promise.all(devices.slice(at, at + 50).map(({ client }) => client.connect()))
process.stdout.write("ready\n")
