import { spawn } from "node:child_process"
import { delimiter, join } from "node:path"
import { root, toolEnvironment } from "./project.mjs"

/**
 * Runs a Node program of this repository, without a shell, and collects what it says. One that is late is ended together
 * with everything that it started.
 *
 * @param {readonly string[]} args script and arguments
 * @param {{ timeoutMs?: number, env?: Record<string, string> }} [options] `timeoutMs`: default 10 minutes
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function runNode(args, { timeoutMs = 600_000, env = {} } = {}) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter)
  const group = process.platform !== "win32"
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: toolEnvironment({ FLEETWIRE_ROOT: root, FORCE_COLOR: "0", NO_COLOR: "1", PATH: path, ...env }),
    stdio: ["ignore", "pipe", "pipe"],
    detached: group,
  })
  const stop = () => {
    try {
      if (group) process.kill(-child.pid, "SIGKILL")
      else child.kill("SIGKILL")
    } catch {
      // It has ended by itself.
    }
  }
  return new Promise((resolve) => {
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk))
    const late = setTimeout(() => {
      output += `\nended after ${timeoutMs / 1000} s without having finished\n`
      stop()
    }, timeoutMs)
    process.once("exit", stop)
    const settle = (ok) => {
      clearTimeout(late)
      process.removeListener("exit", stop)
      resolve({ ok, output })
    }
    child.on("error", (error) => {
      output += `${error.message}\n`
      settle(false)
    })
    child.on("close", (code) => settle(code === 0))
  })
}
