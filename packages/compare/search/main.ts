// Random pairs of contracts, and messages across them: does any fare worse than the rules say?
// `node tools/setup/run-ts.mjs packages/compare/search/main.ts [--seed 1] [--pairs 200] [--values 10000]`
// In parts, one after the other or beside each other: `--seed 1 --pairs 50`, `--seed 51 --pairs 50`; each seed is a pair of its own.
import { parseArgs } from "node:util"
import { createSeededRandom } from "@fleetwire/dynamic"
import { randomPair } from "./mutate-contract.js"
import { searchPair } from "./search-pair.js"

const { values: given } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    pairs: { type: "string", default: "200" },
    values: { type: "string", default: "10000" },
  },
})
const [first, pairs, values] = [Number(given.seed), Number(given.pairs), Number(given.values)]
const started = process.cpuUsage()
let tried = 0
let found = 0
let safe = 0
let told = performance.now()
/** Pairs are uneven: how far it is, at most every ten seconds, apart from the results. */
function progress(done: number): void {
  if (performance.now() - told < 10_000) return
  told = performance.now()
  const spent = process.cpuUsage(started)
  const cpu = Math.round((spent.user + spent.system) / 1e6)
  console.error(`${done} of ${pairs} pairs, ${tried} messages, ${found} surprises, ${cpu} s of CPU`)
}
for (let seed = first; seed < first + pairs; seed++) {
  progress(seed - first)
  const next = createSeededRandom(seed)
  const pair = randomPair(next)
  const result = searchPair(pair, values, next)
  tried += result.tried
  if (result.surprises.length === 0) safe++
  for (const surprise of result.surprises) {
    found++
    console.log(
      `seed ${seed}: ${surprise.format} ${surprise.direction}: said ${surprise.said}, seen ${surprise.seen} ${surprise.detail}`,
    )
    console.log(
      `  value ${JSON.stringify(surprise.value, (_, held: unknown) => (typeof held === "bigint" ? `${held}n` : held))}`,
    )
    for (const change of surprise.changes) console.log(`  ${change}`)
  }
}
const cpu = process.cpuUsage(started)
console.log(
  `${pairs} pairs, ${values} values each way, ${tried} messages: ${found} surprises in ${pairs - safe} pairs, ${Math.round((cpu.user + cpu.system) / 1e6)} s of CPU`,
)
process.exitCode = found > 0 ? 1 : 0
