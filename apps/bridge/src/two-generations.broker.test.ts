import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { type AppFleet, connectFleet } from "@fleetwire/iot-car/controller"
import { connectCar } from "@fleetwire/iot-car/device"
import type { TelemetryInput } from "@fleetwire/iot-car/messages"
import { connectFleet as connectFirst, type AppFleet as FirstAppFleet } from "@fleetwire/iot-car-v1/controller"
import { connectCar as connectFirstCar } from "@fleetwire/iot-car-v1/device"
import type { Telemetry as FirstTelemetry } from "@fleetwire/iot-car-v1/messages"
import { createMixedFleet, versionSource } from "@fleetwire/runtime"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { startBridge } from "./bridge.js"
import { driveEither } from "./drive-either.js"
import { openSqliteStore } from "./sqlite-store.js"

let broker: Mosquitto
let folder = ""
const closing: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleetwire-generations-"))
  broker = await startMosquitto()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
})

const NESTED: TelemetryInput = {
  battery: 80,
  sensors: {
    distance_front: 100,
    distance_rear: 200,
    temperature: 21,
    gps: { latitude: 52.5, longitude: 13.4, altitude: 30 },
  },
  status: { motors: "idle", wifi_rssi: -50, uptime: 7 },
}

/** What a dashboard shows of a car, whichever generation it is. */
interface Glance {
  readonly battery: number | undefined
  readonly ahead: number | undefined
}

const glanceOfFirst = ({ battery, distance_front, distance }: FirstTelemetry): Glance => ({
  battery,
  ahead: distance_front ?? distance,
})

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 800) throw new Error("it did not happen in 8 s")
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Cars of the first generation speak 3.1.1; what reads them may speak either. */
describe.each(["3.1.1", "5"] as const)("cars of two generations in one fleet, at MQTT %s", (protocol) => {
  const reach = () => ({ url: broker.url, protocol, topicPrefix: "mixed" })

  async function cars() {
    const driven: string[] = []
    const first = await connectFirstCar({ ...reach(), protocol: "3.1.1", carId: "car-001" })
    first.drive.handle(({ action, speed }) => {
      driven.push(`first ${action} ${speed ?? 80}`)
      return { message: "as told" }
    })
    const second = await connectCar({ ...reach(), carId: "car-002" })
    second.drive.handle(({ action, parameters }) => {
      driven.push(`second ${action} ${parameters?.speed ?? ""}`.trim())
      return { message: "as told" }
    })
    closing.push(
      () => first.close(),
      () => second.close(),
    )
    return { first, second, driven }
  }

  async function apps(): Promise<{ v1: FirstAppFleet; v2: AppFleet }> {
    const [v1, v2] = await Promise.all([
      connectFirst({ ...reach(), role: "app" }),
      connectFleet({ ...reach(), role: "app" }),
    ])
    closing.push(
      () => v1.close(),
      () => v2.close(),
    )
    return { v1, v2 }
  }

  it("are read as one stream and driven each in its own words", async () => {
    const { first, second, driven } = await cars()
    const { v1, v2 } = await apps()
    const fleet = createMixedFleet<"v1" | "v2">()
    const seen = new Map<string, string>()
    const reading = fleet.read<Glance>(
      {
        v1: versionSource(v1.telemetry, "carId", glanceOfFirst),
        v2: versionSource(
          v2.telemetry,
          "carId",
          ({ battery, sensors }): Glance => ({ battery, ahead: sensors.distance_front }),
        ),
      },
      ({ device, version, message }) => void seen.set(device, `${version} ${message.battery} ${message.ahead}`),
    )
    await reading.ready
    const drive = driveEither(fleet, { v1, v2, now: () => Date.now() })
    await expect(drive("car-001")({ action: "forward", parameters: { speed: 20 } })).rejects.toMatchObject({
      code: "unavailable",
      sent: false,
    })

    await first.telemetry.publish({ battery: 55, distance_front: 45.5 })
    await second.telemetry.publish(NESTED)
    await until(() => seen.size === 2)
    expect([...seen].sort()).toEqual([
      ["car-001", "v1 55 45.5"],
      ["car-002", "v2 80 100"],
    ])
    await first.telemetry.publish({ distance: 44, temp: 28 })
    await until(() => seen.get("car-001") === "v1 undefined 44")

    expect(await drive("car-001")({ action: "forward", parameters: { speed: 20 } })).toMatchObject({
      status: "success",
    })
    expect(await drive("car-002")({ action: "forward", parameters: { speed: 30 } })).toMatchObject({
      status: "success",
    })
    const old = await drive("car-001")({ action: "left" })
    expect(old).toMatchObject({ status: "success", message: "as told", execution_time_ms: expect.any(Number) })
    // Unix time, and not since the car's start.
    expect(old.timestamp).toBeGreaterThan(1_700_000_000)
    expect(driven).toEqual(["first forward 20", "second forward 30", "first left 80"])

    // Each client skipped the other's messages and called none of them invalid.
    const counts = ({ counters: { invalid, otherVersion } }: FirstAppFleet | AppFleet) => ({
      invalid,
      others: otherVersion > 0,
    })
    expect([counts(v1), counts(v2)]).toEqual([
      { invalid: 0, others: true },
      { invalid: 0, others: true },
    ])
  })

  it("are present to one view, also by the shortest goodbye", async () => {
    await cars()
    const { v1, v2 } = await apps()
    await until(() => ["car-001", "car-002"].every((car) => v1.presence.get(car).state === "online"))
    await sayByHand("mixed/iot-car/car-009/status", '{"status":"offline"}')
    await until(() => v1.presence.get("car-009").state === "offline")
    expect(v2.presence.get("car-009").state).toBe("unknown")
    expect(v2.counters.invalid).toBe(0)
  })

  it("keep a phone of the first generation from being misread: the newer car stops and says why", async () => {
    const { driven } = await cars()
    const { v1, v2 } = await apps()
    const failed = await v1
      .car("car-002")
      .drive({ action: "forward", speed: 20 }, { timeoutMs: 1_000 })
      .catch((error: unknown) => error)
    // The answer is the second generation's: the phone cannot read it, and only Correlation Data tells that it is there.
    expect(failed).toMatchObject({ code: protocol === "5" ? "invalid_payload" : "timeout" })
    await until(() => driven.includes("second stop"))
    expect(driven).not.toContain("second forward 80")
    await v2
      .car("car-001")
      .drive({ action: "stop" }, { timeoutMs: 500 })
      .catch(() => {})
    await until(() => driven.includes("first stop 80"))
  })

  it("are stored side by side by one bridge, each message once", async () => {
    const store = await openSqliteStore({ file: join(folder, "fleet.db") })
    closing.push(() => store.close())
    const bridge = await startBridge({ ...reach(), store, firstGeneration: true })
    closing.push(() => bridge.close())
    const { first, second } = await cars()
    const { v1, v2 } = await apps()
    await first.telemetry.publish({ battery: 55, distance_front: 45 })
    await first.log.publish({ level: "info", message: "old and well" })
    await second.telemetry.publish(NESTED)
    await v1.car("car-001").drive({ action: "left", speed: 10 })
    await v2.car("car-002").drive({ action: "right" })

    const legs = async () => (await store.history({ limit: 100 })).map(({ device, leg }) => `${device} ${leg}`).sort()
    const want = [
      "car-001 status.message",
      "car-001 v1.drive.reply",
      "car-001 v1.drive.request",
      "car-001 v1.log.message",
      "car-001 v1.telemetry.message",
      "car-002 drive.reply",
      "car-002 drive.request",
      "car-002 status.message",
      "car-002 telemetry.message",
    ]
    await until(async () => (await legs()).length >= want.length)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await legs()).toEqual(want)
    const devices = (await (await fetch(`${bridge.httpUrl}/devices`)).json()) as { devices: unknown }
    expect(devices).toMatchObject({
      devices: [
        { device: "car-001", presence: "online" },
        { device: "car-002", presence: "online" },
      ],
    })
    const csv = await (await fetch(`${bridge.httpUrl}/export.csv?channel=telemetry`)).text()
    expect(csv).toContain(",car-001,v1.telemetry.message.battery,55\r\n")
    expect(csv).toContain(",car-002,telemetry.message.battery,80\r\n")
  })
})

/** Says it with Mosquitto's own client, which no contract holds back. */
async function sayByHand(topic: string, payload: string): Promise<void> {
  const { install, port } = broker
  if (install.publisher === undefined) throw new Error("this Mosquitto came without mosquitto_pub")
  const args = ["-h", "127.0.0.1", "-p", String(port), "-t", topic, "-m", payload]
  await promisify(execFile)(install.publisher, args, { env: { ...process.env, ...install.env } })
}
