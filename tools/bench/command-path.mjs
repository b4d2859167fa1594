/*
 * A call's way there and back through Mosquitto beside two hops of bare MQTT.js, at QoS 1: one at a time, wall clock, each
 * server in a process of its own, kinds alternating from call to call, so that whatever else the machine does hits all of
 * them alike. The journal is the file store, without and with fsync.
 *
 *     node tools/bench/command-path.mjs [--rounds 5] [--calls 1000] [--protocol 5]
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { bundle } from "./bundle.mjs"
import { startChild } from "./child.mjs"
import { median, spread } from "./statistics.mjs"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    calls: { type: "string", default: "1000" },
    protocol: { type: "string", default: "5" },
  },
})
const NAMES = {
  bare: "two hops of bare MQTT.js",
  sdk: "a call",
  journal: "a call with a journal in a file",
  fsync: "the same with fsync",
}
const KINDS = Object.keys(NAMES)
const server = await bundle("command-path/server.ts")
const caller = await bundle("command-path/caller.ts")
const { startMosquitto } = await import(await bundle("end-to-end/broker.ts"))
const folder = mkdtempSync(join(tmpdir(), "fleetwire-bench-"))
const broker = await startMosquitto()
/** @type {Record<string, { p50: number, p99: number }>[]} */
const rounds = []
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    const servers = KINDS.map((kind) =>
      startChild(server, [kind, broker.url, values.protocol, join(folder, `${kind}-${round}`)]),
    )
    await Promise.all(servers.map((one) => one.ready()))
    const calling = startChild(caller, [broker.url, values.protocol, values.calls])
    const result = await calling.result()
    rounds.push(result)
    await Promise.all([calling.exited, ...servers.map((one) => one.end())])
    const words = KINDS.map((kind) => `${kind} ${result[kind].p50.toFixed(0)}`).join(", ")
    process.stderr.write(`round ${round + 1}: p50 in µs ${words}\n`)
  }
} finally {
  await broker.stop()
  rmSync(folder, { recursive: true })
}
console.log("| | p50 µs | p99 µs | p50 against bare |\n|---|---:|---:|---:|")
for (const kind of KINDS) {
  const p50 = rounds.map((round) => round[kind].p50)
  const p99 = median(rounds.map((round) => round[kind].p99))
  const ratio = median(rounds.map((round) => round[kind].p50 / round.bare.p50))
  const around = `± ${(spread(p50) * 100).toFixed(0)} %`
  console.log(`| ${NAMES[kind]} | ${median(p50).toFixed(0)} ${around} | ${p99.toFixed(0)} | ${ratio.toFixed(2)} |`)
}
