import { checkContractIr, type JsonValue } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import iotCar from "../../../schemas/iot-car/contract.js"
import { gpio, home, smartBuilding } from "../test/reference/others.js"
import { sensorStation } from "../test/reference/sensor-station.js"
import { lowerContract } from "./index.js"

const contracts = { iotCar, sensorStation, smartBuilding, home, gpio }

describe("the reference systems", () => {
  it.each(Object.entries(contracts))("%s is expressed with nothing but accepted findings", (_name, contract) => {
    const { ir, diagnostics } = lowerContract(contract)
    expect(diagnostics.filter(({ severity }) => severity !== "note")).toEqual([])
    expect(checkContractIr(ir as unknown as JsonValue)).toMatchObject({ ok: true })
  })

  it("correlates by a parameter of the reply topic, served by a controller", () => {
    const { ir } = lowerContract(sensorStation)
    const ask = ir!.channels.find(({ name }) => name === "ask")
    expect(ask).toMatchObject({
      from: "device",
      command: { correlate: { request: "request_id", reply: { param: "request_id" } } },
      legs: [
        { name: "request", from: "device", topic: "request" },
        { name: "reply", from: "controller", topic: "response/{request_id}" },
      ],
    })
    expect(ir!.roles.find(({ name }) => name === "backend")).toMatchObject({
      publish: ["ask.reply", "interval.request", "reboot.request"],
      read: ["ask.request"],
    })
  })

  it("lets only the role named by `from` publish", () => {
    const { ir } = lowerContract(sensorStation)
    expect(ir!.roles.filter(({ publish }) => publish.includes("highTemp.message")).map(({ name }) => name)).toEqual([
      "monitor",
    ])
  })

  it("says words as presence, where the payload is one word", () => {
    const { ir } = lowerContract(sensorStation)
    expect(ir!.channels.find(({ kind }) => kind === "presence")).toMatchObject({ online: "online", offline: "offline" })
  })
})
