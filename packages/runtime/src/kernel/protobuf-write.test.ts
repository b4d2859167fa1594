import { describe, expect, it } from "vitest"
import { isInt, isUint } from "./check.js"
import { written } from "./json-write.js"
import { closeSized, putS32, putText, putU32 } from "./protobuf-write.js"

const size = { room: 64, skip: 0 }

describe("integers of protobuf", () => {
  it("are told from everything else, and nothing is converted to find out", () => {
    const trap = {
      valueOf() {
        throw new Error("asked")
      },
    }
    const others = [
      1.5,
      -0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      Symbol("1"),
      "1",
      true,
      null,
      undefined,
      [1],
      trap,
    ]
    for (const value of others) {
      expect(isUint(value, 0xffffffff)).toBe(false)
      expect(isInt(value, 1, 0xffffffff)).toBe(false)
      expect(isInt(value, -0x80000000, 0x7fffffff)).toBe(false)
    }
    for (const value of [0, -0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) expect(isUint(value, 0xffffffff)).toBe(true)
    for (const value of [-1, 0x100000000, 0x100000001, 2 ** 53, -(2 ** 32)])
      expect(isUint(value, 0xffffffff)).toBe(false)
    expect([0, 400, 401].map((value) => isUint(value, 400))).toEqual([true, true, false])
    expect([99, 100, 0xffffffff].map((value) => isInt(value, 100, 0xffffffff))).toEqual([false, true, true])
    for (const value of [-0x80000000, -1, -0, 0, 0x7fffffff]) expect(isInt(value, -0x80000000, 0x7fffffff)).toBe(true)
    for (const value of [-0x80000001, 0x80000000, 2 ** 32, -(2 ** 32)])
      expect(isInt(value, -0x80000000, 0x7fffffff)).toBe(false)
    expect([-121, -120, 0, 1].map((value) => isInt(value, -120, 0))).toEqual([false, true, true, false])
  })

  it("take seven bits an octet", () => {
    const octets = (value: number, put: typeof putU32): readonly number[] => [
      ...written(value, (v, b, _, p) => put(b, p, v), size)!,
    ]
    expect(octets(0, putU32)).toEqual([0])
    expect(octets(127, putU32)).toEqual([127])
    expect(octets(128, putU32)).toEqual([128, 1])
    expect(octets(300, putU32)).toEqual([172, 2])
    expect(octets(16_384, putU32)).toEqual([128, 128, 1])
    expect(octets(0xffffffff, putU32)).toEqual([255, 255, 255, 255, 15])
    expect(octets(-1, putS32)).toEqual([1])
    expect(octets(-0x80000000, putS32)).toEqual([255, 255, 255, 255, 15])
  })
})

describe("text of protobuf", () => {
  const field = (value: unknown, max = 1e9): Uint8Array | undefined =>
    written(value, (v, b, _, p) => putText(b, p, v, max), { room: 64, skip: 0 })

  it("is UTF-8 behind its length, whatever its size", () => {
    const parts = ["", "a", "\u007f", "\u0080", "é", "日本", "😀", "a".repeat(47), "é".repeat(24), "😀".repeat(24)]
    const odd = [...parts, ...parts.map((part) => `${"x".repeat(47)}${part}`), ...parts.map((part) => part.repeat(300))]
    for (const value of odd) {
      const content = new TextEncoder().encode(value)
      const length = written(content.length, (v, b, _, p) => putU32(b, p, v), size)!
      expect(field(value)).toEqual(Uint8Array.from([...length, ...content]))
    }
  })

  it("is refused where it has half of a surrogate pair, or more code points than allowed", () => {
    for (const value of ["\ud800", "\udc00", "a\ud83d", `${"x".repeat(60)}\ud83d`, "\ude00\ud83d"])
      expect(field(value)).toBeUndefined()
    for (const value of ["abc", "😀😀😀", "ééé", "x".repeat(60)]) {
      const { length } = [...value]
      expect(field(value, length)).toBeDefined()
      expect(field(value, length - 1)).toBeUndefined()
    }
    for (const value of [undefined, null, 1, {}, Object("a")]) expect(field(value)).toBeUndefined()
  })
})

describe("what has its length in front", () => {
  it("moves where the length takes more octets than the one that was left", () => {
    for (const count of [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const octets = written(count, (v, b, _, p) => closeSized(b.fill(7, p + 1, p + 1 + v), p + 1, p + 1 + v), {
        room: count + 128,
        skip: 0,
      })!
      const length = written(count, (v, b, _, p) => putU32(b, p, v), size)!
      expect(octets.length).toBe(length.length + count)
      expect(octets.subarray(0, length.length)).toEqual(length)
      expect(octets.subarray(length.length).every((octet) => octet === 7)).toBe(true)
    }
  })
})
