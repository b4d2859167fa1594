import { type MemoryBroker, memoryBroker } from "@fleetwire/runtime/testing"
import { connectFleet, createFleet } from "./src/controller.js"
import { type Car, connectCar } from "./src/device.js"

/*
 * The generated package on a broker in memory: what one side says through it, the other side gets. Each scenario gives
 * what it saw.
 */

interface Place {
  readonly broker: MemoryBroker
  readonly options: { readonly url: string; readonly transport: MemoryBroker["transport"] }
}

function place(): Place {
  const broker = memoryBroker()
  return { broker, options: { url: "mqtt://memory", transport: broker.transport } }
}

async function pair() {
  const { broker, options } = place()
  const car = await connectCar({ ...options, carId: "car-001" })
  const fleet = await connectFleet({ ...options, role: "backend" })
  return { broker, options, car, fleet, close: () => Promise.all([fleet.close(), car.close()]) }
}

/** The first item of a stream, and its end. */
async function first<T>(
  items: AsyncIterable<T> & { readonly ready: Promise<void> },
  act: () => Promise<unknown>,
): Promise<T> {
  await items.ready
  const iterator = items[Symbol.asyncIterator]()
  const next = iterator.next()
  await act()
  const { value } = await next
  await iterator.return?.()
  return value
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error
}

export const scenarios: { readonly [name: string]: () => Promise<unknown> } = {
  async "telemetry with what the sender left out, by the fleet and by the handle"() {
    const { car, fleet, close } = await pair()
    const all = await first(fleet.telemetry({ carId: "car-001" }), () => car.telemetry.publish({ battery: 85, at: 7 }))
    const one = await first(fleet.car("car-001").telemetry(), () =>
      car.telemetry.publish({ battery: 84, at: 8, speed: 1 }),
    )
    await close()
    return [all.carId, all.message, one.message]
  },

  async "a state on a topic with one param more, and that it was cleared"() {
    const { car, fleet, close } = await pair()
    const seen: unknown[] = []
    const subscription = fleet.pressure.handle((delivery) => {
      seen.push([delivery.wheel, delivery.kind === "value" ? delivery.message : delivery.kind])
    })
    await subscription.ready
    await car.pressure({ wheel: "front" }).publish(2.5)
    await car.pressure({ wheel: "front" }).clear()
    await until(() => seen.length === 2)
    await close()
    return seen
  },

  async "a command, its reply with the id and success filled in, and its failure"() {
    const { car, fleet, close } = await pair()
    car.drive.handle(({ action }) => {
      if (action === "stop") throw new Error("no brakes")
      return {}
    })
    const reply = await fleet.car("car-001").drive({ action: "forward", id: "c-1" })
    const failure = await fleet.car("car-001").drive({ action: "stop" }).catch(codeOf)
    await close()
    return [reply, failure]
  },

  async "one execution for one key, whatever handle asks, at whatever time"() {
    const { car, fleet, close } = await pair()
    let runs = 0
    car.drive.handle(() => {
      runs++
      return {}
    })
    const call = () => fleet.car("car-001").drive({ action: "forward" }, { idempotencyKey: "k-1" })
    const replies = [await call(), await sleep(1100).then(call)]
    await close()
    return [runs, replies]
  },

  async "a command that the device sends and a controller serves"() {
    const { car, fleet, close } = await pair()
    fleet.ask.handle(({ action }) => ({ status: action === "stop" ? "success" : "error" }))
    const answer = await car.ask({ action: "stop", id: "a-1" })
    await close()
    return answer
  },

  async "progress before the reply"() {
    const { car, fleet, close } = await pair()
    car.park.handle(async (_request, { progress }) => {
      await progress({ percent: 40 })
      void progress({ percent: 90 })
      return {}
    })
    const call = fleet.car("car-001").park({ action: "stop", id: "p-1" })
    const steps: unknown[] = []
    for await (const step of call.progress) steps.push(step)
    const reply = await call
    await close()
    return [steps, reply.status]
  },

  async "a dead letter on its channel, and a presence view that a probe completes"() {
    const { car, fleet, close } = await pair()
    await fleet.presence.ready
    const alarms = fleet.alarm.handle(() => {
      throw new Error("cannot")
    })
    await alarms.ready
    const failed = await first(fleet.observe.failed(), () => car.alarm.publish({ reason: "smoke" }))
    const { topic, code, payload } = failed.message
    const { completeness } = fleet.presence
    await close()
    return [completeness, topic, code, new TextDecoder().decode(payload)]
  },

  async "actions in both directions"() {
    const { car, fleet, close } = await pair()
    const heard: unknown[] = []
    car.honk.handle((request) => void heard.push(["honk", request]))
    fleet.help.handle((request) => void heard.push(["help", request]))
    await fleet.car("car-001").honk({ online: true })
    await car.help({ online: false })
    await until(() => heard.length === 2)
    await close()
    return heard
  },

  async "a config that is applied and reported, over the fleet's"() {
    const { car, fleet, close } = await pair()
    const applied: unknown[] = []
    car.config.handle((config) => void applied.push(config))
    await fleet.config.set({ version: 1, limit: 10 })
    const report = await fleet.car("car-001").config.apply({ version: 2 })
    await close()
    return [report.version, applied.at(-1), car.config.current]
  },

  async "a broadcast with an outcome of each car"() {
    const { options, car, fleet, close } = await pair()
    const second: Car = await connectCar({ ...options, carId: "car-002" })
    for (const one of [car, second]) one.drive.handle(() => ({ status: "success" }))
    await fleet.presence.ready
    const outcomes: unknown[] = []
    for await (const outcome of fleet.broadcast({ action: "stop", id: "b-1" }, { timeoutMs: 400 }))
      outcomes.push([outcome.device, outcome.kind])
    await second.close()
    await close()
    return outcomes.sort()
  },

  async "presence, and that a car went without goodbye"() {
    const { car, fleet, close } = await pair()
    await fleet.presence.ready
    const before = fleet.presence.get("car-001").state
    car.abort()
    await until(() => fleet.presence.get("car-001").state === "offline")
    const after = fleet.presence.get("car-001").state
    await close()
    return [before, after, fleet.presence.get("car-777").state]
  },

  async "a state that a controller publishes, read along too"() {
    const { car, fleet, close } = await pair()
    const mood = await first(car.mood(), () => fleet.car("car-001").mood.publish({ online: true }))
    const along = await first(fleet.observe.mood(), async () => {})
    await close()
    return [mood.kind === "value" && mood.message, along.carId]
  },

  async "refusals before anything is sent"() {
    const { broker, options } = place()
    const { car, fleet, close } = await pair()
    const refused = [
      await connectCar({ ...options, carId: "fleet" }).catch(codeOf),
      await connectCar({ ...options, carId: "car-1" }).catch(codeOf),
      await fleet.car("a/#").drive({ action: "stop" }).catch(codeOf),
      await attempt(() => car.pressure({ wheel: "a/b" }).publish(1)),
      await attempt(() => car.telemetry.publish({ battery: 101 })),
      await attempt(async () => createFleet({ ...options, role: "constructor" as "viewer" })),
    ]
    await close()
    return [refused, broker.log.length]
  },
}

async function attempt(act: () => Promise<unknown>): Promise<unknown> {
  try {
    return await act()
  } catch (error) {
    return codeOf(error)
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => globalThis.setTimeout(resolve, ms))
}

async function until(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !done(); turn++) await sleep(5)
}
