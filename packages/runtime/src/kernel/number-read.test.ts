import { describe, expect, it } from "vitest"
import { open, r } from "./cursor.js"
import { anyNumber, int, num, parseWide } from "./number-read.js"

function read(literal: string, how: typeof num): number | undefined {
  open(new TextEncoder().encode(literal))
  const value = how(r.b, 0)
  return r.p === literal.length ? value : undefined
}

describe("numbers of JSON", () => {
  it("are the doubles that JSON.parse gives, to the bit", () => {
    let state = 1
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state / 0x7fffffff
    }
    const literals = [
      "0",
      "-0",
      "-0.0",
      "1e400",
      "-1e-400",
      "123456789012345678",
      "0.1234567890123456789",
      "9007199254740993",
    ]
    for (let i = 0; i < 5000; i++) {
      literals.push(String((random() - 0.5) * 10 ** Math.floor(random() * 40 - 20)), (random() * 1e6).toFixed(i % 9))
    }
    for (const literal of literals) expect([literal, read(literal, anyNumber)]).toEqual([literal, JSON.parse(literal)])
  })

  it("leave what is unusual to the full path", () => {
    const quick = (literal: string, how: typeof num): number => {
      open(new TextEncoder().encode(literal))
      return how(r.b, 0)
    }
    for (const literal of ["1e3", "1.5E2", "1234567890.1234567", "1.", "-", ".5", ""])
      expect(quick(literal, num)).toBeNaN()
    for (const literal of ["1.0", "1e0", "12345678901234567"]) expect(quick(literal, int)).toBeNaN()
  })

  it("are exact up to 2^53 - 1", () => {
    for (let back = 0; back < 200; back++) {
      const literal = String(Number.MAX_SAFE_INTEGER - back)
      expect([literal, read(literal, int)]).toEqual([literal, Number(literal)])
    }
  })

  it("have no negative zero as integers", () => {
    expect(Object.is(read("-0", int), 0)).toBe(true)
    expect(Object.is(read("-0", num), -0)).toBe(true)
  })

  it("of 64 bits are decimal strings without leading zeros", () => {
    expect(parseWide("-9223372036854775808")).toBe(-9223372036854775808n)
    for (const text of ["", "-0", "01", "+1", "1.0", " 1", "1n"]) expect(parseWide(text)).toBeUndefined()
  })
})
