// npm start: from a bare clone to a fleet that speaks, without root and without leaving a trace outside the project.
import { spawn } from "node:child_process"

const [major] = process.versions.node.split(".").map(Number)
if (major < 20) {
  console.error(`Fleetwire needs Node 20 or later; this is ${process.version}.`)
  process.exit(1)
}

const { ensureInstalled } = await import("./install.mjs")
const began = Date.now()
const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`

console.log("fleetwire · looking at dependencies")
const installation = await ensureInstalled()
if (!installation.ok) {
  console.error(`fleetwire · the dependencies could not be installed (${seconds()}); the lines above say why`)
  process.exit(1)
}
console.log(`fleetwire · dependencies ${installation.installed ? "installed" : "are there"} (${seconds()})`)

const { bundleEntry } = await import("./run-ts.mjs")
let file
try {
  file = await bundleEntry("apps/demo/src/main.ts")
} catch (error) {
  console.error(`fleetwire · ${error.message}`)
  process.exit(1)
}
console.log(`fleetwire · sources bundled (${seconds()})`)

const child = spawn(process.execPath, ["--enable-source-maps", file, ...process.argv.slice(2)], { stdio: "inherit" })
// The terminal sends Ctrl-C to both; the fleet says goodbye on its own, and this process waits for it.
process.on("SIGINT", () => {})
process.on("SIGTERM", () => child.kill("SIGTERM"))
child.on("error", (error) => {
  console.error(`fleetwire · ${error.message}`)
  process.exit(1)
})
child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)))
