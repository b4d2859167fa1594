import { describe, expect, it } from "vitest"
import { seededRandom } from "../src/testing/seeded-random.js"
import * as car from "./fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "./fixtures/fleet.js"

const CONTROLLER = "iot-car.backend.one"
const EVENTS = 150

/** Events through cuts and restarts of a broker that keeps its state, to a reader that is slow and connects late. */
async function run(protocol: (typeof PROTOCOLS)[number], seed: number): Promise<string[]> {
  const fleet = new Fleet(protocol)
  const random = seededRandom(seed)
  const below = (bound: number): number => Math.floor(random.next() * bound)
  const channel = {
    ...car.alarm,
    message: { ...car.alarm.message, outbox: { bound: 1_000, drop: "reject", durable: false } },
  } as const
  const cars = ["car-001", "car-002"].map((id) => {
    const device = fleet.device(id, { channels: [car.status], reconnect: { spreadMs: 300, capMs: 1_000 } })
    device.client.connect().catch(() => {})
    return { id, publisher: device.publisher<{ type: string }>(channel), accepted: [] as string[] }
  })
  const role = { session: { kind: "persistent", expirySeconds: 3_600 } } as const
  const handled = new Map<string, string[]>(cars.map(({ id }) => [id, []]))
  let controller = fleet.controller({ role, reconnect: { spreadMs: 300, capMs: 1_000 } })
  const watch = (): void => {
    const own = controller
    own.stream<{ type: string }, { carId: string }>(channel).handle(
      ({ carId, message }) => {
        // A process that was replaced handles nothing any more.
        if (own !== controller) return
        const note = (): void => void handled.get(carId)?.push(message.type)
        if (below(3) > 0) note()
        else {
          return new Promise((resolve) =>
            fleet.clock.after(below(50), () => {
              if (own === controller) note()
              resolve()
            }),
          )
        }
      },
      { concurrency: 1 + below(3) },
    )
  }
  watch()
  await fleet.connect(controller)
  let number = 0
  while (number < EVENTS) {
    const { publisher, accepted } = cars[below(2)]!
    const type = String(number++)
    publisher.publish({ type }).then(
      () => void accepted.push(type),
      () => {},
    )
    const dice = below(20)
    if (dice === 0) fleet.broker.cut(CONTROLLER)
    if (dice === 1) fleet.broker.cut(`iot-car.device.${cars[below(2)]!.id}`)
    if (dice === 2) {
      fleet.broker.stop({ keepState: true })
      fleet.clock.after(below(800), () => fleet.broker.start())
    }
    if (dice === 3) {
      controller.client.abort()
      controller = fleet.controller({ role, reconnect: { spreadMs: 300, capMs: 1_000 } })
      controller.client.connect().catch(() => {})
      // Handlers come after the connection, as programs are written.
      fleet.clock.after(below(500), watch)
      await fleet.clock.advance(600)
    }
    await fleet.clock.advance(below(60))
  }
  fleet.broker.start()
  await fleet.clock.advance(60_000)

  const wrong: string[] = []
  for (const { id, accepted } of cars) {
    const got = handled.get(id)!
    for (const type of accepted) if (!got.includes(type)) wrong.push(`${id}: ${type} was lost`)
    const first = [...new Set(got)].map(Number)
    const sorted = [...first].sort((a, b) => a - b)
    if (first.join() !== sorted.join()) wrong.push(`${id}: first deliveries came as ${first.join()}`)
    if (accepted.length === 0) wrong.push(`${id}: nothing was accepted`)
  }
  return wrong
}

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)

describe.each(PROTOCOLS)("random faults of a stream at MQTT %s", (protocol) => {
  it.each(SEEDS)("M-8, Z-1, seed %i: nothing acknowledged is lost, first deliveries are in order", async (seed) => {
    expect(await run(protocol, seed)).toEqual([])
  })
})
