/*
 * One subscriber in a process of its own: bare MQTT.js or the SDK. Prints, as one line of JSON, what a message cost.
 * Arguments: kind (bare | sdk), URL, QoS, messages to leave out as warm-up, seconds to measure.
 */
import { mqttTransport } from "@fleetwire/mqtt"
import { createController } from "@fleetwire/runtime/codegen-v1"
import { connect } from "mqtt"
import { contract, telemetry } from "../../../packages/sdks/iot-car/typescript/src/contract.js"

const [kind = "bare", url = "", qosText = "0", warmUpText = "20000", secondsText = "20"] = process.argv.slice(2)
const qos = Number(qosText) as 0 | 1
const warmUp = Number(warmUpText)
const seconds = Number(secondsText)

let seen = 0
let start: { cpu: NodeJS.CpuUsage; at: number; seen: number } | undefined
let finished = false
let checksum = 0

function count(battery: number): void {
  checksum += battery
  seen++
  if (seen === warmUp) start = { cpu: process.cpuUsage(), at: performance.now(), seen }
  else if (start !== undefined && seen % 256 === 0 && !finished && performance.now() - start.at >= seconds * 1000)
    report()
}

function report(): void {
  if (start === undefined) return
  finished = true
  const cpu = process.cpuUsage(start.cpu)
  const messages = seen - start.seen
  const elapsed = (performance.now() - start.at) / 1000
  process.stdout.write(
    `${JSON.stringify({ microseconds: (cpu.user + cpu.system) / messages, perSecond: messages / elapsed, messages, checksum })}\n`,
    () => process.exit(0),
  )
}

if (kind === "bare") {
  const client = connect(url, {
    protocolVersion: 5,
    clientId: `bench-bare-${process.pid}`,
    log: () => {},
    reconnectPeriod: 0,
  })
  client.on("message", (_topic: string, payload: Buffer) => {
    count((JSON.parse(payload.toString()) as { battery: number }).battery)
  })
  client.on("connect", () => client.subscribe("iot-car/+/telemetry", { qos }, () => process.stderr.write("ready\n")))
} else {
  const role = {
    name: "backend",
    session: { kind: "clean" },
    reconnectSpreadSeconds: 1,
    keepAliveSeconds: 60,
    publish: [],
    read: ["telemetry.message"],
  } as const
  const engine = createController(
    { contract, role },
    { url, protocol: "5", transport: mqttTransport(), instance: `bench-${process.pid}` },
  )
  const channel = { ...telemetry, message: { ...telemetry.message, qos, acknowledge: "on-handled" as const } }
  const subscription = engine
    .stream<{ battery: number }, { carId: string }>(channel as never)
    .handle((delivery) => count(delivery.message.battery))
  await engine.client.connect()
  await subscription.ready
  process.stderr.write("ready\n")
}
