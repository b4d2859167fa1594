import { expect, it } from "vitest"
import { moving } from "../test/rule-rows.js"
import { Reading, smallContract, withChannel } from "../test/small-contract.js"
import { command, event, lowerContract, message, state, t, telemetry } from "./index.js"

/** Codes of rules, not of mistakes, that a contract is told. */
function rules(contract: unknown, wanted: readonly string[] = []): readonly string[] {
  const { diagnostics } = lowerContract(contract, undefined, { rules: wanted })
  return diagnostics.map(({ code }) => code).filter((code) => /^(style|cost|portability|safety)\//.test(code))
}

const Big = message("Big", { one: t.uint32(), two: t.uint32(), three: t.string({ maxLength: 40 }) })
const Long = message("Long", { level: t.uint8(), words: t.string({ maxLength: 4 }) })

it.each([
  ["a command that moves something and is safe", moving()],
  ["an expiry of five minutes", moving({ expiry: "5 min" })],
  ["a duration of an hour", moving({}, t.uint32({ max: 3600, unit: "s" }))],
  ["a moment in seconds", moving({}, t.unixSeconds())],
  ["a number in another unit", moving({}, t.uint32({ unit: "cm" }))],
  ["a state once a second", withChannel(state("demo/{unit}/level", Reading, { every: "1 s" }))],
  [
    "telemetry at QoS 1 once a second",
    withChannel(telemetry("demo/{unit}/reading", Reading, { every: "1 s", qos: 1 })),
  ],
  ["JSON once a second", withChannel(telemetry("demo/{unit}/reading", Big, { every: "1 s" }))],
  ["a small payload often", withChannel(telemetry("demo/{unit}/r", Long, { every: "100 ms" }))],
  [
    "protobuf often",
    withChannel(telemetry("d/{unit}/r", Big, { every: "100 ms", formats: ["json", "protobuf"], sends: "protobuf" })),
  ],
  ["QoS 1", withChannel(event("demo/{unit}/alarm", Reading, { qos: 1 }))],
  ["the contract's own version in the topic", withChannel(telemetry("demo/v1/{unit}/reading", Reading))],
  [
    "a 64-bit integer within a double",
    withChannel(telemetry("demo/{unit}/n", message("N", { n: t.uint64({ max: 9007199254740991n }) }))),
  ],
  [
    "a 64-bit integer in protobuf alone",
    withChannel(telemetry("demo/{unit}/n", message("N", { n: t.uint64() }), { formats: ["protobuf"] })),
  ],
])("says nothing of %s", (_what, contract) => {
  expect(rules(contract)).toEqual([])
})

it("says what matters to some only where a team asks for it", () => {
  const buffer = withChannel(telemetry("demo/{unit}/order", Big, { from: "controller" }))
  expect(rules(buffer)).toEqual([])
  expect(rules(buffer, ["portability/small-buffer"])).toEqual(["portability/small-buffer"])
  expect(
    rules(withChannel(telemetry("demo/{unit}/order", Reading, { from: "controller" })), ["portability/small-buffer"]),
  ).toEqual([])
})

it("judges a command that a device asks of others by no movement of its own", () => {
  const ask = command("demo/{unit}/ask", {
    from: "device",
    request: message("Ask", { id: t.string({ maxLength: 32 }) }),
    reply: "demo/{unit}/answer",
    response: message("Told", { id: t.string({ maxLength: 32 }), status: t.enum(["ok", "failed"]) }),
    outcome: { field: "status", success: "ok", failure: "failed" },
  })
  expect(rules(withChannel(ask))).toEqual([])
})

it("lets a channel accept what it is, with a reason", () => {
  const accept = { "cost/stored-often": "the store is in memory", "cost/topic-outweighs": "on a wire" }
  const given = smallContract({
    channels: { tested: state("demo/{unit}/level", Reading, { every: "200 ms", accept }) },
  })
  expect(lowerContract(given).diagnostics.map(({ severity, accepted }) => [severity, accepted])).toEqual([
    ["note", "the store is in memory"],
    ["note", "on a wire"],
  ])
})
