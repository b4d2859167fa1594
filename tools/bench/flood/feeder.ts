/* Publishes so many messages and says so. Arguments: URL, QoS, messages, messages a second. */
import { connect } from "mqtt"

const [url = "", qosText = "0", messagesText = "0", rateText = "12000"] = process.argv.slice(2)
const qos = Number(qosText) as 0 | 1
const messages = Number(messagesText)
const client = connect(url, { protocolVersion: 5, clientId: "feeder", log: () => {}, reconnectPeriod: 0 })
await new Promise<void>((resolve) => client.on("connect", () => resolve()))
const start = performance.now()
let sent = 0
let settled = 0
while (sent < messages) {
  const due = Math.min(messages, ((performance.now() - start) / 1000) * Number(rateText))
  for (; sent < due && sent - settled <= 500; sent++) {
    const payload = `{"device_id":"car-001","timestamp":1706169600,"level":"info","message":"n ${sent}"}`
    client.publish("iot-car/car-001/log", payload, { qos }, () => settled++)
  }
  await new Promise((resolve) => setTimeout(resolve, 2))
  while (sent - settled > 500) await new Promise((resolve) => setTimeout(resolve, 1))
}
while (settled < messages) await new Promise((resolve) => setTimeout(resolve, 5))
process.stdout.write(`${JSON.stringify({ sent })}\n`)
await client.endAsync()
