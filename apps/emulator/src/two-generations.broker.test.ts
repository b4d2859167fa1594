import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { connectFleet as connectFirst } from "@fleetwire/iot-car-v1/controller"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type ByHand, byHand, until } from "../test/by-hand.js"
import { createEmulatedCar } from "./emulated-car.js"
import { createEmulatedCarV1 } from "./emulated-car-v1.js"
import { createScheduler } from "./scheduler.js"
import { systemClock } from "./system-clock.js"
import { createWorld } from "./world.js"

let broker: Mosquitto
let hand: ByHand

beforeAll(async () => {
  broker = await startMosquitto()
  hand = byHand(broker)
})
afterAll(async () => {
  await hand.end()
  await broker.stop()
})

it("cars of two generations drive in one world, and the old one speaks as its firmware did", async () => {
  const { url } = broker
  const shared = { url, seed: 4, world: createWorld(4), scheduler: createScheduler(systemClock) }
  const ear = await hand.listen("iot-car/#")
  const old = createEmulatedCarV1({ ...shared, carId: "car-001" })
  const terse = createEmulatedCarV1({ ...shared, carId: "car-002", terse: true })
  const newer = createEmulatedCar({ ...shared, carId: "car-003" })
  await Promise.all([old.start(), terse.start(), newer.start()])
  const line = (text: string) => ear.line((heard) => heard.includes(text))

  // Born at QoS 0, with the time since its start.
  expect(await line("car-001/status ")).toMatch(
    /^0 1 \S+ \{"device_id":"car-001","status":"online","timestamp":\d{1,5}\}$/,
  )
  expect(await line("car-001/telemetry ")).toMatch(
    /^0 0 \S+ \{"device_id":"car-001","timestamp":\d{1,5},"battery":\d+,"distance_front":[\d.]+,"temperature":[\d.]+,"current_action":"stop","wifi_rssi":-\d+\}$/,
  )
  expect(await line("car-002/telemetry ")).toMatch(/"distance":\d+,"temp":\d+\}$/)
  expect(await line("car-003/telemetry ")).toContain('"sensors":{')
  expect(await line("iot-car/admin/logs ")).toContain('"level":"info","message":"ready"')

  const command = "iot-car/car-001/command"
  const reply = (words: string) => line(words)
  // A phone that names neither speed nor id, twice: it is run twice.
  await hand.publish(command, '{"action":"forward"}')
  expect(await reply("forward at 80 %")).toMatch(/^0 0 iot-car\/car-001\/response \{"command_id":"unknown",/)
  await until(() => old.moving)
  await hand.publish(command, "{}")
  await reply("stopped")
  await until(() => !old.moving)
  await hand.publish(command, '{"action":"forward"}')
  await until(() => old.moving)
  // What it does not know stops it, and it says so.
  await hand.publish(command, '{"action":"fly"}')
  expect(await reply('"status":"error"')).toContain('"command_id":"unknown"')
  await until(() => !old.moving)
  // A newer controller's stop is a stop to every car.
  await hand.publish(command, '{"id":"a","action":"left","speed":30}')
  await until(() => old.moving)
  await hand.publish(
    "iot-car/fleet/broadcast",
    '{"id":"all","timestamp":1706169600,"action":"stop","parameters":{"speed":80},"priority":"high"}',
  )
  await until(() => !old.moving)

  const [v1, v2] = await Promise.all([connectFirst({ url, role: "app" }), connectFleet({ url, role: "app" })])
  await Promise.all([v1.presence.ready, v2.presence.ready])
  const cars = ["car-001", "car-002", "car-003"]
  expect(cars.map((car) => v1.presence.get(car).state)).toEqual(["online", "online", "online"])
  old.cut()
  await until(() => v1.presence.get("car-001").state === "offline")
  expect(v1.presence.get("car-001").message?.timestamp).toBeLessThan(60_000)
  await Promise.all([v1.close(), v2.close(), terse.stop(), newer.stop()])
  await old.stop()
  shared.scheduler.close()
})
