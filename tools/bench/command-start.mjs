/*
 * How long a cold `fleetwire generate` of iot-car takes beside a bare start of Node: medians of 11, alternating.
 * Needs the built command: `npx turbo run build --filter @fleetwire/cli`.
 *
 *     node tools/bench/command-start.mjs
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { median } from "./statistics.mjs"

const root = fileURLToPath(new URL("../../", import.meta.url))
const bare = [["-e", "0"]]
const generate = [[`${root}packages/cli/dist/main.js`, "generate", "--check"]]
const times = { bare: [], generate: [] }

for (let round = 0; round < 12; round++) {
  for (const [name, [args]] of Object.entries({ bare, generate })) {
    const start = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: `${root}schemas/iot-car`, encoding: "utf8" })
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
    if (round > 0) times[name].push(performance.now() - start)
  }
}
const node = median(times.bare)
const command = median(times.generate)
console.log("| | ms |\n|---|---|")
console.log(`| node -e 0 | ${node.toFixed(0)} |`)
console.log(`| fleetwire generate --check of iot-car | ${command.toFixed(0)} |`)
console.log(`| difference | ${(command - node).toFixed(0)} |`)
