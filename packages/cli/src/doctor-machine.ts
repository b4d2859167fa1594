import { execFile } from "node:child_process"
import { provideMosquitto } from "@fleetwire/broker-lab"
import { bad, type DoctorCheck, good } from "./doctor-check.js"

const OLDEST_NODE = 20
const COMMAND_TIMEOUT_MS = 5_000

/** What is installed here: Node, a package manager, a Mosquitto for tests and attacks. */
export async function checkMachine(): Promise<readonly DoctorCheck[]> {
  return Promise.all([checkNode(), checkPnpm(), checkMosquitto()])
}

async function checkNode(): Promise<DoctorCheck> {
  const { node } = process.versions
  return Number(node.split(".")[0]) >= OLDEST_NODE
    ? good("node", node)
    : bad("node", "error", node, `install Node ${OLDEST_NODE} or later`)
}

async function checkPnpm(): Promise<DoctorCheck> {
  const version = await new Promise<string | undefined>((resolve) => {
    execFile("pnpm", ["--version"], { timeout: COMMAND_TIMEOUT_MS }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    )
  })
  return version === undefined
    ? bad("pnpm", "unknown", "not found", "nothing to do: npm and npx do as well")
    : good("pnpm", version)
}

async function checkMosquitto(): Promise<DoctorCheck> {
  try {
    const { version, kind, dynamicSecurity } = await provideMosquitto({ ways: ["system", "cache"], download: false })
    const plugin = dynamicSecurity === undefined ? ", without dynamic security" : ""
    const found = `${version}, ${kind === "system" ? "installed" : "in the cache"}${plugin}`
    return version.startsWith("2.")
      ? good("mosquitto", found)
      : bad("mosquitto", "warning", found, "rules and tests are for Mosquitto 2: install that")
  } catch {
    return bad(
      "mosquitto",
      "unknown",
      "none here",
      "nothing to do: `fleetwire access --attack` fetches one where it can",
    )
  }
}
