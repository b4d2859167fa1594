/*
 * How a fleet comes back: devices of the SDK with a spread, a broker that restarts, and CONNECTs counted in the proxy, second by
 * second. Limits: no second sees more than 2 · devices / spread of them, and all are back within outage + spread + cap.
 *
 *     node tools/bench/reconnect.mjs [--devices 2000] [--spread 20] [--outage 2]
 */
import { parseArgs } from "node:util"
import { bundle } from "./bundle.mjs"
import { startChild } from "./child.mjs"

const { values } = parseArgs({
  options: {
    devices: { type: "string", default: "2000" },
    spread: { type: "string", default: "20" },
    outage: { type: "string", default: "2" },
  },
})
const { startFaultProxy, startMosquitto } = await import(await bundle("reconnect/lab.ts"))
const fleet = await bundle("reconnect/fleet.ts")
const CAP_SECONDS = 30
const broker = await startMosquitto({ persistence: true, settings: { max_queued_messages: 0 } })
const proxy = await startFaultProxy({ targetPort: broker.port, logLimit: 1 })
const child = startChild(fleet, [proxy.url, values.devices, values.spread])
try {
  await child.ready()
  const before = proxy.connectTimes.length
  const start = performance.now()
  await broker.kill()
  await new Promise((resolve) => setTimeout(resolve, Number(values.outage) * 1000))
  await broker.restart()
  const { ready } = await child.result()
  const took = (performance.now() - start) / 1000
  const times = proxy.connectTimes.slice(before)
  const perSecond = new Map()
  for (const at of times)
    perSecond.set(Math.floor((at - times[0]) / 1000), (perSecond.get(Math.floor((at - times[0]) / 1000)) ?? 0) + 1)
  const most = Math.max(...perSecond.values())
  const limit = (2 * Number(values.devices)) / Number(values.spread)
  const within = Number(values.outage) + Number(values.spread) + CAP_SECONDS
  console.log(
    "| devices | spread s | CONNECTs | most in a second | limit | all back after s | limit |\n|---:|---:|---:|---:|---:|---:|---:|",
  )
  console.log(`| ${ready} | ${values.spread} | ${times.length} | ${most} | ${limit} | ${took.toFixed(1)} | ${within} |`)
  console.log(
    [...perSecond]
      .sort(([a], [b]) => a - b)
      .map(([second, count]) => `${second}: ${count}`)
      .join(", "),
  )
} finally {
  await child.end()
  await proxy.stop()
  await broker.stop()
}
