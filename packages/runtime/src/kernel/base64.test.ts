import { describe, expect, it } from "vitest"
import { parseBase64, putBase64 } from "./base64.js"

describe("base64", () => {
  it("reads what it writes, and only that spelling", () => {
    for (let size = 0; size < 20; size++) {
      const octets = Uint8Array.from({ length: size }, (_, i) => (i * 73 + size * 19) & 255)
      const out = new Uint8Array(64)
      const text = new TextDecoder().decode(out.subarray(0, putBase64(out, 0, octets)))
      expect(text).toBe(btoa(String.fromCharCode(...octets)))
      expect(parseBase64(text)).toEqual(octets)
    }
    for (const text of [
      "A",
      "AA",
      "AAA",
      "AB==",
      "AAB=",
      "A===",
      "====",
      "AA==AA==",
      "AA-_",
      "AA\n==",
      "ÄAAA",
      "AAAA=",
    ])
      expect(parseBase64(text)).toBeUndefined()
  })
})
