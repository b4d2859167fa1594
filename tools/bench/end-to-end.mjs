/*
 * What the SDK costs a subscriber, validation included, beside bare MQTT.js with JSON.parse in its handler: CPU time
 * (user + system) for one message, through Mosquitto, alternating, each in a process of its own.
 *
 *     node tools/bench/end-to-end.mjs [--seconds 20] [--rounds 7] [--qos 0,1] [--rate 20000]
 */
import { spawn } from "node:child_process"
import { parseArgs } from "node:util"
import { bundle } from "./bundle.mjs"
import { median, spread } from "./statistics.mjs"

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    rounds: { type: "string", default: "7" },
    qos: { type: "string", default: "0,1" },
    rate: { type: "string", default: "20000" },
  },
})
const subscriber = await bundle("end-to-end/subscriber.ts")
const publisher = await bundle("end-to-end/publisher.ts")
const { startMosquitto } = await import(await bundle("end-to-end/broker.ts"))

const broker = await startMosquitto()
try {
  for (const qos of values.qos.split(",").map(Number)) {
    const results = { bare: [], sdk: [] }
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const kind of round % 2 === 0 ? ["bare", "sdk"] : ["sdk", "bare"]) {
        const result = await measure(kind, broker.url, qos)
        results[kind].push(result)
        process.stderr.write(
          `QoS ${qos} round ${round + 1} ${kind}: ${result.microseconds.toFixed(2)} µs CPU, ${Math.round(result.perSecond)} messages/s\n`,
        )
      }
    }
    const line = (kind) => {
      const cpu = results[kind].map((r) => r.microseconds)
      const rate = results[kind].map((r) => r.perSecond)
      return `| QoS ${qos} | ${kind} | ${median(cpu).toFixed(2)} ± ${(spread(cpu) * 100).toFixed(0)} % | ${Math.round(median(rate))} |`
    }
    const ratios = results.sdk.map((r, i) => r.microseconds / results.bare[i].microseconds)
    console.log("| | subscriber | CPU µs a message | messages/s |\n|---|---|---|---|")
    console.log(line("bare"))
    console.log(line("sdk"))
    console.log(`QoS ${qos}: SDK / bare = ${median(ratios).toFixed(2)} (median of ${ratios.length} pairs)\n`)
  }
} finally {
  await broker.stop()
}

function measure(kind, url, qos) {
  return new Promise((resolve, reject) => {
    const warmUp = Number(values.rate)
    const child = spawn(process.execPath, [subscriber, kind, url, String(qos), String(warmUp), values.seconds], {
      stdio: ["ignore", "pipe", "pipe"],
    })
    let output = ""
    let feeder
    child.stdout.on("data", (chunk) => {
      output += chunk
    })
    child.stderr.on("data", (chunk) => {
      if (String(chunk).includes("ready")) {
        feeder ??= spawn(process.execPath, [publisher, url, String(qos), values.rate], { stdio: "inherit" })
      } else process.stderr.write(chunk)
    })
    child.on("exit", (code) => {
      feeder?.kill()
      if (code === 0) resolve(JSON.parse(output))
      else reject(new Error(`the ${kind} subscriber ended with ${code}`))
    })
  })
}
