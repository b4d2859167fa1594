import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { provideMosquitto, runCommand, startMosquitto } from "@fleetwire/broker-lab"
import { targets } from "@fleetwire/codegen"
import { afterAll, expect, it } from "vitest"
import { compile } from "./compile.js"

const CAR = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas/iot-car/contract.ts")
const folder = mkdtempSync(join(tmpdir(), "fleetwire-bridge-"))
afterAll(() => rmSync(folder, { recursive: true }))

it("joins two Mosquittos: devices are heard there, controllers are heard here, and nothing else crosses", async () => {
  const { ir } = await compile(CAR)
  const bridge = targets.find(({ name }) => name === "mosquitto-bridge")!
  const { subscriber, publisher, env } = await provideMosquitto()
  const far = await startMosquitto({ listeners: [{ kind: "tcp" }] })
  const [conf] = bridge.emit(ir!, { address: `127.0.0.1:${far.port}`, remotePrefix: "site-7" })
  writeFileSync(join(folder, "bridge.conf"), conf!.text)
  const near = await startMosquitto({ listeners: [{ kind: "tcp" }], settings: { include_dir: folder } })
  try {
    const publish = (port: number, topic: string, payload: string, ...more: string[]) =>
      runCommand(publisher!, ["-p", String(port), "-q", "1", "-t", topic, "-m", payload, ...more], { env })
    const there = await listen(subscriber!, env, far.port)
    const here = await listen(subscriber!, env, near.port)
    await expect
      .poll(
        async () => {
          await publish(near.port, "iot-car/car-001/log", "up")
          await publish(far.port, "site-7/iot-car/car-001/command", "down")
          return [
            there.lines.includes("site-7/iot-car/car-001/log up"),
            here.lines.includes("iot-car/car-001/command down"),
          ]
        },
        { timeout: 20_000, interval: 300 },
      )
      .toEqual([true, true])
    // A command never leaves by the road that telemetry takes, and what is no topic of the contract stays where it is.
    await publish(near.port, "iot-car/car-001/command", "local")
    await publish(near.port, "private/notes", "mine")
    await publish(near.port, "iot-car/car-001/log", "last")
    await expect.poll(() => there.lines.includes("site-7/iot-car/car-001/log last"), { timeout: 10_000 }).toBe(true)
    expect(there.lines.filter((line) => line.endsWith(" local") || line.endsWith(" mine"))).toEqual([])
    there.end()
    here.end()
  } finally {
    await near.stop()
    await far.stop()
  }
})

async function listen(subscriber: string, env: Readonly<Record<string, string>>, port: number) {
  const child = spawn(subscriber, ["-p", String(port), "-v", "-q", "1", "-t", "#"], { env: { ...process.env, ...env } })
  const lines: string[] = []
  child.stdout.on("data", (chunk: Buffer) => lines.push(...chunk.toString().trimEnd().split("\n")))
  return { lines, end: () => child.kill() }
}
