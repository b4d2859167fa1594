import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { provideMosquitto } from "@fleetwire/broker-lab"
import { type MutantName, mutants } from "./actor/mutant.js"
import { bundleActor } from "./lab/bundle-actor.js"
import { createCampaign, printCampaign } from "./lab/campaign.js"

const usage = `usage: node tools/chaos/run.mjs [--seeds 1000] [--from 1] [--parallel 6] [--keep] [--mutant NAME] [--out FOLDER]

Runs the plans of that many seeds and holds each to what is promised. Exit code 1 where a promise was not kept; the
history and the packets of such a seed are then in FOLDER/seed-N/log.txt.
Mutants: ${Object.keys(mutants).join(", ")}`

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    parallel: { type: "string", default: "6" },
    keep: { type: "boolean", default: false },
    mutant: { type: "string" },
    out: { type: "string", default: ".cache/chaos" },
    help: { type: "boolean", default: false },
  },
})
const numbers = [values.seeds, values.from, values.parallel].map(Number)
const mutant = values.mutant as MutantName | undefined
if (
  values.help ||
  numbers.some((n) => !Number.isInteger(n) || n < 1) ||
  (mutant !== undefined && !(mutant in mutants))
) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}
const [seeds, from, parallel] = numbers as [number, number, number]
const out = join(process.cwd(), values.out)
mkdirSync(out, { recursive: true })
const campaign = createCampaign({
  actorModule: await bundleActor(process.cwd()),
  install: await provideMosquitto(),
  out,
  parallel,
  keep: values.keep,
  ...(mutant === undefined ? {} : { mutant }),
  onResult: (line) => console.log(line),
})
const sum = await campaign.run(Array.from({ length: seeds }, (_, index) => from + index))
console.log(printCampaign(sum))
process.exit(sum.failed.length === 0 ? 0 : 1)
