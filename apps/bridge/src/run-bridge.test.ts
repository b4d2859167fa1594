import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "@fleetwire/broker-lab"
import { expect, it, onTestFinished } from "vitest"
import { runBridge } from "./run-bridge.js"

it("stops when it is asked to while no broker is there yet, at once and in good order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwire-bridge-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const said: string[] = []
  const write = (text: string) => said.push(text)
  const started = performance.now()
  const code = await runBridge(["--url", `mqtt://127.0.0.1:${await freePort()}`, "--db", join(folder, "b.db")], {
    stdout: { write },
    stderr: { write },
    stopRequested: () => new Promise((resolve) => setTimeout(() => resolve("SIGTERM"), 100)),
  })
  expect([code, said]).toEqual([0, ["bridge stopped before it was ready\n"]])
  expect(performance.now() - started).toBeLessThan(10_000)
})
