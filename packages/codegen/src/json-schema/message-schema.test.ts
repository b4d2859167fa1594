import { describe, expect, it } from "vitest"
import { greatestDouble, leastDouble } from "./float32-bounds.js"
import { base64Patterns } from "./string-patterns.js"

describe("bounds of float32 in a schema", () => {
  const cases = [0, 1, 0.1, -0.1, 90, -90, 16777217, 3.4e38, 1e-45, 123.456]
  it("are where rounding crosses them", () => {
    for (const bound of cases) {
      const min = leastDouble(bound)
      expect(Math.fround(min.at) >= bound).toBe(!min.exclusive)
      expect(Math.fround(min.at - Math.abs(min.at) * 2e-16 - 5e-324) >= bound).toBe(false)
      const max = greatestDouble(bound)
      expect(Math.fround(max.at) <= bound).toBe(!max.exclusive)
      expect(Math.fround(max.at + Math.abs(max.at) * 2e-16 + 5e-324) <= bound).toBe(false)
    }
    expect(Number.isFinite(Math.fround(greatestDouble().at))).toBe(!greatestDouble().exclusive)
  })
})

describe("base64 in a schema", () => {
  it("says how many octets", () => {
    for (let min = 0; min < 8; min++)
      for (let max = min; max < 9; max++) {
        const patterns = base64Patterns({ kind: "bytes", minLength: min, maxLength: max }).map(
          (text) => new RegExp(text),
        )
        for (let size = 0; size < 12; size++) {
          const text = btoa("\u00ff".repeat(size))
          expect(patterns.every((pattern) => pattern.test(text))).toBe(size >= min && size <= max)
        }
      }
  })
})
