import type { AppFleet, BackendFleet, SetterFleet, ViewerFleet } from "./src/controller.js"
import { connectFleet } from "./src/controller.js"
import { type Car, connectCar } from "./src/device.js"
import type { Config, Telemetry } from "./src/messages.js"

export function device(car: Car): void {
  // @ts-expect-error TS2345 a required field is missing
  car.telemetry.publish({})
  // @ts-expect-error TS2561 no such field
  car.telemetry.publish({ battery: 1, batery: 2 })
  // @ts-expect-error TS2322 a field of another type
  car.telemetry.publish({ battery: "1" })
  // @ts-expect-error TS2561 no such param
  car.pressure({ whel: "front" })
  // @ts-expect-error TS2554 the params that the topic asks for
  car.pressure()
  // @ts-expect-error TS2339 a command that the device serves
  car.drive.publish({ action: "stop" })
  // @ts-expect-error TS2339 what controllers publish
  car.mood.publish({ online: true })
  // @ts-expect-error TS2339 nobody but the fleet sends broadcasts
  car.broadcast
  // @ts-expect-error TS2322 a reply that the contract does not know
  car.drive.handle(() => ({ status: "moving" }))
  // @ts-expect-error TS2322 no such field of the reply
  car.drive.handle(() => ({ stat: "success" }))
  // @ts-expect-error TS2322 a verdict that no report can say
  car.config.handle(() => ({ outcome: "later" }))
  // @ts-expect-error TS2820 a value that the enum does not have
  car.ask({ action: "foward" })
  // @ts-expect-error TS2540 messages are read only
  car.carId = "car-002"
}

export function app(fleet: AppFleet): void {
  // @ts-expect-error TS2339 the role may not publish configs
  fleet.car("car-001").config
  // @ts-expect-error TS2339 the role may not broadcast
  fleet.broadcast
  // @ts-expect-error TS2339 the role may not read requests
  fleet.observe.driveRequest
  // @ts-expect-error TS2339 what the device publishes
  fleet.telemetry.publish({ battery: 1 })
  // @ts-expect-error TS2339 what the device publishes
  fleet.car("car-001").telemetry.publish({ battery: 1 })
  // @ts-expect-error TS2345 a required field is missing
  fleet.car("car-001").drive({})
  // @ts-expect-error TS2353 no such param
  fleet.telemetry({ car: "car-001" })
  // @ts-expect-error TS2345 a param is text
  fleet.car(1)
  // @ts-expect-error TS2561 no such option
  fleet.car("car-001").drive({ action: "stop" }, { timeout: 1 })
}

export function others(viewer: ViewerFleet, setter: SetterFleet, backend: BackendFleet): void {
  // @ts-expect-error TS2339 the role may not command
  viewer.car("car-001").drive
  // @ts-expect-error TS2339 the role may not see presence
  viewer.presence
  // @ts-expect-error TS2339 the role cannot read the report that `apply` waits for
  setter.car("car-001").config.apply({ version: 1 })
  // @ts-expect-error TS2339 nobody reports the fleet's config
  backend.config.apply({ version: 1 })
  // @ts-expect-error TS2339 a command that the controller serves
  backend.car("car-001").ask
}

export async function connecting(): Promise<void> {
  // @ts-expect-error TS2820 no such role
  await connectFleet({ url: "mqtt://localhost", role: "apps" })
  // @ts-expect-error TS2345 who it is
  await connectCar({ url: "mqtt://localhost" })
  const fleet = await connectFleet({ url: "mqtt://localhost", role: "viewer" })
  // @ts-expect-error TS2339 the role decides what is there
  fleet.observe.driveReply
}

export function messages(telemetry: Telemetry, config: Config): void {
  // @ts-expect-error TS2540 messages are read only
  telemetry.battery = 1
  // @ts-expect-error TS2322 an optional field may be absent
  const limit: number = config.limit
  // @ts-expect-error TS2375 absent is not undefined
  const other: Config = { version: limit, limit: undefined }
  void other
}
