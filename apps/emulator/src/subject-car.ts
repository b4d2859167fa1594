import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import { openFileStore } from "@fleetwire/runtime/node"
import { createEmulatedCar } from "./emulated-car.js"
import { createSubjectLines } from "./subject-lines.js"

// One car for the conformance kit: `--exec "node … --url {url} --id {id} --mqtt {mqtt} --store {store} …"`.
const { values } = parseArgs({
  options: {
    url: { type: "string" },
    id: { type: "string" },
    mqtt: { type: "string", default: "5" },
    prefix: { type: "string", default: "" },
    store: { type: "string", default: "" },
    "keep-alive": { type: "string", default: "30" },
    "spread-ms": { type: "string", default: "0" },
  },
})
const lines = createSubjectLines((text) => process.stdout.write(text))
const car = createEmulatedCar({
  url: values.url ?? "mqtt://127.0.0.1:1883",
  carId: values.id ?? "car-001",
  protocol: values.mqtt === "3.1.1" ? "3.1.1" : "5",
  keepAliveSeconds: Number(values["keep-alive"]),
  reconnect: { spreadMs: Number(values["spread-ms"]) },
  ...(values.prefix === "" ? {} : { topicPrefix: values.prefix }),
  ...(values.store === "" ? {} : { store: await openFileStore({ path: values.store }) }),
  observer: lines.observer,
  onCommand: lines.ran,
  onConfig: lines.applied,
  onTrouble: (error) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
})
createInterface({ input: process.stdin }).on("line", (line) => lines.take(line, car.car))
let stopping = false
process.once("SIGTERM", () => {
  stopping = true
  void car.stop().then(() => process.exit(0))
})
try {
  await car.start()
} catch (error) {
  if (!stopping) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
