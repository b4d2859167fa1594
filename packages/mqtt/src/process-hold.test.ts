import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { freePort, startScriptedBroker } from "@fleetwire/broker-lab"
import { build } from "esbuild"
import { afterAll, beforeAll, expect, it } from "vitest"

let directory = ""
let program = ""

beforeAll(async () => {
  const bundle = await build({
    stdin: {
      contents: `
        import { openLink } from "../test/open-link.js"
        const [url, then] = process.argv.slice(2)
        const reconnect = { enabled: true, spreadMs: 0, baseMs: 600, capMs: 600, stableMs: 0 }
        const unref = { now: Date.now, monotonic: () => performance.now(), after(ms, run) {
          const timer = setTimeout(run, ms).unref()
          return () => clearTimeout(timer)
        } }
        const peer = openLink({ url, clientId: "c", reconnect, clock: unref })
        if (then === "close-when-connected") peer.connection().then(() => peer.link.close({ deadlineMs: 100 }))
        if (then === "close-while-waiting") peer.disconnection().then(() => peer.link.close())
        if (then === "exit-at-second-failure") {
          const poll = setInterval(() => {
            if (peer.disconnected.length < 2) return
            process.stdout.write("tried twice")
            process.exit(0)
          }, 5).unref()
        }`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      loader: "js",
    },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    conditions: ["@fleetwire/source"],
  })
  directory = await mkdtemp(join(tmpdir(), "fleetwire-link-"))
  program = join(directory, "link.cjs")
  await writeFile(program, bundle.outputFiles[0]!.text)
})

afterAll(() => rm(directory, { recursive: true, force: true }))

async function run(url: string, then: string): Promise<{ readonly stdout: string; readonly tookMs: number }> {
  const start = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, [program, url, then], { timeout: 8000 })
  return { stdout, tookMs: performance.now() - start }
}

it("lets the process end once a link is closed", async () => {
  const broker = await startScriptedBroker()
  const ended = run(broker.url, "close-when-connected")
  const client = await broker.nextPeer()
  await client.accept()
  await client.expect("disconnect")
  client.end()
  expect((await ended).tookMs).toBeLessThan(5000)
  await broker.close()
})

it("lets the process end once a link is closed that never connected", async () => {
  expect((await run(`mqtt://127.0.0.1:${await freePort()}`, "close-while-waiting")).tookMs).toBeLessThan(5000)
})

it("keeps the process alive while it waits for its next attempt", async () => {
  const { stdout } = await run(`mqtt://127.0.0.1:${await freePort()}`, "exit-at-second-failure")
  expect(stdout).toBe("tried twice")
})
