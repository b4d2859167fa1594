// Builds the documentation site into apps/docs/.vitepress/dist. A dead link fails it.
import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { root, toolEnvironment } from "./project.mjs"

const docs = join(root, "apps/docs")
const manifest = createRequire(join(docs, "package.json")).resolve("vitepress/package.json")
const { status } = spawnSync(process.execPath, [join(dirname(manifest), "bin/vitepress.js"), "build", docs], {
  cwd: docs,
  env: toolEnvironment(),
  stdio: "inherit",
})
process.exit(status ?? 1)
