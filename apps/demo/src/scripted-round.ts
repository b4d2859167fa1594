import { connectFleet } from "@fleetwire/iot-car/controller"
import { isSdkError, type SdkErrorCode } from "@fleetwire/runtime"
import { type Checklist, mustHold } from "./checklist.js"
import type { DemoFleet } from "./demo-fleet.js"
import type { FleetView } from "./fleet-view.js"
import { publishRaw } from "./raw-publish.js"

/** One round through what the spine promises, step by step. Rejects with the first claim that does not hold. */
export async function runScriptedRound(fleet: DemoFleet, view: FleetView, list: Checklist): Promise<void> {
  const [first, second, third] = fleet.cars as readonly [string, string, string]
  const { app, backend, broker } = fleet

  await list.step("three cars are online", async () => {
    await app.presence.ready
    for (const car of fleet.cars) await presenceOf(fleet, car, "online")
    return fleet.cars.join(", ")
  })

  await list.step("a late subscriber sees all of them at once", async () => {
    const late = await connectFleet({ url: broker.url, protocol: broker.protocol, role: "dashboard" })
    try {
      await late.presence.ready
      const online = late.presence.entries().filter((entry) => entry.state === "online")
      mustHold(online.length === 3, `it saw ${online.length}`)
      return `completeness ${late.presence.completeness}`
    } finally {
      await late.close()
    }
  })

  await list.step("a typed command moves a car and is answered", async () => {
    const before = (view.telemetry(first) ?? (await view.nextTelemetry(first, () => true, 5_000))).sensors.gps
    const reply = await app.car(first).drive({ action: "forward", parameters: { duration: 500, speed: 100 } })
    mustHold(reply.status === "success", `the answer was ${reply.status}: ${reply.message}`)
    mustHold(reply.execution_time_ms >= 490, `it says that it drove ${reply.execution_time_ms} ms`)
    const after = (await view.nextTelemetry(first, () => true, 5_000)).sensors.gps
    mustHold(before.latitude !== after.latitude || before.longitude !== after.longitude, "it did not move")
    return `drove ${reply.execution_time_ms} ms to ${after.latitude}, ${after.longitude}`
  })

  await list.step("a stop in mid-drive pre-empts it", async () => {
    const driving = outcomeOf(app.car(first).drive({ action: "forward", parameters: { duration: 4_000, speed: 30 } }))
    await view.nextTelemetry(first, ({ status }) => status.motors === "running", 5_000)
    const began = performance.now()
    const stopped = await app.car(first).drive({ action: "stop" })
    const tookMs = performance.now() - began
    mustHold(stopped.status === "success", `the stop was answered ${stopped.status}`)
    mustHold((await driving) === "preempted", `the drive ended as ${await driving}`)
    await view.nextTelemetry(first, ({ status }) => status.motors === "idle", 5_000)
    return `stopped in ${tookMs.toFixed(1)} ms`
  })

  await list.step("the SDK refuses an invalid command before it is sent", async () => {
    // @ts-expect-error: an action that the contract does not know does not compile either
    const outcome = await outcomeOf(app.car(first).drive({ action: "fly" }))
    mustHold(outcome === "invalid_argument", `it was ${outcome}`)
    return outcome
  })

  await list.step("an invalid command from elsewhere stops the car and is answered with an error", async () => {
    const driving = outcomeOf(app.car(first).drive({ action: "left", parameters: { duration: 4_000, speed: 20 } }))
    await view.nextTelemetry(first, ({ status }) => status.motors === "running", 5_000)
    const answer = replyTo(fleet, first, "cmd-by-hand-1")
    await publishRaw(broker, `iot-car/${first}/command`, '{"id":"cmd-by-hand-1","timestamp":1700000000,"action":"fly"}')
    const reply = await answer
    mustHold(
      reply.status === "error" && reply.message.startsWith("[invalid_payload"),
      `it was ${reply.status}: ${reply.message}`,
    )
    mustHold((await driving) === "preempted", `the drive ended as ${await driving}`)
    await view.nextTelemetry(first, ({ status }) => status.motors === "idle", 5_000)
    return reply.message
  })

  await list.step("a config is applied and reported", async () => {
    const report = await backend.car(second).config.apply({ version: 1, telemetry_interval_ms: 200, max_speed: 60 })
    mustHold(report.outcome === "applied", `it was ${report.outcome}`)
    const began = performance.now()
    for (let count = 0; count < 5; count += 1) await view.nextTelemetry(second, () => true, 2_000)
    const tookMs = performance.now() - began
    mustHold(tookMs < 2_000, `five telemetries took ${tookMs.toFixed(0)} ms at an interval of 200 ms`)
    return `version ${report.version}, telemetry every 200 ms`
  })

  await list.step("a broadcast reaches every car, and each answers", async () => {
    const answered: string[] = []
    for await (const outcome of backend.broadcast({ action: "stop" }, { timeoutMs: 2_000 })) {
      if (outcome.kind === "reply") answered.push(outcome.device)
      if (answered.length === 3) break
    }
    mustHold(answered.length === 3, `answered by ${answered.join(", ") || "nobody"}`)
    return answered.sort().join(", ")
  })

  await list.step("a car that is killed is offline by its last will, the others stay online", async () => {
    const began = performance.now()
    view.noteCut(third)
    const offline = presenceOf(fleet, third, "offline")
    fleet.cut(third)
    await offline
    const tookMs = performance.now() - began
    mustHold(app.presence.get(first).state === "online", `${first} is not online`)
    mustHold(app.presence.get(second).state === "online", `${second} is not online`)
    return `after ${tookMs.toFixed(0)} ms`
  })

  await list.step("a call to a car that is offline fails at once", async () => {
    const began = performance.now()
    const outcome = await outcomeOf(app.car(third).drive({ action: "forward" }))
    mustHold(outcome === "unavailable", `it was ${outcome}`)
    mustHold(performance.now() - began < 1_000, "it took longer than a second")
    return outcome
  })

  await list.step("a car that stops says goodbye", async () => {
    const offline = presenceOf(fleet, second, "offline")
    await fleet.stopCar(second)
    await offline
    return undefined
  })

  await list.step("the bridge stored what was said", async () => {
    const { devices } = (await get(fleet, "/devices")) as { devices: { device: string; presence: string }[] }
    const presence = Object.fromEntries(devices.map((row) => [row.device, row.presence]))
    const want = { [first]: "online", [second]: "offline", [third]: "offline" }
    for (const car of fleet.cars) mustHold(presence[car] === want[car], `it has ${car} as ${presence[car]}`)
    const { messages } = (await get(fleet, `/devices/${first}/history?channel=drive&limit=100`)) as {
      messages: unknown[]
    }
    mustHold(messages.length >= 8, `it has ${messages.length} requests and replies of ${first}`)
    const health = (await get(fleet, "/health")) as { stored: number }
    return `${health.stored} messages`
  })
}

const PRESENCE_MS = 10_000

/** Resolves when presence says so, now or later. */
function presenceOf({ app }: DemoFleet, car: string, state: "online" | "offline"): Promise<void> {
  return new Promise((resolve, reject) => {
    if (app.presence.get(car).state === state) {
      resolve()
      return
    }
    const timer = setTimeout(() => {
      off()
      reject(new Error(`after ${PRESENCE_MS / 1_000} s presence has ${car} as ${app.presence.get(car).state}`))
    }, PRESENCE_MS)
    const off = app.presence.on("change", (entry) => {
      if (entry.device !== car || entry.state !== state) return
      clearTimeout(timer)
      off()
      resolve()
    })
  })
}

async function outcomeOf(call: Promise<unknown>): Promise<"value" | SdkErrorCode> {
  try {
    await call
    return "value"
  } catch (error) {
    if (isSdkError(error)) return error.code
    throw error
  }
}

/** Reads along on the replies of a car until the one to `id` comes. */
async function replyTo(fleet: DemoFleet, car: string, id: string) {
  for await (const { message } of fleet.backend.observe.driveReply({ carId: car })) {
    if (message.command_id === id) return message
  }
  throw new Error("the stream of replies ended")
}

async function get(fleet: DemoFleet, path: string): Promise<unknown> {
  const response = await fetch(fleet.bridgeUrl + path)
  mustHold(response.ok, `${path} answered ${response.status}`)
  return response.json()
}
