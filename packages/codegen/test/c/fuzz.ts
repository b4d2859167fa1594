// C against TypeScript, as long as one likes: `node tools/setup/run-ts.mjs packages/codegen/test/c/fuzz.ts [CASES] [SEED]`
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { ContractIr } from "@fleetwire/ir"
import { runCDifferential } from "./differential.js"

const cases = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? 1)
const names = ["iot-car", "smart-building", "home", "gpio"]
let valid = 0
for (const [index, name] of names.entries()) {
  const file = join(process.cwd(), "schemas", name, "contract.lock.json")
  const { ir } = JSON.parse(readFileSync(file, "utf8")) as { ir: ContractIr }
  const found = await runCDifferential(ir, seed + index, Math.ceil(cases / names.length))
  valid += found.valid
  console.log(`${name}: ${found.cases} payloads, ${found.valid} valid, ${found.differences.length} differences`)
  for (const difference of found.differences) console.log(difference)
  if (found.differences.length > 0) process.exitCode = 1
}
console.log(`${valid} payloads were valid`)
