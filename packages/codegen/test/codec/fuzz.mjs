/* Runs the differential test at length: `node packages/codegen/test/codec/fuzz.mjs [CASES] [SEED]`. */
import { mkdir, rm } from "node:fs/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

const [wanted = "1000000", first = "1"] = process.argv.slice(2)
const outfile = fileURLToPath(new URL(`../../.cache/fuzz-${process.pid}.mjs`, import.meta.url))
await mkdir(new URL("../../.cache/", import.meta.url), { recursive: true })
await build({
  entryPoints: [fileURLToPath(new URL("./differential.ts", import.meta.url))],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  conditions: ["@fleetwire/source"],
  external: ["esbuild", "protobufjs", "ajv"],
  // The bundle stands beside the files that it was made from, so that paths relative to a module stay right.
  define: { "import.meta.url": JSON.stringify(new URL("./differential.ts", import.meta.url).href) },
  logLevel: "error",
})
const { runDifferential } = await import(pathToFileURL(outfile).href)
let cases = 0
let valid = 0
let failed = 0
const began = Date.now()
for (let seed = Number(first); cases < Number(wanted) && failed < 20; seed++) {
  const outcome = await runDifferential({ seed, cases: 2_000, contracts: 8 })
  cases += outcome.cases
  valid += outcome.valid
  failed += outcome.differences.length
  for (const difference of outcome.differences) console.log(JSON.stringify(difference, null, 1))
  process.stderr.write(
    `\rseed ${seed}: ${cases} cases, ${valid} valid, ${failed} differences, ${Math.round((Date.now() - began) / 1000)} s`,
  )
}
await rm(outfile, { force: true })
console.log(`\n${cases} cases, ${valid} of them valid, ${failed} differences`)
process.exit(failed > 0 ? 1 : 0)
