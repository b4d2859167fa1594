/*
 * How long a car takes to stop: idle, and flooded, busy and slow. A stop is called at QoS 1 while another process asks for drives as
 * fast as `--rate` says, each handler takes thirty seconds unless it is stopped, and the queue is full. Tries alternate between the
 * flooded car and an idle one, each in a process of its own, through Mosquitto.
 *
 *     node tools/bench/stop.mjs [--tries 100] [--rate 200] [--protocol 5]
 */
import { parseArgs } from "node:util"
import { bundle } from "./bundle.mjs"
import { startChild } from "./child.mjs"
import { median } from "./statistics.mjs"

const { values } = parseArgs({
  options: {
    tries: { type: "string", default: "100" },
    rate: { type: "string", default: "200" },
    protocol: { type: "string", default: "5" },
  },
})
const [car, flooder, caller] = await Promise.all(["car", "flooder", "caller"].map((name) => bundle(`stop/${name}.ts`)))
const { startMosquitto } = await import(await bundle("end-to-end/broker.ts"))
const broker = await startMosquitto({ settings: { max_queued_messages: 0 } })
const children = []
try {
  for (const id of ["car-001", "car-002"]) children.push(startChild(car, [broker.url, values.protocol, id]))
  await Promise.all(children.map((child) => child.ready()))
  const flood = startChild(flooder, [broker.url, values.protocol, "car-001", values.rate])
  children.push(flood)
  await flood.ready()
  const calling = startChild(caller, [broker.url, values.protocol, "car-001", "car-002", values.tries])
  const { flooded, idle } = await calling.result()
  await calling.exited
  console.log("| | p50 ms | p95 ms | longest ms |\n|---|---:|---:|---:|")
  for (const [name, times] of Object.entries({ idle, flooded })) {
    times.sort((a, b) => a - b)
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(2)
    console.log(`| ${name} | ${at(0.5)} | ${at(0.95)} | ${at(1)} |`)
  }
  const ratio = median(flooded) / median(idle)
  console.log(`${values.tries} tries each, flooded / idle = ${ratio.toFixed(2)} (medians); limit 1.5`)
} finally {
  await Promise.all(children.map((child) => child.end()))
  await broker.stop()
}
