/* Calls one at a time, kinds in turn, and says how long calls took, in microseconds. Arguments: URL, version, calls. */
import { mqttTransport } from "@fleetwire/mqtt"
import { createController } from "@fleetwire/runtime/codegen-v1"
import { connect } from "mqtt"
import { contract } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { Response } from "../../../packages/sdks/iot-car/typescript/src/messages/response.js"
import { CARS, driveOf, role, TOPICS, withoutDelay } from "./drive.js"

const [url = "", version = "5", callsText = "1000"] = process.argv.slice(2)
const WARM_UP = 300
const REQUEST = JSON.stringify({
  id: "0123456789abcdef01234567",
  timestamp: 1706169600,
  action: "forward",
  parameters: { duration: 500, speed: 80 },
})

const calls: Record<string, () => Promise<unknown>> = { bare: await bare(), ...(await sdk()) }
const times: Record<string, number[]> = Object.fromEntries(Object.keys(calls).map((kind) => [kind, []]))
for (let n = 0; n < WARM_UP + Number(callsText); n++) {
  for (const [kind, call] of Object.entries(calls)) {
    const start = process.hrtime.bigint()
    await call()
    if (n >= WARM_UP) times[kind]!.push(Number(process.hrtime.bigint() - start) / 1000)
    // What a call leaves behind, acknowledgements above all, is not the next one's.
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
const result = Object.fromEntries(
  Object.entries(times).map(([kind, list]) => {
    list.sort((a, b) => a - b)
    return [kind, { p50: list[Math.floor(list.length / 2)], p99: list[Math.floor(list.length * 0.99)] }]
  }),
)
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))

async function bare(): Promise<() => Promise<void>> {
  const client = connect(url, { protocolVersion: version === "5" ? 5 : 4, clientId: "bench-caller", log: () => {} })
  let answered = (): void => {}
  client.on("message", () => answered())
  await new Promise<void>((resolve) => client.on("connect", () => resolve()))
  withoutDelay(client)
  await client.subscribeAsync(TOPICS.reply, { qos: 1 })
  return () =>
    new Promise((resolve) => {
      answered = resolve
      client.publish(TOPICS.request, REQUEST, { qos: 1 })
    })
}

async function sdk(): Promise<Record<string, () => Promise<unknown>>> {
  const engine = createController(
    { contract, role },
    { url, protocol: version === "5" ? "5" : "3.1.1", transport: mqttTransport(), instance: "bench" },
  )
  await engine.client.connect()
  return Object.fromEntries(
    Object.entries(CARS).map(([kind, carId]) => {
      const ask = engine.caller<object, Response>(driveOf(kind), { carId })
      return [kind, () => ask({ action: "forward", parameters: { duration: 500, speed: 80 } })]
    }),
  )
}
