import { expect, it, vi } from "vitest"
import { Reading, smallContract } from "../test/small-contract.js"
import { defineContract, lowerContract, message, t, telemetry } from "./index.js"

it("understands what another copy of the package built", async () => {
  vi.resetModules()
  const other = await import("./index.js")
  expect(other.lowerContract).not.toBe(lowerContract)
  const wanted = lowerContract(smallContract())
  expect(wanted.diagnostics).toEqual([])
  expect(other.lowerContract(smallContract())).toEqual(wanted)
})

it("composes a contract of the channels and params of another", () => {
  const basics = defineContract({
    name: "basics",
    version: "1.0.0",
    params: { unit: t.param({ maxLength: 8 }) },
    device: "unit",
    channels: { reading: telemetry("demo/{unit}/reading", Reading) },
    roles: { app: { read: ["reading"] } },
  })
  const { ir, diagnostics } = lowerContract(
    defineContract({
      name: "product",
      version: "1.0.0",
      params: { ...basics.params },
      device: basics.device,
      channels: {
        ...basics.channels,
        level: telemetry("demo/{unit}/level", message("Level", { value: t.uint8() })),
      },
      roles: { app: { read: ["reading", "level"] } },
    }),
  )
  expect(diagnostics).toEqual([])
  expect(ir?.channels.map(({ name }) => name)).toEqual(["level", "reading"])
})
