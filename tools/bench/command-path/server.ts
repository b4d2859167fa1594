/* Serves requests: bare MQTT.js that publishes a reply of the usual size, or a device. Arguments: kind, URL, version, store. */
import { mqttTransport } from "@fleetwire/mqtt"
import { createDevice } from "@fleetwire/runtime/codegen-v1"
import { openFileStore } from "@fleetwire/runtime/node"
import { connect } from "mqtt"
import { contract, status } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { Command } from "../../../packages/sdks/iot-car/typescript/src/messages/command.js"
import { CARS, driveOf, TOPICS, withoutDelay } from "./drive.js"

const [kind = "bare", url = "", version = "5", path = ""] = process.argv.slice(2)
const REPLY = JSON.stringify({
  command_id: "0123456789abcdef01234567",
  timestamp: 1706169600,
  status: "success",
  message: "forward at 80 %",
  execution_time_ms: 0,
})

if (kind === "bare") {
  const client = connect(url, { protocolVersion: version === "5" ? 5 : 4, clientId: "bench-server", log: () => {} })
  client.on("message", () => client.publish(TOPICS.reply, REPLY, { qos: 1 }))
  client.on("connect", () => withoutDelay(client))
  client.on("connect", () => client.subscribe(TOPICS.request, { qos: 1 }, () => process.stdout.write("ready\n")))
} else {
  const store = kind === "sdk" ? undefined : await openFileStore({ path, fsync: kind === "fsync" })
  const drive = driveOf(kind)
  const device = createDevice({ contract, channels: [status, drive] }, CARS[kind]!, {
    url,
    protocol: version === "5" ? "5" : "3.1.1",
    transport: mqttTransport(),
    ...(store === undefined ? {} : { store }),
  })
  device.commandServer<Command, object>(drive).handle(({ action }) => ({ message: `${action} at 80 %` }))
  await device.client.connect()
  process.stdout.write("ready\n")
}
