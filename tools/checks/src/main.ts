import { resolve } from "node:path"
import { checkChangesets } from "./check-changesets.js"
import { checkClauses } from "./check-clauses.js"
import { checkCycles } from "./check-cycles.js"
import { checkLayers } from "./check-layers.js"
import { checkShape } from "./check-shape.js"
import { checkWords } from "./check-words.js"
import { type Finding, formatFinding } from "./finding.js"

const checks: Readonly<Record<string, (root: string) => Finding[]>> = {
  layers: checkLayers,
  cycles: checkCycles,
  shape: checkShape,
  words: checkWords,
  clauses: checkClauses,
  changesets: checkChangesets,
}

const root = resolve(process.env.FLEETWIRE_ROOT ?? process.cwd())
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => checks[name] === undefined)
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(", ")}; there are ${Object.keys(checks).join(", ")}`)
  process.exit(2)
}
for (const name of asked.length > 0 ? asked : Object.keys(checks)) {
  const findings = checks[name]!(root)
  console.log(`${findings.length === 0 ? "pass" : "fail"} ${name}`)
  for (const finding of findings) console.log(`  ${formatFinding(finding)}`)
  if (findings.length > 0) process.exitCode = 1
}
