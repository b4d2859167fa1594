import { expect, it } from "vitest"
import { pemOf } from "./connect-options.js"

it.each([1, 47, 48, 49, 95, 96, 97, 144, 500])("armours %d octets of DER without an empty line", (length) => {
  const octets = Uint8Array.from({ length }, (_, i) => i & 0xff)
  const lines = pemOf(octets, "CERTIFICATE").split("\n")
  expect(lines[0]).toBe("-----BEGIN CERTIFICATE-----")
  expect(lines.slice(-2)).toEqual(["-----END CERTIFICATE-----", ""])
  const body = lines.slice(1, -2)
  expect(body.every((line) => line.length > 0 && line.length <= 64)).toBe(true)
  expect(new Uint8Array(Buffer.from(body.join(""), "base64"))).toEqual(octets)
})

it("passes PEM as it is, as text and as octets", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
  expect(pemOf(pem, "CERTIFICATE")).toBe(pem)
  expect(pemOf(new TextEncoder().encode(pem), "CERTIFICATE")).toBe(pem)
})
