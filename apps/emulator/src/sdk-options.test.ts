import { connectFleet, createFleet } from "@fleetwire/iot-car/controller"
import { connectCar } from "@fleetwire/iot-car/device"
import { memoryBroker } from "@fleetwire/runtime/testing"
import { describe, expect, it } from "vitest"

const url = "mqtt://localhost"

describe("options that cannot be meant", () => {
  it.each([0, -1, Number.NaN])("refuses a time limit of %d before anything is sent", async (timeoutMs) => {
    const { transport } = memoryBroker()
    const car = await connectCar({ url, transport, carId: "car-001" })
    let runs = 0
    car.drive.handle(() => {
      runs++
      return { message: "" }
    })
    const fleet = await connectFleet({ url, transport, role: "app" })
    await expect(fleet.car("car-001").drive({ action: "left" }, { timeoutMs })).rejects.toMatchObject({
      code: "invalid_argument",
      sent: false,
    })
    expect(runs).toBe(0)
    expect(() => createFleet({ url, transport, role: "app", connectTimeoutMs: timeoutMs })).toThrow(/invalid_argument/)
    await fleet.close()
    await car.close()
  })

  it("refuses a protocol version that it does not speak", () => {
    const { transport } = memoryBroker()
    const protocol = "4" as "5"
    expect(() => createFleet({ url, transport, role: "app", protocol })).toThrow('"5" or "3.1.1", not 4')
  })
})

it("a stream of a client that was closed says so instead of waiting", async () => {
  const { transport } = memoryBroker()
  const fleet = await connectFleet({ url, transport, role: "app" })
  await fleet.close()
  expect(() => fleet.telemetry()).toThrow(/\[closed\]/)
  expect(() => fleet.telemetry.handle(() => {})).toThrow(/\[closed\]/)
})
