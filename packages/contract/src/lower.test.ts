import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import iotCar from "../../../schemas/iot-car/contract.js"
import { formatLock, lowerContract, parseLock } from "./index.js"

const committed = readFileSync(new URL("../../../schemas/iot-car/contract.lock.json", import.meta.url), "utf8")

it("compiles the contract of the car fleet without a diagnostic, to its committed lock", () => {
  const { lock: earlier, diagnostics: unread } = parseLock(committed)
  expect(unread).toEqual([])
  const { lock, diagnostics } = lowerContract(iotCar, earlier)
  expect(diagnostics).toEqual([])
  expect(formatLock(lock!)).toBe(committed)
})
