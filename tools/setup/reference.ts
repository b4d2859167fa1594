// The reference pages of the site: every contract, from its lock, and the diagnostics of the language.
// `node tools/setup/run-ts.mjs tools/setup/reference.ts [--check]`
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { emitDocs, type RenderedFile } from "@fleetwire/codegen"
import { checkFiles, writeFiles } from "@fleetwire/codegen/writer"
import { diagnosticCodes, parseLock } from "@fleetwire/contract"
import { comparisonPage } from "./comparison-page.js"
import { diagnosticsPage } from "./diagnostics-page.js"

const root = process.env.FLEETWIRE_ROOT ?? process.cwd()
const check = process.argv.includes("--check")

await bring("diagnostics", [diagnosticsPage(diagnosticCodes)])
await bring("comparison", [comparisonPage()])
for (const name of readdirSync(join(root, "schemas")).sort()) {
  const file = join(root, "schemas", name, "contract.lock.json")
  if (!existsSync(file)) continue
  const { lock, diagnostics } = parseLock(readFileSync(file, "utf8"), `schemas/${name}/contract.lock.json`)
  for (const { message } of diagnostics) console.error(message)
  if (lock === undefined) process.exitCode = 1
  else await bring(name, emitDocs(lock.ir))
}

/** Writes the pages of a folder of the reference, or compares them. */
async function bring(name: string, pages: readonly RenderedFile[]): Promise<void> {
  const folder = join(root, "apps/docs/reference", name)
  if (!check) {
    const { written, removed } = await writeFiles(folder, pages)
    console.log(`reference of ${name} · ${written.length} written, ${removed.length} removed`)
    return
  }
  const { stale } = await checkFiles(folder, pages)
  for (const { diff } of stale) console.log(diff)
  if (stale.length > 0) process.exitCode = 1
  console.log(`reference of ${name} · ${stale.length === 0 ? "fresh" : "stale: run npm run generate"}`)
}
