import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { isSdkError } from "@fleetwire/runtime"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"
import { type Program, startProgram } from "../test/car-process.js"
import { normaliseTranscript } from "../test/transcript.js"

let broker: Mosquitto
let entry = ""
const programs = new Set<Program>()
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  entry = await bundleEntry("apps/emulator/src/main.ts")
})
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
  for (const { child } of programs) child.kill("SIGKILL")
  await Promise.all([...programs].map(({ exited }) => exited))
  programs.clear()
  await broker.stop()
})

function run(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Program {
  const program = startProgram(file, args, env)
  programs.add(program)
  return program
}

describe("what is heard beside a run", () => {
  for (const protocol of ["5", "3.1.1"] as const) {
    it(`is every topic of the contract with its QoS, retain flag and payload, at MQTT ${protocol}`, async () => {
      broker = await startMosquitto()
      const { install, port, url } = broker
      const listen = ["-h", "127.0.0.1", "-p", String(port), "-V", "5", "-q", "2", "--retain-as-published"]
      const ear = run(install.subscriber ?? "mosquitto_sub", [...listen, "-F", "%q %r %t %p", "-t", "#"], {
        ...install.env,
      })
      // The broker's own log says when the ear is open.
      await until(() => broker.log.some((line) => /Sending SUBACK/.test(line)))

      const reach = { url, protocol, reconnect: { spreadMs: 0 } }
      const backend = await connectFleet({ ...reach, role: "backend", instance: "script", session: { kind: "clean" } })
      closing.push(() => backend.close())
      const car = run(process.execPath, [
        entry,
        "--url",
        url,
        "--car",
        "car-001",
        "--protocol",
        protocol,
        "--keep-alive",
        "5",
      ])
      await car.line((line) => line === "car-001 ready")
      const { drive, config } = backend.car("car-001")
      await ear.line((line) => line.includes("/telemetry "))

      const parameters = { duration: 1_500, speed: 60 }
      const reply = await drive({ action: "forward", parameters }, { idempotencyKey: "cmd-script-1" })
      expect(reply.status).toBe("success")
      const driving = drive(
        { action: "left", parameters: { duration: 4_000, speed: 20 } },
        { idempotencyKey: "cmd-script-2" },
      )
      const preempted = driving.catch((error: unknown) => error)
      await ear.line((line) => line.includes("cmd-script-2"))
      await drive({ action: "stop", priority: "high" }, { idempotencyKey: "cmd-script-3" })
      expect(isSdkError(await preempted, "preempted")).toBe(true)
      await run(
        install.publisher ?? "mosquitto_pub",
        ["-h", "127.0.0.1", "-p", String(port), "-q", "1", "-t", "iot-car/car-001/command", "-m", INVALID],
        { ...install.env },
      ).exited
      await ear.line((line) => line.includes("/response ") && line.includes("cmd-script-4"))
      await backend.config.set({ version: 1, max_speed: 90 })
      await ear.line((line) => line.includes("/config/reported ") && line.includes('"fleet_version":1'))
      expect(await config.apply({ version: 7, telemetry_interval_ms: 500, max_speed: 50 })).toMatchObject({
        outcome: "applied",
      })
      for await (const _ of backend.broadcast({ action: "stop" }, { idempotencyKey: "cmd-script-5", timeoutMs: 1_000 }))
        break
      await ear.line((line) => line.includes("/diagnostics "))
      car.child.kill("SIGKILL")
      await ear.line((line) => line.includes('"status":"offline"'))
      await new Promise((resolve) => setTimeout(resolve, 200))

      const transcript = normaliseTranscript(ear.lines, Date.now() / 1_000)
      await expect(`${transcript.join("\n")}\n`).toMatchFileSnapshot("../test/wire.golden.txt")
    })
  }
})

const INVALID = '{"id":"cmd-script-4","timestamp":1706169600,"action":"fly"}'

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error("it did not happen in 5 s")
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
