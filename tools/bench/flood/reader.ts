/*
 * Reads a stream with a handler of one millisecond and a bound of 1 000, and notes its heap after each hundredth of what is to come.
 * Told on standard input how many came over the wire, it waits until it has dealt with them. Arguments: URL, QoS, messages.
 */
import { createInterface } from "node:readline"
import { mqttTransport } from "@fleetwire/mqtt"
import { createController } from "@fleetwire/runtime/codegen-v1"
import { contract, log } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import { role } from "../command-path/drive.js"

const [url = "", qosText = "0", messagesText = "0"] = process.argv.slice(2)
const qos = Number(qosText) as 0 | 1
const engine = createController({ contract, role }, { url, transport: mqttTransport(), instance: "reader" })
let handled = 0
const channel = {
  ...log,
  message: {
    ...log.message,
    qos,
    acknowledge: qos === 0 ? ("on-receipt" as const) : ("on-handled" as const),
    queue: { bound: 1_000, drop: "oldest" as const },
  },
}
const subscription = engine.stream<unknown, { carId: string }>(channel as never).handle(async () => {
  await new Promise((resolve) => setTimeout(resolve, 1))
  handled++
})
await engine.client.connect()
await subscription.ready
process.stdout.write("ready\n")

const collect = (globalThis as unknown as { gc(): void }).gc
const step = Math.max(1, Math.floor(Number(messagesText) / 100))
const heaps: number[] = []
let next = step
const seen = (): number => handled + engine.client.counters.dropped.bound
const watch = setInterval(() => {
  if (engine.client.counters.in < next) return
  next = engine.client.counters.in + step
  collect()
  heaps.push(process.memoryUsage().heapUsed)
}, 50)
for await (const line of createInterface({ input: process.stdin })) {
  const forwarded = Number(line)
  while (seen() < forwarded) await new Promise((resolve) => setTimeout(resolve, 10))
  await new Promise((resolve) => setTimeout(resolve, 500))
  break
}
clearInterval(watch)
const { bound: dropped } = engine.client.counters.dropped
process.stdout.write(`${JSON.stringify({ handled, dropped, heaps })}\n`, () => process.exit(0))
