import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { sha256Hex } from "./sha256.js"

it("agrees with the platform's SHA-256 around every block boundary", () => {
  for (let length = 0; length < 200; length++) {
    const octets = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff)
    expect(sha256Hex(octets)).toBe(createHash("sha256").update(octets).digest("hex"))
  }
})

it("agrees on a long input", () => {
  const octets = new Uint8Array(1_000_003).fill(0xa5)
  expect(sha256Hex(octets)).toBe(createHash("sha256").update(octets).digest("hex"))
})
