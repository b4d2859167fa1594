import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import iotCar from "../../../schemas/iot-car/contract.js"
import { formatLock, lowerContract, parseLock } from "./index.js"

const committed = readFileSync(new URL("../../../schemas/iot-car/contract.lock.json", import.meta.url), "utf8")

it("compiles the contract of the car fleet with nothing but accepted findings, to its committed lock", () => {
  const { lock: earlier, diagnostics: unread } = parseLock(committed)
  expect(unread).toEqual([])
  const { lock, diagnostics } = lowerContract(iotCar, earlier)
  expect(diagnostics.filter(({ severity }) => severity !== "note")).toEqual([])
  expect(formatLock(lock!)).toBe(committed)
})

it("gives the same bytes for channels, params and roles in any order", () => {
  const reversed = <T extends object>(record: T): T => Object.fromEntries(Object.entries(record).reverse()) as T
  const shuffled = {
    ...iotCar,
    channels: reversed(iotCar.channels),
    params: reversed(iotCar.params),
    roles: reversed(iotCar.roles),
  }
  expect(Object.keys(shuffled.channels)).not.toEqual(Object.keys(iotCar.channels))
  expect(formatLock(lowerContract(shuffled).lock!)).toBe(formatLock(lowerContract(iotCar).lock!))
})

it("is pure: the same contract twice gives the same bytes", () => {
  expect(formatLock(lowerContract(iotCar).lock!)).toBe(formatLock(lowerContract(iotCar).lock!))
})
