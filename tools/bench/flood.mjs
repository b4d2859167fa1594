/*
 * Memory and losses under a flood. A stream with a bound of 1 000 and a handler that takes a millisecond gets QoS 0 messages faster
 * than it can handle them: what arrived and what was dropped must add up to what the proxy handed on, and the heap, after
 * collection, must not grow. Then 50 000 at QoS 1, of which none may be lost.
 *
 *     node tools/bench/flood.mjs [--messages 1000000] [--rate 12000] [--reliable 50000]
 */
import { parseArgs } from "node:util"
import { bundle } from "./bundle.mjs"
import { startChild } from "./child.mjs"

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000000" },
    rate: { type: "string", default: "12000" },
    reliable: { type: "string", default: "50000" },
  },
})
const { startFaultProxy, startMosquitto } = await import(await bundle("reconnect/lab.ts"))
const reader = await bundle("flood/reader.ts")
const feeder = await bundle("flood/feeder.ts")
const broker = await startMosquitto({
  settings: { max_queued_messages: 0, max_queued_bytes: 0, max_inflight_messages: 1024 },
})
try {
  await run("0", values.messages)
  await run("1", values.reliable)
} finally {
  await broker.stop()
}

async function run(qos, messages) {
  const proxy = await startFaultProxy({ targetPort: broker.port, logLimit: 1 })
  const reading = startChild(reader, [proxy.url, qos, messages], ["--expose-gc"])
  await reading.ready()
  const before = proxy.count("to-client", "publish", "passed")
  const feeding = startChild(feeder, [broker.url, qos, messages, values.rate])
  await feeding.result()
  await feeding.exited
  // The reader is told how many there were to come, once the wire is quiet.
  let forwarded = -1
  for (;;) {
    const now = proxy.count("to-client", "publish", "passed") - before
    if (now === forwarded) break
    forwarded = now
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
  reading.tell(String(forwarded))
  const { handled, dropped, heaps } = await reading.result()
  await reading.exited
  await proxy.stop()
  const at10 = heaps[Math.floor(heaps.length / 10)]
  const most = Math.max(...heaps.slice(Math.floor(heaps.length / 10)))
  console.log(
    `QoS ${qos}: published ${messages}, forwarded ${forwarded}, handled ${handled}, dropped ${dropped}, sum ${handled + dropped}`,
  )
  console.log(
    `  heap after collection: at 10 % ${(at10 / 1e6).toFixed(2)} MB, at most afterwards ${(most / 1e6).toFixed(2)} MB, ratio ${(most / at10).toFixed(3)}`,
  )
  if (handled + dropped !== forwarded) console.log("  SUM DIFFERS")
  if (qos === "1" && handled !== Number(messages)) console.log("  LOST")
}
