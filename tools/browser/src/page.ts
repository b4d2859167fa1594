/*
 * What runs in the browser: a phone's page that reads a fleet and drives a car through the generated SDK, with nothing
 * but what the bundler put into one file.
 */
import { connectFleet } from "@fleetwire/iot-car/controller"
import { connectCar } from "@fleetwire/iot-car/device"

declare global {
  var outcome: Promise<unknown> | undefined
}

const url = new URLSearchParams(location.search).get("broker") ?? ""

async function round(): Promise<unknown> {
  const car = await connectCar({ url, carId: "car-001" })
  car.drive.handle(({ action }) => ({ message: action }))
  const fleet = await connectFleet({ url, role: "app" })
  await fleet.presence.ready
  const presence = fleet.presence.get("car-001").state
  const stream = fleet.telemetry()
  await stream.ready
  await car.telemetry.publish({
    battery: 85,
    sensors: {
      distance_front: 45,
      distance_rear: 120,
      temperature: 28.4,
      gps: { latitude: 52.52, longitude: 13.405, altitude: 34 },
    },
    status: { motors: "idle", wifi_rssi: -62, uptime: 3600 },
  })
  let battery: number | undefined
  for await (const { message } of stream) {
    battery = message.battery
    break
  }
  const reply = await fleet.car("car-001").drive({ action: "left" })
  await fleet.close()
  await car.close()
  return { presence, battery, reply: reply.message }
}

globalThis.outcome = round()
