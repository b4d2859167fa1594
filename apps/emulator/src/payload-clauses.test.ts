import { connectFleet } from "@fleetwire/iot-car/controller"
import { connectCar } from "@fleetwire/iot-car/device"
import { memoryBroker } from "@fleetwire/runtime/testing"
import { describe, expect, it, onTestFinished } from "vitest"

const COMMAND = "iot-car/car-001/command"

describe.each(["3.1.1", "5"] as const)("payloads of a generated SDK at MQTT %s", (protocol) => {
  async function setting() {
    const broker = memoryBroker()
    const invalid: string[] = []
    const reach = { url: "mqtt://memory", protocol, transport: broker.transport } as const
    const onInvalid = ({ issues }: { readonly issues: readonly { readonly path: string; readonly code: string }[] }) =>
      invalid.push(`${issues[0]?.path} ${issues[0]?.code}`)
    const car = await connectCar({ ...reach, carId: "car-001", observer: { onInvalid } })
    const fleet = await connectFleet({ ...reach, role: "app" })
    onTestFinished(async () => {
      await Promise.all([car.close(), fleet.close()])
    })
    const requests: object[] = []
    car.drive.handle((request) => {
      requests.push(request)
      return { message: "done" }
    })
    const say = async (value: object): Promise<void> => {
      broker.publish({ topic: COMMAND, payload: new TextEncoder().encode(JSON.stringify(value)), qos: 1 })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return { broker, fleet, invalid, requests, say }
  }

  it("W-3: unknown fields are left out, and an unknown value of a closed enum is invalid, with its path", async () => {
    const { requests, invalid, say } = await setting()
    await say({ id: "a", timestamp: 1, action: "stop", colour: "red", parameters: { speed: 5, lights: true } })
    expect(requests).toEqual([{ id: "a", timestamp: 1, action: "stop", parameters: { speed: 5 }, priority: "normal" }])
    await say({ id: "b", timestamp: 1, action: "fly" })
    expect(invalid).toEqual(["/action enum"])
  })

  it("W-4: a default is filled in by who reads and never written by who sends", async () => {
    const { broker, fleet, requests } = await setting()
    const sent: string[] = []
    broker.tap(({ topic, payload }) => {
      if (topic === COMMAND) sent.push(new TextDecoder().decode(payload))
    })
    await fleet.car("car-001").drive({ action: "forward", parameters: {} })
    expect(requests).toEqual([expect.objectContaining({ parameters: { speed: 80 }, priority: "normal" })])
    expect(sent).toHaveLength(1)
    expect(sent[0]).not.toMatch(/speed|priority/)
  })
})
