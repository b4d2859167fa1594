import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"
import { type Program, startProgram } from "../test/car-process.js"
import { type Heard, parseHeard } from "../test/transcript.js"

let broker: Mosquitto
let entry = ""
const programs = new Set<Program>()

beforeAll(async () => {
  ;[broker, entry] = await Promise.all([startMosquitto(), bundleEntry("apps/emulator/src/main.ts")])
})
afterEach(async () => {
  for (const { child } of programs) child.kill("SIGKILL")
  await Promise.all([...programs].map(({ exited }) => exited))
  programs.clear()
})
afterAll(() => broker.stop())

function run(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Program {
  const program = startProgram(file, args, env)
  programs.add(program)
  return program
}

/** One car as a process of its own, ready. */
async function startCar(carId: string, prefix: string, keepAlive = 20, protocol = "5"): Promise<Program> {
  const car = run(process.execPath, [
    "--enable-source-maps",
    ...[entry, "--url", broker.url, "--car", carId, "--protocol", protocol],
    ...["--keep-alive", String(keepAlive), "--spread", "1", "--topic-prefix", prefix],
  ])
  await car.line((line) => line === `${carId} ready`)
  return car
}

/** `mosquitto_sub` of Mosquitto's own, told to print QoS, retain, topic and payload. */
function subscribe(filter: string): Program {
  const { install, port } = broker
  if (install.subscriber === undefined) throw new Error("this Mosquitto came without mosquitto_sub")
  const args = ["-h", "127.0.0.1", "-p", String(port), "-V", "5", "-q", "2", "--retain-as-published"]
  return run(install.subscriber, [...args, "-F", "%q %r %t %p", "-t", filter], { ...install.env })
}

async function publish(topic: string, payload: string): Promise<void> {
  const { install, port } = broker
  if (install.publisher === undefined) throw new Error("this Mosquitto came without mosquitto_pub")
  const args = ["-h", "127.0.0.1", "-p", String(port), "-q", "1", "-t", topic, "-m", payload]
  expect(await run(install.publisher, args, { ...install.env }).exited).toBe(0)
}

function heard(line: string): Heard & { readonly value: Readonly<Record<string, unknown>> } {
  const parsed = parseHeard(line)
  if (parsed === undefined) throw new Error(`not a message: ${line}`)
  return { ...parsed, value: JSON.parse(parsed.payload) }
}

const isStatus = (car: string, status: string) => (line: string) =>
  line.includes(`/${car}/status `) && line.includes(`"status":"${status}"`)

describe("a car as a process of its own", () => {
  it("is offline to a late subscriber after kill -9, while another car is online to it at once", async () => {
    const [first] = await Promise.all([startCar("car-001", "kill"), startCar("car-002", "kill")])
    const early = subscribe("kill/iot-car/+/status")
    await early.line(isStatus("car-001", "online"))
    first.child.kill("SIGKILL")
    await early.line(isStatus("car-001", "offline"), 3_000)
    const asked = performance.now()
    const late = subscribe("kill/iot-car/+/status")
    await Promise.all([
      late.line(isStatus("car-001", "offline"), 2_000),
      late.line(isStatus("car-002", "online"), 2_000),
    ])
    expect(performance.now() - asked).toBeLessThan(2_000)
    expect(late.lines.map((line) => heard(line)).map(({ qos, retain }) => `${qos} ${retain}`)).toEqual(["1 1", "1 1"])
  })

  it("is offline within 1.5 × keep-alive + 1 s after SIGSTOP, and online again after SIGCONT", async () => {
    const keepAlive = 8
    const car = await startCar("car-001", "stop", keepAlive)
    const watch = subscribe("stop/iot-car/+/status")
    await watch.line(isStatus("car-001", "online"))
    const stopped = performance.now()
    car.child.kill("SIGSTOP")
    await watch.line(isStatus("car-001", "offline"), 30_000)
    expect(performance.now() - stopped).toBeLessThanOrEqual((1.5 * keepAlive + 1) * 1_000)
    const again = watch.next(1, isStatus("car-001", "online"), 45_000)
    car.child.kill("SIGCONT")
    await again
  }, 90_000)

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`says offline before it ends by ${signal}`, async () => {
      const prefix = `end-${signal.toLowerCase()}`
      const car = await startCar("car-001", prefix)
      const watch = subscribe(`${prefix}/iot-car/+/status`)
      await watch.line(isStatus("car-001", "online"))
      const birth = Number(heard(watch.lines[0]!).value.timestamp)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      car.child.kill(signal)
      const goodbye = heard(await watch.line(isStatus("car-001", "offline"), 5_000))
      expect(await car.exited).toBe(0)
      // A will is as old as its connection; a goodbye is written when it is said.
      expect(Number(goodbye.value.timestamp)).toBeGreaterThan(birth)
      expect(`${goodbye.qos} ${goodbye.retain}`).toBe("1 1")
    })
  }
})

for (const protocol of ["5", "3.1.1"]) {
  describe(`a car that is commanded by hand, at MQTT ${protocol}`, () => {
    const prefix = `hand-${protocol.replaceAll(".", "")}`
    const command = `${prefix}/iot-car/car-001/command`
    const isReply = (id: string) => (line: string) =>
      line.includes("/response ") && line.includes(`"command_id":"${id}"`)
    const isTelemetry = (motors: string) => (line: string) =>
      line.includes("/telemetry ") && line.includes(`"motors":"${motors}"`)
    const anyTelemetry = (line: string): boolean => line.includes("/telemetry ")
    const gps = (line: string): unknown => (heard(line).value as { sensors: { gps: unknown } }).sensors.gps

    it("moves and answers a valid command", async () => {
      await startCar("car-001", prefix, 20, protocol)
      const watch = subscribe(`${prefix}/#`)
      const [before] = await watch.next(1, anyTelemetry)
      await publish(
        command,
        '{"id":"cmd-1706169600-abc123","timestamp":1706169600,"action":"forward","parameters":{"duration":700,"speed":100},"priority":"normal"}',
      )
      const reply = heard(await watch.line(isReply("cmd-1706169600-abc123"), 5_000))
      expect(reply).toMatchObject({ qos: "1", retain: "0", value: { status: "success" } })
      expect(Number(reply.value.execution_time_ms)).toBeGreaterThanOrEqual(690)
      const [after] = await watch.next(1, anyTelemetry)
      expect(gps(after!)).not.toEqual(gps(before!))
    })

    const invalid = [
      { given: '{"id":"bad-1","timestamp":1706169600,"action":"fly"}', want: "/action" },
      { given: '{"id":"bad-2","timestamp":1706169600}', want: "/action" },
      {
        given: '{"id":"bad-3","timestamp":1706169600,"action":"forward","parameters":{"speed":101}}',
        want: "/parameters/speed",
      },
    ]
    it("stops and answers an error to an invalid one", async () => {
      await startCar("car-001", prefix, 20, protocol)
      const watch = subscribe(`${prefix}/#`)
      for (const [index, { given, want }] of invalid.entries()) {
        await publish(
          command,
          `{"id":"go-${index}","timestamp":1706169600,"action":"left","parameters":{"duration":4000,"speed":20}}`,
        )
        await watch.next(1, isTelemetry("running"), 5_000)
        await publish(command, given)
        const reply = heard(await watch.line(isReply(`bad-${index + 1}`), 5_000))
        expect(reply.value.status).toBe("error")
        expect(String(reply.value.message)).toMatch(/^\[invalid_payload[ \]]/)
        expect(String(reply.value.message)).toContain(want)
        expect(heard(await watch.line(isReply(`go-${index}`), 5_000)).value.message).toMatch(/^\[preempted/)
        await watch.next(1, isTelemetry("idle"), 5_000)
      }
    })

    it("stops for what is no JSON at all, and answers nobody", async () => {
      await startCar("car-001", prefix, 20, protocol)
      const watch = subscribe(`${prefix}/#`)
      await publish(
        command,
        '{"id":"go-9","timestamp":1706169600,"action":"left","parameters":{"duration":4000,"speed":20}}',
      )
      await watch.next(1, isTelemetry("running"), 5_000)
      const asked = watch.lines.length
      await publish(command, "go, car, go")
      await watch.next(1, isTelemetry("idle"), 5_000)
      const replies = watch.lines.slice(asked).filter((line) => line.includes("/response "))
      expect(replies.map((line) => heard(line).value.command_id)).toEqual(["go-9"])
    })

    it("lets a stop in mid-drive pre-empt it", async () => {
      await startCar("car-001", prefix, 20, protocol)
      const watch = subscribe(`${prefix}/#`)
      await publish(
        command,
        '{"id":"long-1","timestamp":1706169600,"action":"forward","parameters":{"duration":4500,"speed":20}}',
      )
      await watch.next(1, isTelemetry("running"), 5_000)
      const asked = performance.now()
      await publish(command, '{"id":"stop-1","timestamp":1706169600,"action":"stop","priority":"high"}')
      expect(heard(await watch.line(isReply("stop-1"), 2_000)).value.status).toBe("success")
      expect(performance.now() - asked).toBeLessThan(1_000)
      const preempted = heard(await watch.line(isReply("long-1"), 2_000)).value
      expect(preempted.status).toBe("error")
      expect(preempted.message).toMatch(/^\[preempted/)
      await watch.next(1, isTelemetry("idle"), 5_000)
    })

    it("runs a command that comes twice once", async () => {
      await startCar("car-001", prefix, 20, protocol)
      const watch = subscribe(`${prefix}/#`)
      await watch.next(1, anyTelemetry)
      const twice = '{"id":"twice-1","timestamp":1706169600,"action":"right","parameters":{"duration":300,"speed":50}}'
      await publish(command, twice)
      const first = await watch.line(isReply("twice-1"), 5_000)
      const again = watch.next(1, isReply("twice-1"), 5_000)
      await publish(command, twice)
      // The stored bytes, not a second run: execution time and timestamp are the first run's.
      expect(await again).toEqual([first])
    })
  })
}
