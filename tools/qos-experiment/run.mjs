/*
 * The QoS experiment: `node tools/qos-experiment/run.mjs`. Prints its tables from real brokers that are killed and
 * restarted in mid-stream; takes about fifteen seconds.
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const args = [at("../setup/run-ts.mjs"), at("src/main.ts"), ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1
