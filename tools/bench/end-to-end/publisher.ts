/* Publishes one telemetry payload over and over through a fixed window, from a process of its own, until it is ended. */
import { connect } from "mqtt"

const [url = "", qosText = "0", perSecondText = "0"] = process.argv.slice(2)
const qos = Number(qosText) as 0 | 1
const perSecond = Number(perSecondText)
const payload = Buffer.from(
  JSON.stringify({
    device_id: "car-001",
    timestamp: 1706169600,
    battery: 85,
    sensors: {
      distance_front: 45,
      distance_rear: 120,
      temperature: 28.4,
      gps: { latitude: -1.286389, longitude: 36.817223, altitude: 1795.5 },
    },
    status: { motors: "running", wifi_rssi: -62, uptime: 3600 },
  }),
)

const client = connect(url, {
  protocolVersion: 5,
  clientId: `bench-publisher-${process.pid}`,
  log: () => {},
  reconnectPeriod: 0,
})
client.on("connect", () => {
  if (qos === 1) for (let i = 0; i < 16; i++) next()
  else paced()
})

function next(): void {
  client.publish("iot-car/car-001/telemetry", payload, { qos }, () => next())
}

function paced(): void {
  const start = performance.now()
  let sent = 0
  setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond)
    const burst = Math.min(due - sent, 400)
    for (let i = 0; i < burst; i++) client.publish("iot-car/car-001/telemetry", payload, { qos })
    sent = due
  }, 4)
}
