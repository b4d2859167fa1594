import { describe, expect, it } from "vitest"
import iotCar from "../../../schemas/iot-car/contract.js"
import iotCarV1 from "../../../schemas/iot-car-v1/contract.js"
import { checkBeside, defineContract, lowerContract, message, t, telemetry } from "./index.js"

type Rule = "any" | { readonly has: string } | { readonly lacks: string }

function contract(version: string, topic: string, versions?: Rule, pattern = "[a-z]+") {
  const Reading = message("Reading", version === "2.0.0" ? { nested: t.uint8() } : { flat: t.uint8() })
  const lowered = lowerContract(
    defineContract({
      name: "demo",
      version,
      params: { unit: t.param({ pattern, maxLength: 8 }) },
      device: "unit",
      channels: { reading: telemetry(topic, Reading, versions === undefined ? {} : { versions }) },
      roles: { app: { read: "*" } },
    }),
  )
  if (lowered.ir === undefined) throw new Error(JSON.stringify(lowered.diagnostics))
  return lowered.ir
}

const TOPIC = "demo/{unit}/reading"
const untold = (silent: string) =>
  `compose/untold: reading.message of demo 1.0.0 and reading.message of demo 2.0.0 share topics such as \`${TOPIC}\`, and nothing tells their payloads apart: ${silent} does not say`
const one = "reading.message of demo 1.0.0"
const two = "reading.message of demo 2.0.0"

describe("checkBeside", () => {
  const rows: readonly { given: string; one: Rule | undefined; two: Rule | undefined; want: readonly string[] }[] = [
    { given: "a field that one has and the other lacks", one: { lacks: "nested" }, two: { has: "nested" }, want: [] },
    { given: "a reader that takes both", one: "any", two: { has: "nested" }, want: [] },
    { given: "two readers that take both", one: "any", two: "any", want: [] },
    { given: "no rule at all", one: undefined, two: undefined, want: [untold(`${one} and ${two}`)] },
    { given: "a rule on one side only", one: { lacks: "nested" }, two: undefined, want: [untold(two)] },
    {
      given: "rules about different fields",
      one: { has: "flat" },
      two: { has: "nested" },
      want: [
        `compose/rules-disagree: ${one} takes what says \`has flat\` and ${two} what says \`has nested\`: some payload is both's, or nobody's`,
      ],
    },
  ]
  for (const row of rows) {
    it(`judges ${row.given}`, () => {
      const found = checkBeside(contract("1.0.0", TOPIC, row.one), contract("2.0.0", TOPIC, row.two))
      expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual(row.want)
      expect(found.every(({ target }) => target.path === "channels.reading.message")).toBe(true)
    })
  }

  it("has nothing to say where topics or identities are apart", () => {
    const other = contract("2.0.0", "demo/{unit}/telemetry")
    expect(checkBeside(contract("1.0.0", TOPIC), other)).toEqual([])
    const numbered = contract("2.0.0", TOPIC, undefined, "[0-9]+")
    expect(checkBeside(contract("1.0.0", TOPIC), numbered)).toEqual([])
  })

  it("lets both generations of cars stand in one fleet, whichever is asked first", () => {
    const [v1, v2] = [lowerContract(iotCarV1).ir!, lowerContract(iotCar).ir!]
    expect(checkBeside(v1, v2)).toEqual([])
    expect(checkBeside(v2, v1)).toEqual([])
  })

  it("finds every topic of theirs that a rule is taken from", () => {
    const [v1, v2] = [lowerContract(iotCarV1).ir!, lowerContract(iotCar).ir!]
    const silent = {
      ...v1,
      channels: v1.channels.map((channel) => ({
        ...channel,
        legs: channel.legs.map(({ versions: _versions, ...leg }) => leg),
      })),
    } as typeof v1
    expect(checkBeside(silent, v2).map(({ target }) => target.path)).toEqual(
      [
        ...["battery.message", "broadcast.request", "drive.reply", "drive.request", "latitude.message"],
        ...["longitude.message", "status.message", "telemetry.message", "temperature.message"],
      ].map((leg) => `channels.${leg}`),
    )
  })
})
