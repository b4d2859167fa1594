// The reference pages of every contract, from its lock: `node tools/setup/run-ts.mjs tools/setup/reference.ts [--check]`
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { emitDocs } from "@fleetwire/codegen"
import { checkFiles, writeFiles } from "@fleetwire/codegen/writer"
import { parseLock } from "@fleetwire/contract"

const root = process.env.FLEETWIRE_ROOT ?? process.cwd()
const check = process.argv.includes("--check")

for (const name of readdirSync(join(root, "schemas")).sort()) {
  const file = join(root, "schemas", name, "contract.lock.json")
  if (!existsSync(file)) continue
  const { lock, diagnostics } = parseLock(readFileSync(file, "utf8"), `schemas/${name}/contract.lock.json`)
  if (lock === undefined) {
    for (const { message } of diagnostics) console.error(message)
    process.exitCode = 1
    continue
  }
  const folder = join(root, "apps/docs/reference", lock.ir.name)
  const pages = emitDocs(lock.ir)
  if (check) {
    const { stale } = await checkFiles(folder, pages)
    for (const { diff } of stale) console.log(diff)
    if (stale.length > 0) process.exitCode = 1
    console.log(`reference of ${lock.ir.name} · ${stale.length === 0 ? "fresh" : "stale: run npm run generate"}`)
  } else {
    const { written, removed } = await writeFiles(folder, pages)
    console.log(`reference of ${lock.ir.name} · ${written.length} written, ${removed.length} removed`)
  }
}
