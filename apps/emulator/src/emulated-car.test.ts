import { connectFleet } from "@fleetwire/iot-car/controller"
import { isSdkError, type ProtocolVersion } from "@fleetwire/runtime"
import { type ManualClock, manualClock, memoryBroker, seededRandom } from "@fleetwire/runtime/testing"
import { describe, expect, it } from "vitest"
import { createEmulatedCar, type EmulatedCar } from "./emulated-car.js"
import { createScheduler } from "./scheduler.js"
import { createWorld } from "./world.js"

interface Said {
  readonly topic: string
  readonly text: string
  readonly qos: number
  readonly retain: boolean
}

/** A car, a broker in memory that is tapped, and time that the test moves. */
function rig(over: { readonly protocol?: ProtocolVersion; readonly seed?: number } = {}) {
  const clock = manualClock()
  const broker = memoryBroker({ clock })
  const said: Said[] = []
  broker.tap(({ topic, payload, qos, retain }) =>
    said.push({ topic, text: new TextDecoder().decode(payload), qos, retain }),
  )
  const reach = { url: "mqtt://memory", protocol: over.protocol ?? "5", transport: broker.transport, clock } as const
  const troubles: unknown[] = []
  const car = createEmulatedCar({
    ...reach,
    random: seededRandom(1),
    carId: "car-001",
    seed: over.seed ?? 1,
    onTrouble: (error) => troubles.push(error),
  })
  const on = (topic: string) => said.filter((one) => one.topic === `iot-car/car-001/${topic}`)
  return { clock, broker, said, car, on, troubles, reach }
}

async function started(made: { readonly clock: ManualClock; readonly car: EmulatedCar }): Promise<void> {
  const starting = made.car.start()
  await made.clock.advance(10)
  await starting
}

async function backendOf({ reach, clock }: ReturnType<typeof rig>) {
  const connecting = connectFleet({
    ...reach,
    random: seededRandom(2),
    role: "backend",
    instance: "test",
    session: { kind: "clean" },
  })
  await clock.advance(1_000)
  return connecting
}

describe("createEmulatedCar", () => {
  it("says online, then reports every second, and says offline at the end", async () => {
    const made = rig()
    await started(made)
    await made.clock.advance(5_000)
    expect(made.on("status").map(({ text, qos, retain }) => [JSON.parse(text).status, qos, retain])).toEqual([
      ["online", 1, true],
    ])
    expect(made.on("telemetry")).toHaveLength(5)
    const stopping = made.car.stop()
    await made.clock.advance(1_000)
    await stopping
    expect(JSON.parse(made.on("status").at(-1)!.text).status).toBe("offline")
    expect(made.troubles).toEqual([])
    // The broker's own: the expiry of the session that it keeps.
    expect(made.clock.pending).toBe(1)
  })

  it("says each scalar once, and again when it changed enough", async () => {
    const made = rig()
    await started(made)
    await made.clock.advance(3_000)
    for (const topic of ["sensors/gps/latitude", "sensors/gps/longitude", "sensors/battery", "sensors/temperature"]) {
      const [first, ...more] = made.on(topic)
      expect([topic, first?.qos, first?.retain, more.length]).toEqual([topic, 0, true, 0])
      expect(first?.text).toMatch(/^-?\d+(\.\d+)?$/)
    }
    await made.clock.advance(120_000)
    expect(made.on("sensors/battery").length).toBeGreaterThan(1)
  })

  it("drives for the duration that a command asks for, and answers with the time it took", async () => {
    const made = rig()
    await started(made)
    const backend = await backendOf(made)
    const before = made.car.state()
    const call = backend.car("car-001").drive({ action: "forward", parameters: { duration: 800, speed: 100 } })
    await made.clock.advance(2_000)
    const reply = await call
    expect(reply).toMatchObject({ status: "success", message: "forward done" })
    expect(reply.execution_time_ms).toBe(800)
    expect(made.car.state().odometer).toBeGreaterThan(before.odometer)
    expect(made.car.state().motion.action).toBe("stop")
  })

  it("drives until the next command where no duration is asked for", async () => {
    const made = rig()
    await started(made)
    const backend = await backendOf(made)
    const call = backend.car("car-001").drive({ action: "left" })
    await made.clock.advance(100)
    expect((await call).message).toBe("left until the next command")
    await made.clock.advance(9_000)
    expect(made.car.state().motion).toEqual({ action: "left", speed: 80 })
  })

  it("stops in mid-drive: the stop succeeds, the drive was pre-empted", async () => {
    const made = rig()
    await started(made)
    const backend = await backendOf(made)
    const drive = backend.car("car-001").drive({ action: "forward", parameters: { duration: 4_000, speed: 50 } })
    const ended = drive.catch((error: unknown) => error)
    await made.clock.advance(500)
    expect(made.car.state().motion.action).toBe("forward")
    const stop = backend.car("car-001").drive({ action: "stop" })
    await made.clock.advance(50)
    expect((await stop).status).toBe("success")
    expect(isSdkError(await ended, "preempted")).toBe(true)
    expect(made.car.state().motion.action).toBe("stop")
  })

  const invalid = [
    { given: '{"id":"x1","timestamp":1,"action":"fly"}', want: ["error", "x1"] },
    { given: '{"id":"x1","timestamp":1}', want: ["error", "x1"] },
    { given: '{"timestamp":1,"action":"forward"}', want: [] },
    { given: "not json", want: [] },
    { given: "", want: [] },
  ]
  for (const { given, want } of invalid) {
    it(`stops for ${given || "an empty payload"} and ${want.length > 0 ? "answers an error" : "answers nobody"} at MQTT 3.1.1`, async () => {
      const made = rig({ protocol: "3.1.1" })
      await started(made)
      const backend = await backendOf(made)
      const drive = backend.car("car-001").drive({ action: "left", parameters: { duration: 4_000, speed: 50 } })
      const ended = drive.catch((error: unknown) => error)
      await made.clock.advance(200)
      made.broker.publish({ topic: "iot-car/car-001/command", qos: 1, payload: new TextEncoder().encode(given) })
      await made.clock.advance(200)
      expect(made.car.state().motion.action).toBe("stop")
      expect(isSdkError(await ended, "preempted")).toBe(true)
      const [, ...rest] = made.on("response").map(({ text }) => JSON.parse(text))
      const answers = [...made.on("response").map(({ text }) => JSON.parse(text))].filter(
        (reply) => reply.command_id === "x1",
      )
      expect(answers.flatMap((reply) => [reply.status, reply.command_id])).toEqual(want)
      expect(rest.length).toBe(want.length > 0 ? 1 : 0)
    })
  }

  it("applies a config, reports it, and goes by it", async () => {
    const made = rig()
    await started(made)
    const backend = await backendOf(made)
    const applying = backend.car("car-001").config.apply({ version: 4, telemetry_interval_ms: 100, max_speed: 40 })
    await made.clock.advance(1_000)
    expect(await applying).toMatchObject({ version: 4, outcome: "applied" })
    const before = made.on("telemetry").length
    await made.clock.advance(1_000)
    expect(made.on("telemetry").length - before).toBe(10)
    const driving = backend.car("car-001").drive({ action: "forward", parameters: { duration: 500, speed: 100 } })
    await made.clock.advance(200)
    expect(made.car.state().motion.speed).toBe(40)
    await made.clock.advance(1_000)
    await driving
  })

  it("rejects a format that MQTT 3.1.1 cannot name", async () => {
    const made = rig({ protocol: "3.1.1" })
    await started(made)
    const backend = await backendOf(made)
    await backend.car("car-001").config.set({ version: 1, reporting: "protobuf" })
    await made.clock.advance(1_000)
    const report = JSON.parse(made.on("config/reported").at(-1)!.text)
    expect(report).toMatchObject({ version: 1, outcome: "rejected" })
    expect(made.car.settings.reporting).toBe("json")
  })

  it("leaves its last will when it is cut off, and moves no more", async () => {
    const made = rig()
    await started(made)
    made.car.cut()
    await made.clock.advance(100)
    expect(made.on("status").map(({ text }) => JSON.parse(text).status)).toEqual(["online", "offline"])
    const heard = made.said.length
    await made.clock.advance(10_000)
    expect(made.said.length).toBe(heard)
  })

  it("repeats a whole run bit for bit", async () => {
    const run = async (seed: number): Promise<readonly Said[]> => {
      const made = rig({ seed })
      await started(made)
      const backend = await backendOf(made)
      for (const action of ["forward", "left", "forward", "backward"] as const) {
        const call = backend.car("car-001").drive({ action, parameters: { duration: 700, speed: 90 } })
        await made.clock.advance(1_500)
        await call
      }
      return made.said
    }
    const first = await run(5)
    expect(await run(5)).toEqual(first)
    expect(await run(6)).not.toEqual(first)
  })

  it("keeps one timer of the clock for the motion of a hundred cars", async () => {
    const clock = manualClock()
    const broker = memoryBroker({ clock })
    const scheduler = createScheduler(clock)
    const world = createWorld(1)
    const cars = Array.from({ length: 100 }, (_, index) =>
      createEmulatedCar({
        url: "mqtt://memory",
        transport: broker.transport,
        clock,
        random: seededRandom(index),
        scheduler,
        world,
        carId: `car-${String(index + 1).padStart(3, "0")}`,
      }),
    )
    const idle = clock.pending
    const starting = cars.map((car) => car.start())
    await clock.advance(10)
    await Promise.all(starting)
    const connected = clock.pending
    await clock.advance(2_000)
    expect(scheduler.size).toBe(100)
    expect(clock.pending).toBeLessThanOrEqual(connected)
    expect(idle).toBe(0)
    const stopping = cars.map((car) => car.stop())
    await clock.advance(1_000)
    await Promise.all(stopping)
  })
})
