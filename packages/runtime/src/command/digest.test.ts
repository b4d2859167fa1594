import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { sha256 } from "./digest.js"

it.each([0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1000])("agrees with SHA-256 of %i octets", (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + 7) & 0xff)
  expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"))
})
