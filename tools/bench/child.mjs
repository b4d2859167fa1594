import { spawn } from "node:child_process"
import { createInterface } from "node:readline"

/**
 * A process of a benchmark: it says `ready` when it is, and one line of JSON for each thing that it found out.
 *
 * @param {string} file bundled module
 * @param {readonly string[]} args
 * @param {readonly string[]} [nodeOptions]
 */
export function startChild(file, args, nodeOptions = []) {
  const child = spawn(process.execPath, [...nodeOptions, file, ...args], { stdio: ["pipe", "pipe", "inherit"] })
  /** @type {string[]} */
  const lines = []
  /** @type {((line: string | undefined) => void)[]} */
  const waiting = []
  let over = false
  createInterface({ input: child.stdout }).on("line", (line) => {
    const next = waiting.shift()
    if (next === undefined) lines.push(line)
    else next(line)
  })
  const exited = new Promise((resolve) => {
    child.on("exit", (code) => {
      over = true
      for (const next of waiting.splice(0)) next(undefined)
      resolve(code)
    })
  })
  const line = () =>
    new Promise((resolve, reject) => {
      const take = (/** @type {string | undefined} */ text) =>
        text === undefined ? reject(new Error(`${file} ended before it said anything`)) : resolve(text)
      const known = lines.shift()
      if (known !== undefined || over) take(known)
      else waiting.push(take)
    })
  return {
    exited,
    /** The next line that it says. */
    line,
    /** Waits for `ready`. */
    async ready() {
      const said = await line()
      if (said !== "ready") throw new Error(`${file} said ${said} instead of ready`)
    },
    /** The next line as JSON. */
    async result() {
      return JSON.parse(await line())
    },
    /** Says a line to it. */
    tell(/** @type {string} */ text) {
      child.stdin.write(`${text}\n`)
    },
    /** Its memory in octets as the system counts it, where the system says so. */
    pid: child.pid,
    async end() {
      child.kill("SIGTERM")
      await exited
    },
  }
}
