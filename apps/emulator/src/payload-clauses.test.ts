import { connectFleet } from "@fleetwire/iot-car/controller"
import { connectCar } from "@fleetwire/iot-car/device"
import { type Telemetry, telemetryCompact, telemetryJson, telemetryProtobuf } from "@fleetwire/iot-car/messages"
import { memoryBroker } from "@fleetwire/runtime/testing"
import { describe, expect, it, onTestFinished } from "vitest"

const COMMAND = "iot-car/car-001/command"
const TELEMETRY: Telemetry = {
  device_id: "car-001",
  timestamp: 1_795_820_166,
  battery: 71,
  sensors: {
    distance_front: 120,
    distance_rear: 80,
    temperature: 21.5,
    gps: { latitude: 48.25, longitude: 11.5, altitude: 519.5 },
  },
  status: { motors: "running", wifi_rssi: -61, uptime: 12 },
}

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

  it("W-1: a reader of several formats reads each as Content Type says, and the default without one", async () => {
    const { broker, fleet } = await setting()
    const values: unknown[] = []
    fleet.telemetry.handle(({ message }) => void values.push(message))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const say = async (payload: Uint8Array, contentType?: string): Promise<void> => {
      const properties = contentType === undefined ? {} : { properties: { contentType } }
      broker.publish({ topic: "iot-car/car-001/telemetry", payload, qos: 0, ...properties })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const written = [telemetryCompact, telemetryProtobuf, telemetryJson].map((codec) => codec.encode(TELEMETRY))
    const [compact, protobuf, json] = written.map((result) => (result.ok ? result.value : new Uint8Array()))
    await say(json!)
    expect(values).toEqual([TELEMETRY])
    await say(compact!, "application/vnd.fleetwire.compact+json;v=2")
    await say(protobuf!, "application/x-protobuf;v=2")
    await say(json!, "application/json;v=2")
    await say(compact!)
    // A 3.1.1 client hears no Content Type: what it takes for JSON is none.
    expect(values).toEqual(Array(protocol === "5" ? 4 : 2).fill(TELEMETRY))
  })
})
