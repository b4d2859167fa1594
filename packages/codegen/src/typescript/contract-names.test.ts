import { describe, expect, it } from "vitest"
import { completeContract } from "../../test/fixture/complete-contract.js"
import { hostile } from "../../test/fixture/hostile.js"
import { settleContractNames } from "./contract-names.js"
import { settleTypeNames } from "./type-names.js"

function namesFor(param: string, channels: readonly string[] = []) {
  return settleContractNames(
    completeContract({
      params: [{ name: param }],
      messages: [{ name: "M", fields: {} }],
      channels: channels.map((name) => ({
        name,
        kind: name === "status" ? "presence" : "telemetry",
        legs: [{ name: "message", topic: `x/{${param}}/${name}`, message: "M" }],
      })),
    }),
  )
}

describe("settleContractNames", () => {
  it.each([
    { given: "carId", want: ["Car", "car"] },
    { given: "station_id", want: ["Station", "station"] },
    { given: "ID", want: ["ID", "id"] },
    { given: "device", want: ["Device", "device"] },
    { given: "objectId", want: ["Object_", "object"] },
    { given: "stateId", want: ["State", "state_"] },
  ])("calls a device by its param $given", ({ given, want }) => {
    const names = namesFor(given)
    expect([names.noun, names.nounMember]).toEqual(want)
  })

  it("calls the presence channel presence, and a channel like a client's member otherwise", () => {
    const names = namesFor("carId", ["close", "presence", "status", "then", "toString"])
    const members = ["close", "presence", "status", "then", "toString"].map((channel) => names.member(channel))
    expect(members).toEqual(["close_", "presence2", "presence", "then_", "toString_"])
  })

  it("gives no two channels one constant or member", () => {
    const names = settleContractNames(hostile)
    const channels = hostile.channels.map((channel) => channel.name)
    for (const of of [names.member, (channel: string) => names.channel(channel).name])
      expect(new Set(channels.map(of)).size).toBe(channels.length)
    const roles = hostile.roles.map((role) => names.rolePrefix(role.name))
    expect(new Set(roles).size).toBe(roles.length)
  })
})

describe("settleTypeNames", () => {
  it("gives no two exports of the messages one name, and no two files one place", () => {
    const names = settleTypeNames(hostile)
    const all = hostile.messages.map((message) => names.message(message.name))
    const exports = all.flatMap((one) => [
      one.type,
      one.input,
      one.guard,
      one.issues,
      one.codec("json"),
      one.codec("text"),
    ])
    const nested = names.all.filter((named) => !all.some((one) => one.type === named.type)).map((named) => named.type)
    const symbols = [...exports, ...nested].map((symbol) => symbol.name)
    expect(new Set(symbols).size).toBe(symbols.length)
    const files = all
      .flatMap((one) => [one.file, one.guardFile, one.codecFile("json")])
      .map((path) => path.toLowerCase())
    expect(new Set(files).size).toBe(files.length)
  })

  it("knows a message's own type and its equals by the message's name", () => {
    const contract = completeContract({ messages: [{ name: "Fix", fields: { x: { kind: "bool" } } }] })
    const names = settleTypeNames(contract)
    const [message] = contract.messages
    if (message?.type.kind !== "object") throw new Error("an object")
    expect(names.named(structuredClone(message.type)).type).toBe(names.message("Fix").type)
    expect(() => names.message("Other")).toThrow("no message")
  })
})
