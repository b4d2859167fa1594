import { expect, it } from "vitest"
import { rules } from "../src/index.js"
import { allCases } from "./cases/all-cases.js"

it("has a case for every rule", () => {
  const shown = new Set(allCases.map(({ code }) => code))
  expect(Object.keys(rules).filter((code) => !shown.has(code))).toEqual([])
})
