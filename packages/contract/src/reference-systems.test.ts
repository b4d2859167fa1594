import { type ContractIr, checkContractIr, type JsonValue } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import gpio from "../../../schemas/gpio/contract.js"
import home from "../../../schemas/home/contract.js"
import iotCar from "../../../schemas/iot-car/contract.js"
import iotCarV1 from "../../../schemas/iot-car-v1/contract.js"
import sensorStation from "../../../schemas/sensor-station/contract.js"
import smartBuilding from "../../../schemas/smart-building/contract.js"
import { lowerContract } from "./index.js"

const contracts = { iotCar, iotCarV1, sensorStation, smartBuilding, home, gpio }

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
      publish: ["ask.reply", "config.request", "reboot.request"],
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

  it("take presence, log and diagnostics from one part", () => {
    const words = (contract: unknown, name: string) => {
      const { ir } = lowerContract(contract)
      const channel = ir!.channels.find((one) => one.name === name)!
      const { topic, versions: _versions, ...leg } = channel.legs[0]!
      return { leg: { ...leg, maxBytes: 0 }, fields: fieldsOf(ir!, leg.message), ends: topic.split("/").at(-1) }
    }
    for (const name of ["status", "log", "diagnostics"]) {
      expect(words(home, name)).toEqual(words(iotCar, name))
      expect(words(smartBuilding, name)).toEqual(words(iotCar, name))
    }
  })
})

function fieldsOf(ir: ContractIr, message: string): readonly string[] {
  const { type } = ir.messages.find(({ name }) => name === message)!
  return type.kind === "object"
    ? type.fields.map((field) => `${field.name} ${field.auto ?? ""} ${field.type.kind}`)
    : []
}
