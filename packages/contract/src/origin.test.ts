import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { smallContract } from "../test/small-contract.js"
import { lowerContract, message, t, telemetry } from "./index.js"
import { captureOrigin, readOrigin } from "./origin.js"

const here = fileURLToPath(import.meta.url)

it("names the place that called a builder", () => {
  const build = () => captureOrigin(build)
  const position = readOrigin(build())
  expect(position?.file).toBe(here)
  expect(position?.line).toBe(11)
})

it("points a diagnostic at the builder of the field, not at the contract", () => {
  const channel = telemetry(
    "demo/{unit}/reading",
    message("Reading", {
      fine: t.uint8(),
      wrong: t.uint8({ max: 300 }),
    }),
  )
  const { diagnostics } = lowerContract(smallContract({ channels: { channel } }))
  expect(diagnostics).toHaveLength(1)
  expect(diagnostics[0]!.target).toMatchObject({ file: here, line: 21, path: "Reading.wrong" })
})

it("leaves the engine's stack limit as it was", () => {
  const limit = Error.stackTraceLimit
  t.uint8()
  expect(Error.stackTraceLimit).toBe(limit)
})
