import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/gpio/controller"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type ByHand, byHand, first, until } from "../test/by-hand.js"
import { createEmulatedPin } from "./emulated-pin.js"

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

it.each(["3.1.1", "5"] as const)("a pin obeys plain words and says a digit, at MQTT %s", async (protocol) => {
  const prefix = `p${protocol.replaceAll(".", "")}`
  const reach = { url: broker.url, protocol, topicPrefix: prefix }
  const ear = await hand.listen(`${prefix}/gpio/#`)
  const invalid: string[] = []
  const pin = createEmulatedPin({
    ...reach,
    pin: "17",
    observer: { onInvalid: ({ payload }) => invalid.push(new TextDecoder().decode(payload)) },
  })
  await pin.start()
  await hand.publish(`${prefix}/gpio/17/command`, "on")
  await until(() => pin.high)
  await hand.publish(`${prefix}/gpio/17/command`, "ON")
  await hand.publish(`${prefix}/gpio/17/command`, "toggle")
  await until(() => !pin.high)
  expect(invalid).toEqual(["ON"])

  const operator = await connectFleet({ ...reach, role: "operator" })
  expect(await first(operator.state_())).toMatchObject({
    kind: "value",
    pin: "17",
    message: "0",
    meta: { retained: true },
  })
  await operator.pin("17").command("toggle")
  await until(() => pin.high)
  await until(() => ear.lines.some((line) => line === `1 0 ${prefix}/gpio/17/command toggle`))
  await until(() => ear.lines.filter((line) => line.includes("/state ")).length === 4)
  expect(ear.lines.filter((line) => line.includes("/state "))).toEqual(
    ["0", "1", "0", "1"].map((digit) => `1 1 ${prefix}/gpio/17/state ${digit}`),
  )
  await operator.close()
  await pin.stop()
})
