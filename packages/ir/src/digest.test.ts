import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { portableSha256Hex, sha256Hex } from "./sha256.js"

it("agrees with the platform's SHA-256 around every block boundary", () => {
  for (let length = 0; length < 200; length++) {
    const octets = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff)
    expectPlatformDigest(octets)
  }
})

it("agrees on a long input", () => {
  const octets = new Uint8Array(1_000_003).fill(0xa5)
  expectPlatformDigest(octets)
})

it("needs no platform", () => {
  const { getBuiltinModule } = process
  try {
    Object.assign(process, { getBuiltinModule: undefined })
    expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    )
  } finally {
    Object.assign(process, { getBuiltinModule })
  }
})

function expectPlatformDigest(octets: Uint8Array): void {
  const want = createHash("sha256").update(octets).digest("hex")
  expect(sha256Hex(octets)).toBe(want)
  expect(portableSha256Hex(octets)).toBe(want)
}
