import { join, resolve } from "node:path"
import { readmeFiles, runReadmes } from "./run-readmes.js"
import { typecheckReadmes } from "./typecheck-readmes.js"

const root = resolve(process.env.FLEETWIRE_ROOT ?? process.cwd())
const asked = process.argv.slice(2)
const files = asked.length > 0 ? asked : readmeFiles(root)

for (const { name, failure } of await runReadmes(root, files)) {
  console.log(failure === undefined ? `pass ${name} runs` : `fail ${name} runs\n${failure}`)
  if (failure !== undefined) process.exitCode = 1
}
const errors = await typecheckReadmes({ root, files, into: join(root, ".cache/readmes") })
console.log(errors.length === 0 ? "pass the examples compile" : `fail the examples compile\n${errors.join("\n")}`)
if (errors.length > 0) process.exitCode = 1
