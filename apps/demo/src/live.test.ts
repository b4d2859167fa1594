import { EventEmitter } from "node:events"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { memoryBroker } from "@fleetwire/runtime/testing"
import { expect, it } from "vitest"
import { watchFleet } from "./fleet-view.js"
import { runLive } from "./live.js"

it("says so while there is no broker, instead of showing a fleet that stands still", async () => {
  const broker = memoryBroker()
  const reconnect = { spreadMs: 20, baseMs: 20, capMs: 50 }
  const app = await connectFleet({ role: "app", url: "mqtt://memory", transport: broker.transport, reconnect })
  const cars = ["car-001"]
  let shown: readonly string[] = []
  let stop = (_: string): void => {}
  const live = runLive({
    fleet: {
      broker: { name: "memory", url: "", protocol: "5", proves: false, because: "", close: async () => {} },
      cars,
      bridgeUrl: "",
      app,
      // The live view calls and watches as the app does; it asks nothing of the backend.
      backend: undefined as never,
      cut: () => {},
      stopCar: async () => {},
    },
    view: watchFleet(app, cars),
    screen: {
      draw: (lines) => {
        shown = lines
      },
      say: () => {},
      end: () => {},
    },
    keyboard: Object.assign(new EventEmitter(), {
      isTTY: true,
      setEncoding: () => {},
      resume: () => {},
      pause: () => {},
    }),
    colour: false,
    cutAfterMs: 1_000_000,
    stopRequested: new Promise<string>((resolve) => {
      stop = resolve
    }),
  })
  const text = () => shown.join("\n")
  await expect.poll(text).toContain("car-001")
  expect(text()).not.toContain("no connection")
  broker.stop({ keepState: true })
  await expect.poll(text, { timeout: 5_000 }).toContain("no connection to the broker")
  broker.start()
  await expect.poll(text, { timeout: 5_000 }).not.toContain("no connection")
  stop("test")
  await live
  await app.close()
})
