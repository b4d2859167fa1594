/**
 * The program of somebody who has nothing but the packages: a car and an app that speak over a broker in memory. It is
 * text, because it is compiled where it is installed, and not here.
 */
export const strangerProgram = `import { connectCar } from "@fleetwire/iot-car/device"
import { connectFleet } from "@fleetwire/iot-car/controller"
import type { Telemetry } from "@fleetwire/iot-car/messages"
import { memoryBroker } from "@fleetwire/runtime/testing"

async function main(): Promise<void> {
  const { transport } = memoryBroker()
  const url = "mqtt://memory"
  const car = await connectCar({ url, transport, carId: "car-001" })
  car.drive.handle(({ action }) => ({ message: "did " + action }))
  const fleet = await connectFleet({ url, transport, role: "app" })
  const seen: Promise<Telemetry> = new Promise((resolve) => {
    fleet.telemetry.handle(({ message }) => resolve(message))
  })
  const reply = await fleet.car("car-001").drive({ action: "forward", parameters: { duration: 500, speed: 80 } })
  if (reply.status !== "success" || reply.message !== "did forward") throw new Error(JSON.stringify(reply))
  await fleet.close()
  await car.close()
  // @ts-expect-error a car has no such action
  void (() => fleet.car("car-001").drive({ action: "fly" }))
  void seen
  console.log("the car did " + "forward")
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
`

/** What the program prints when everything works. */
export const strangerSays = "the car did forward\n"
