import { describe, expect, it } from "vitest"
import { open, r, sparse } from "./cursor.js"
import { text } from "./string-read.js"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

function decoded(octets: Uint8Array): string | undefined {
  try {
    return decoder.decode(octets)
  } catch {
    return undefined
  }
}

describe("plain text", () => {
  it("is read wherever the first octet beyond ASCII stands, and refused where that is not UTF-8", () => {
    const foreign = [
      [0xc3, 0xa9],
      [0xe6, 0xb8, 0xa9],
      [0xf0, 0x9f, 0x9a, 0x97],
      [0x80],
      [0xff],
      [0xc3],
      [0xed, 0xa0, 0x80],
    ]
    for (let size = 0; size <= 40; size++)
      for (let at = 0; at <= size; at++)
        for (const part of size === 0 ? [[]] : foreign) {
          const own = new Uint8Array(size + part.length).fill(97)
          own.set(part, at)
          // What stands behind the text is not looked at.
          open(Uint8Array.from([98, ...own, 0xff, 0x80]))
          expect(text(r.b, 1, own.length + 1, 1000)).toBe(decoded(own))
        }
  })

  it("has as many code points as allowed, and not one more", () => {
    for (const said of ["", "a", "a".repeat(15), "a".repeat(16), "a".repeat(33), "é".repeat(20), "🚗".repeat(20)]) {
      const octets = new TextEncoder().encode(said)
      const { length } = [...said]
      open(octets)
      expect(text(r.b, 0, octets.length, length)).toBe(said)
      if (length > 0) expect(text(r.b, 0, octets.length, length - 1)).toBeUndefined()
    }
  })
})

describe("an object without what is absent", () => {
  it("has every other member as its own, whatever its name", () => {
    const given = Object.defineProperty({ a: undefined, constructor: 1, b: "x" }, "__proto__", {
      value: { polluted: true },
      enumerable: true,
    })
    const made = sparse(given)
    expect(Object.keys(made)).toEqual(["constructor", "b", "__proto__"])
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptor(made, "__proto__")).toEqual({
      value: { polluted: true },
      enumerable: true,
      configurable: true,
      writable: true,
    })
    expect("polluted" in made).toBe(false)
  })
})
