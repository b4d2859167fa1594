import { type ChildProcess, spawn } from "node:child_process"
import { readdir, readFile } from "node:fs/promises"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"

let entry = ""
const running = new Set<ChildProcess>()

beforeAll(async () => {
  entry = await bundleEntry("apps/demo/src/main.ts")
})
afterEach(() => {
  for (const child of running) child.kill("SIGKILL")
  running.clear()
})

function demo(args: readonly string[]) {
  const child = spawn(process.execPath, ["--enable-source-maps", entry, ...args], { stdio: ["ignore", "pipe", "pipe"] })
  running.add(child)
  let output = ""
  const looking = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8")
    stream.on("data", (text: string) => {
      output += text
      for (const look of looking) look()
    })
  }
  return {
    child,
    output: () => output,
    /** Resolves when the output fits. */
    shows: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!pattern.test(output)) return
          looking.delete(look)
          resolve()
        }
        looking.add(look)
        look()
      }),
    ended: new Promise<number | null>((resolve) => {
      child.once("close", (code) => {
        running.delete(child)
        resolve(code)
      })
    }),
  }
}

/** Processes of this machine whose parent is the given one. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  const found: number[] = []
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "")
    if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) found.push(Number(name))
  }
  return found
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Those that still run after a while: what watches over the broker goes a moment after it. */
async function leftOf(pids: readonly number[]): Promise<readonly number[]> {
  for (let tries = 0; tries < 100 && pids.some(isRunning); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return pids.filter(isRunning)
}

describe("npm start -- --once", () => {
  const rows = [
    { given: [], want: /^\d+ claims proven, on Mosquitto .* with MQTT 5$/m },
    { given: ["--broker", "aedes"], want: /^\d+ claims shown, not proven .*, on aedes .* with MQTT 3\.1\.1$/m },
  ]
  for (const { given, want } of rows) {
    it(`holds every claim and exits 0: ${given.join(" ") || "Mosquitto"}`, async () => {
      const run = demo(["--once", ...given])
      const code = await run.ended
      expect(run.output()).toMatch(want)
      expect(run.output()).not.toContain("✗")
      expect(code).toBe(0)
    }, 90_000)
  }

  it("exits 2 and says how it is used when an option is unknown", async () => {
    const run = demo(["--twice"])
    expect(await run.ended).toBe(2)
    expect(run.output()).toContain("usage: npm start")
  })
})

describe("npm start without a terminal", () => {
  it("prints lines, shows the last will of a car that was cut off, and leaves no process behind", async () => {
    const run = demo([])
    await run.shows(/^\s+car-001\s+online/m)
    const children = await childrenOf(run.child.pid!)
    expect(children.length).toBeGreaterThanOrEqual(4)
    await run.shows(/car-003 was cut off without goodbye; its last will came after \d+ ms/)
    await run.shows(/^\s+car-003\s+offline \(will\)/m)
    expect(run.output()).not.toContain("\u001b[")
    run.child.kill("SIGTERM")
    expect(await run.ended).toBe(0)
    expect(await leftOf(children)).toEqual([])
  }, 60_000)

  it("leaves no process behind when it is killed itself", async () => {
    const run = demo([])
    await run.shows(/^\s+car-001\s+online/m)
    const children = await childrenOf(run.child.pid!)
    run.child.kill("SIGKILL")
    await run.ended
    expect(await leftOf(children)).toEqual([])
  }, 60_000)
})
