// The checks from their sources: `node tools/checks/run.mjs [layers cycles shape words clauses changesets]`
import { spawnSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const runner = join(root, "tools/setup/run-ts.mjs")
const entry = join(root, "tools/checks/src/main.ts")
const { status } = spawnSync(process.execPath, [runner, entry, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
})
process.exit(status ?? 1)
