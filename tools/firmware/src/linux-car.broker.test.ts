import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startMosquitto } from "@fleetwire/broker-lab"
import {
  execSubject,
  formatScoreCard,
  loadScenarios,
  parseProfile,
  scenarioFolder,
  scoreCard,
  verify,
} from "@fleetwire/conformance"
import { parseLock } from "@fleetwire/contract"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { afterAll, describe, expect, it } from "vitest"
import { buildLinuxCar, type CarLink, type LinuxCar } from "./build-linux-car.js"
import { provideOrSkip, type Skippable } from "./provide-or-skip.js"

const schema = new URL("../../../schemas/iot-car/", import.meta.url)
const cars = new Map<CarLink, Promise<LinuxCar>>()
const started: ChildProcess[] = []

afterAll(async () => {
  for (const child of started) child.kill("SIGKILL")
  for (const car of await Promise.allSettled(cars.values()))
    if (car.status === "fulfilled") await rm(car.value.program, { force: true })
})

/** The car on a client library, compiled once. */
async function built(test: Skippable, link: CarLink): Promise<LinuxCar> {
  const car = cars.get(link) ?? buildLinuxCar(link)
  cars.set(link, car)
  const [found] = await Promise.allSettled([car])
  // What the compiler refuses is a defect, not something that this machine lacks.
  if (found.status === "rejected" && (found.reason as Error).message.startsWith("gcc:")) throw found.reason
  return provideOrSkip(test, () => car)
}

function drive(car: LinuxCar, port: number, ...more: readonly string[]): ChildProcess {
  const args = ["--host", "127.0.0.1", "--port", `${port}`, "--id", "car-001", "--spread", "0", ...more]
  const child = spawn(car.program, args, { env: { ...process.env, ...car.env }, stdio: ["ignore", "ignore", "pipe"] })
  started.push(child)
  return child
}

/**
 * What the kit may ask of a client library. PubSubClient says nothing of SUBACK and PUBACK, and publishes at QoS 0. coreMQTT
 * ends the connection at a message that is larger than its buffer, and at QoS 1 the broker sends that again: keep such
 * messages out by the broker's limit.
 */
const CAPABILITIES: Readonly<Record<CarLink, NonNullable<Parameters<typeof verify>[0]["capabilities"]>>> = {
  libmosquitto: ["publishDone", "publishQos", "subscribeQos", "fragments"],
  coremqtt: ["publishDone", "publishQos", "subscribeQos"],
  pubsubclient: ["subscribeQos", "fragments"],
}

describe.each<CarLink>(["libmosquitto", "coremqtt", "pubsubclient"])("a car on %s", (link) => {
  it("is driven by the generated controller through Mosquitto", { timeout: 600_000 }, async (test) => {
    const car = await built(test, link)
    const broker = await startMosquitto()
    const child = drive(car, Number(new URL(broker.url).port))
    const fleet = await connectFleet({ url: broker.url, protocol: "3.1.1", role: "backend", instance: "test" })
    try {
      await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("online")
      const reach = fleet.car("car-001")

      const short = await reach.drive({ action: "forward", parameters: { duration: 50, speed: 30 } })
      expect(short).toMatchObject({ status: "success", message: "arrived" })
      expect(short.execution_time_ms).toBeGreaterThanOrEqual(50)

      const long = reach.drive({ action: "left", parameters: { duration: 60_000, speed: 30 } })
      const refused = expect(long).rejects.toMatchObject({ code: "preempted", mayHaveRun: true })
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(await reach.drive({ action: "stop" })).toMatchObject({ status: "success", message: "stopped" })
      await refused

      for await (const { message } of fleet.telemetry()) {
        expect(message).toMatchObject({
          device_id: "car-001",
          sensors: { temperature: 31.5, gps: { latitude: 52.520008 } },
        })
        break
      }

      expect(await reach.config.apply({ version: 1, max_speed: 40 })).toMatchObject({ version: 1, outcome: "applied" })

      child.kill("SIGTERM")
      await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("offline")
      expect(child.exitCode ?? 0).toBe(0)
    } finally {
      child.kill("SIGKILL")
      await fleet.close()
      await broker.stop()
    }
  })

  it("answers after kill -9 what its journal knows: interrupted, and the same reply again", {
    timeout: 600_000,
  }, async (test) => {
    const car = await built(test, link)
    const broker = await startMosquitto()
    const folder = await mkdtemp(join(tmpdir(), "linux-car-"))
    const port = Number(new URL(broker.url).port)
    let child = drive(car, port, "--store", join(folder, "journal"))
    const fleet = await connectFleet({ url: broker.url, protocol: "3.1.1", role: "backend", instance: "test" })
    try {
      await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("online")
      const reach = fleet.car("car-001")
      const first = await reach.drive({
        id: "once",
        timestamp: 1,
        action: "forward",
        parameters: { duration: 1, speed: 1 },
      })
      const cut = reach.drive({ action: "left", parameters: { duration: 60_000, speed: 30 } }, { timeoutMs: 20_000 })
      const interrupted = expect(cut).rejects.toMatchObject({ code: "interrupted" })
      await new Promise((resolve) => setTimeout(resolve, 200))
      child.kill("SIGKILL")
      await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("offline")
      child = drive(car, port, "--store", join(folder, "journal"))
      await interrupted
      await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("online")
      const again = await reach.drive({
        id: "once",
        timestamp: 1,
        action: "forward",
        parameters: { duration: 1, speed: 1 },
      })
      expect(again).toEqual(first)
    } finally {
      child.kill("SIGKILL")
      await fleet.close()
      await broker.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it("passes the conformance kit with no failed clause, faults included", { timeout: 600_000 }, async (test) => {
    const car = await built(test, link)
    const { lock } = parseLock(await readFile(new URL("contract.lock.json", schema), "utf8"), "contract.lock.json")
    const profile = parseProfile(await readFile(new URL("conformance.yaml", schema), "utf8"))
    const env = Object.entries(car.env).map(([name, value]) => `${name}=${value}`)
    const options =
      "--host {host} --port {port} --id {id} --prefix {prefix} --store {store} --keepalive {keepalive} --spread {spread}"
    const results = await verify({
      ir: lock!.ir,
      side: "device",
      scenarios: await loadScenarios(scenarioFolder()),
      profile,
      mqtt: ["3.1.1"],
      features: ["store", "prefix"],
      // Both libraries acknowledge by themselves, libmosquitto before it delivers.
      capabilities: CAPABILITIES[link],
      start: execSubject(["env", ...env, car.program, options].join(" "), "/"),
      concurrency: 6,
    })
    const card = scoreCard(lock!.ir.name, "device", results)
    expect(card.sums.fail, formatScoreCard(card)).toBe(0)
    // What a library cannot do is not applicable, and never passed (Z-3).
    expect(card.sums.pass).toBeGreaterThanOrEqual(link === "pubsubclient" ? 30 : 36)
  })
})
