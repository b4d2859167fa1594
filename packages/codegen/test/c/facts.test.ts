import { readFileSync } from "node:fs"
import type { ContractIr, TypeIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { describe as describeMember } from "../../src/c/describe.js"
import { emitC } from "../../src/c/emit.js"
import { modelOf } from "../../src/c/model.js"
import { contractOf, fields } from "../codec/car-contract.js"

const lock = new URL("../../../../schemas/iot-car/contract.lock.json", import.meta.url)
const { ir: car } = JSON.parse(readFileSync(lock, "utf8")) as { ir: ContractIr }

/** What is said of the one field of a message. */
function said(type: TypeIr): string {
  const model = modelOf(
    contractOf([{ name: "One", type: { kind: "object", name: "One", fields: fields({ one: type }) } }]),
  )
  return describeMember(model.messages[0]!.object.fields[0]!)
}

const count = { kind: "int", bits: 32, signed: false, min: 0, max: 9 } as const

describe("what header and sheet say of a member", () => {
  for (const { given, want } of [
    { given: { ...count, epoch: "unix-seconds" }, want: "Seconds since 1970-01-01T00:00:00Z. 0 to 9." },
    { given: { ...count, epoch: "boot-milliseconds" }, want: "Milliseconds since the device started. 0 to 9." },
    { given: { ...count, multipleOf: 3 }, want: "0 to 9. A multiple of 3." },
    { given: { kind: "string", minLength: 1, maxLength: 40 }, want: "1 to 40 characters." },
    { given: { kind: "string", minLength: 4, maxLength: 4 }, want: "Exactly 4 characters." },
    { given: { kind: "string", minLength: 0, maxLength: 1 }, want: "At most 1 character." },
    { given: { kind: "string", maxLength: 8, maxBytes: 10 }, want: "At most 8 characters. At most 10 octets." },
    { given: { kind: "string", maxLength: 8, pattern: "[a-z]+" }, want: "At most 8 characters. Matches `[a-z]+`." },
    { given: { kind: "list", item: count, minItems: 2, maxItems: 5 }, want: "2 to 5 items. 0 to 9." },
  ] satisfies readonly { given: TypeIr; want: string }[])
    it(want, () => expect(said(given)).toBe(want))

  it("the unit of a message that is one value, and of one that refers to it", () => {
    const battery = { name: "Battery", type: count, unit: "%" } as const
    const refers = {
      name: "Whole",
      type: { kind: "object", name: "Whole", fields: fields({ one: { kind: "ref", message: "Battery" } }) },
    } as const
    const { messages } = modelOf(contractOf([battery, refers]))
    expect(messages.map(({ object }) => describeMember(object.fields[0]!))).toEqual(["0 to 9 %.", "0 to 9 %."])
  })
})

it("header and sheet say when and how the car's command runs", () => {
  const files = emitC(car)
  const text = (path: string): string => files.find((file) => file.path === path)!.text
  for (const [fact, sentence] of [
    ["pre-empts", "action = stop: begins at once"],
    ["safe action", "action = stop, with no caller, where a request cannot be read"],
    ["safe action", "action = stop, with no caller, once the connection has been lost for 2 s"],
    ["at once", "1 runs, 4 wait; a further one is answered busy"],
    ["expiry", "What has not begun 30 s after it came does not begin"],
    ["time limits", "It is cut off after 11 min; its caller waits 5 s"],
    ["remembered", "For 90 s after the reply"],
  ]) {
    expect(text("SHEET.md")).toContain(`| ${fact} | ${sentence}`)
    expect(text("src/iot_car_device.h")).toContain(` * ${fact}: ${sentence}`)
  }
  expect(text("src/iot_car.h")).toContain("iot_car_device.h: it connects")
})
