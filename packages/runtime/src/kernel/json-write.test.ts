import { describe, expect, it } from "vitest"
import { putFloat32, putInt, putNum, putStr, type Write, written } from "./json-write.js"

function text<T>(value: T, write: Write<T>): string {
  return new TextDecoder().decode(written(value, write, { room: 64, skip: 0 }))
}

let state = 7
function random(): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return state / 0x7fffffff
}

describe("JSON as it is written", () => {
  it("has each double in the fewest digits, as ECMAScript prints it", () => {
    const values = [0, 1, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 123456.789, 0.00001, 999999999999999, 1e15]
    for (let i = 0; i < 5000; i++)
      values.push((random() - 0.5) * 10 ** Math.floor(random() * 40 - 20), Math.round(random() * 1e9) / 1e4)
    for (const value of values) expect(text(value, (v, b, _, p) => putNum(b, p, v))).toBe(JSON.stringify(value))
    expect(text(-0, (v, b, _, p) => putNum(b, p, v))).toBe("-0")
  })

  it("has a float32 that reads back as the same float32, in no more digits than needed", () => {
    for (let i = 0; i < 2000; i++) {
      const value = Math.fround((random() - 0.5) * 10 ** Math.floor(random() * 30 - 15))
      const written = text(value, (v, b, _, p) => putFloat32(b, p, v))
      expect(Math.fround(Number(written))).toBe(value)
      expect(written.length).toBeLessThanOrEqual(String(value).length)
    }
    expect(text(Math.fround(23.4), (v, b, _, p) => putFloat32(b, p, v))).toBe("23.4")
  })

  it("has integers of any size", () => {
    for (const value of [
      0, 9, 10, 99, 100, 999, 1000, -1, -128, 65535, 999999999, 1e9, 4294967295, 9007199254740991, -9007199254740991,
    ])
      expect(text(value, (v, b, _, p) => putInt(b, p, v))).toBe(String(value))
  })

  it("escapes what JSON.stringify escapes, and refuses halves of pairs and what is too long", () => {
    const quoted = (value: string, max = 1e9): string | undefined => {
      const bytes = written(value, (v, b, _, p) => putStr(b, p, v, max), { room: 64, skip: 0 })
      return bytes && `"${new TextDecoder().decode(bytes)}`
    }
    const odd = ["", "a", '"\\/', "\u0000\u001f\b\t\n\f\r", "\u007f", "é", "日本", "😀", "\u2028"]
    for (const value of [...odd, ...odd.map((part) => part.repeat(60)), "x".repeat(5000), "x".repeat(70_000)])
      expect(quoted(value)).toBe(JSON.stringify(value))
    for (const value of ["\ud800", "\udc00", "a\ud83d", `${"x".repeat(60)}\ud83d`, "\ude00\ud83d"])
      expect(quoted(value)).toBeUndefined()
    expect(quoted("😀😀", 2)).toBe('"😀😀"')
    expect(quoted("😀😀😀", 2)).toBeUndefined()
  })
})

describe("written bytes", () => {
  it("may be none", () => {
    for (let i = 0; i < 3; i++)
      expect(written(i, (_v, _b, _d, p) => p, { room: 64, skip: 0 })).toEqual(new Uint8Array(0))
  })

  it("belong to the caller for ever", () => {
    const all = Array.from(
      { length: 500 },
      (_, i) => written(i, (v, b, _d, p) => putInt(b, p, v), { room: 64, skip: 0 })!,
    )
    all.forEach((bytes, i) => {
      expect(new TextDecoder().decode(bytes)).toBe(String(i))
    })
  })
})
