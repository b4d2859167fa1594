import { parseArgs } from "node:util"
import { printTable } from "./print-table.js"
import { MISHAPS, runExperiment } from "./run-experiment.js"

const USAGE = `usage: node tools/qos-experiment/run.mjs [options]

  --messages N     on each topic; default 100
  --per-second N   default 10
  --down MS        between the broker's end and its restart; default 1000
  --protocol V     3.1.1 or 5; default 5
`

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "100" },
    "per-second": { type: "string", default: "10" },
    down: { type: "string", default: "1000" },
    protocol: { type: "string", default: "5" },
    help: { type: "boolean", short: "h" },
  },
})
const [messages, perSecond, downMs] = [values.messages, values["per-second"], values.down].map(Number) as [
  number,
  number,
  number,
]
const { protocol } = values
if (values.help === true) console.log(USAGE)
else if (!(messages >= 2 && perSecond > 0 && downMs >= 0) || (protocol !== "3.1.1" && protocol !== "5")) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  console.log(
    `${messages} messages at ${perSecond}/s on each of three topics, MQTT ${protocol}; the broker ends after ${Math.floor(messages / 2)}.\n`,
  )
  // Each has a broker of its own, so they need not wait for each other.
  const outcomes = await Promise.all(
    MISHAPS.map((mishap) => runExperiment({ mishap, protocol, messages, perSecond, downMs })),
  )
  for (const [index, outcome] of outcomes.entries()) console.log(printTable(MISHAPS[index]!.name, outcome))
}
