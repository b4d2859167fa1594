import { resolve } from "node:path"
import { runReadmes } from "./run-readmes.js"

const runs = await runReadmes(
  resolve(process.env.FLEETWIRE_ROOT ?? process.cwd()),
  process.argv.slice(2).length > 0 ? process.argv.slice(2) : undefined,
)
for (const { name, failure } of runs) {
  console.log(failure === undefined ? `pass ${name}` : `fail ${name}\n${failure}`)
}
if (runs.some(({ failure }) => failure !== undefined)) process.exitCode = 1
