import { type AppFleet, type BackendFleet, connectFleet, type DriveRequestDelivery } from "./src/controller.js"
import { type Car, connectCar, createCar, type DriveReply } from "./src/device.js"
import { Action, type Command, isCommand, telemetryJson } from "./src/messages.js"

export async function device(): Promise<void> {
  await using car: Car = await connectCar({ url: "mqtt://localhost", carId: "car-001" })
  await car.telemetry.publish({ battery: 85 })
  await car.telemetry.publish({ battery: 85, at: 1, speed: 3 }, { format: "json" })
  await car.pressure({ wheel: "front" }).publish(2.1)
  await car.pressure({ wheel: "front" }).clear()
  car.drive.handle(async ({ action }, { signal }) => {
    if (action === Action.stop) signal.throwIfAborted()
    return { status: "success" }
  })
  car.drive.handle((): DriveReply => ({ status: "error" }))
  car.honk.handle(({ online }) => void online)
  car.config.handle((config) => ((config.limit ?? 0) > 50 ? { outcome: "rejected", reason: "too fast" } : undefined))
  const answer = await car.ask({ action: "forward" })
  answer.status satisfies "success" | "error"
  await car.help({ online: true })
  for await (const { carId, kind } of car.mood()) kind satisfies "value" | "cleared" | "expired" | typeof carId
  const later = createCar({ url: "mqtt://localhost", carId: "car-001" })
  await later.connect()
}

export async function app(): Promise<void> {
  const fleet: AppFleet = await connectFleet({ url: "mqtt://localhost", role: "app" })
  const reply = await fleet.car("car-001").drive({ action: "forward" }, { timeoutMs: 100 })
  reply.command_id satisfies string
  for await (const { carId, message } of fleet.telemetry({ carId: "car-001" }))
    message.speed satisfies number | typeof carId
  for await (const { message } of fleet.car("car-001").telemetry()) message.battery satisfies number
  fleet.presence.on(
    "change",
    ({ device, message }) => void [device satisfies string, message?.online satisfies boolean | undefined],
  )
  fleet.observe.driveReply.handle(({ message }) => void message.status)
}

export async function backend(): Promise<void> {
  const fleet: BackendFleet = await connectFleet({ url: "mqtt://localhost", role: "backend" })
  await fleet.config.set({ version: 2 })
  const report = await fleet.car("car-001").config.apply({ version: 3, limit: 20 })
  report.version satisfies number
  await fleet.car("car-001").honk({ online: true })
  for await (const outcome of fleet.broadcast({ action: "stop" }))
    if (outcome.kind === "reply") outcome.message.status satisfies "success" | "error"
  await fleet.car("car-001").mood.publish({ online: true })
  fleet.ask.handle(({ action }) => ({ status: action === "stop" ? "success" : "error" }))
  fleet.help.handle(() => {})
  for await (const delivery of fleet.pressure({ wheel: ["front", "rear"] }))
    if (delivery.kind === "value") delivery.message satisfies number
  fleet.observe.driveRequest.handle((delivery: DriveRequestDelivery) => void delivery.message.id)
}

export function messages(value: unknown): Command | undefined {
  const decoded = telemetryJson.decode(new Uint8Array())
  if (decoded.ok) decoded.value.battery satisfies number
  return isCommand(value) ? value : undefined
}
