import { spawnSync } from "node:child_process"
import { join, resolve } from "node:path"

const root = resolve(process.env.FLEETWIRE_ROOT ?? process.cwd())
// What contracts generate, then what the documentation shows of them: both compare and write nothing.
const checks = [
  [join(root, "tools/setup/fleetwire.mjs"), "generate", "--check"],
  [join(root, "tools/setup/run-ts.mjs"), join(root, "tools/setup/reference.ts"), "--check"],
]
for (const args of checks) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" })
  if (status !== 0) process.exitCode = 1
}
