import { X509Certificate } from "node:crypto"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createScratch, type Scratch } from "../test/scratch.js"

let scratch: Scratch
beforeEach(async () => {
  scratch = await createScratch()
})
afterEach(() => scratch.remove())

const certificate = async (file: string) => new X509Certificate(await scratch.read(file))

describe("fleetwire certs", () => {
  it("makes an authority, a server and clients that belong together (X-3)", async () => {
    const { code, out, err } = await scratch.fleetwire(["certs", "pki", "--clients", "car-001,car-002"])
    expect([code, err]).toEqual([0, ""])
    expect(out).toContain("use_identity_as_username true")
    const ca = await certificate("pki/ca.crt")
    const server = await certificate("pki/server.crt")
    const client = await certificate("pki/client-car-002.crt")
    expect([server.verify(ca.publicKey), client.verify(ca.publicKey)]).toEqual([true, true])
    expect([ca.ca, server.ca, client.ca]).toEqual([true, false, false])
    expect([server.subject, client.subject]).toEqual(["CN=localhost", "CN=car-002"])
    expect([server.checkHost("localhost"), server.checkIP("127.0.0.1")]).toEqual(["localhost", "127.0.0.1"])
    for (const key of ["ca", "server", "client-car-001"]) {
      expect((await stat(join(scratch.folder, `pki/${key}.key`))).mode & 0o777).toBe(0o600)
    }
  })

  it("keeps what is there, and adds to it with the same authority", async () => {
    await scratch.fleetwire(["certs", "pki", "--clients", "a"])
    const before = await scratch.read("pki/client-a.key")
    const { code, out } = await scratch.fleetwire(["certs", "pki", "--clients", "a,b", "--days", "7"])
    expect(code).toBe(0)
    expect(out).toContain("kept pki/client-a.crt")
    expect(await scratch.read("pki/client-a.key")).toBe(before)
    const b = await certificate("pki/client-b.crt")
    expect(b.verify((await certificate("pki/ca.crt")).publicKey)).toBe(true)
    const days = (Date.parse(b.validTo) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(6)
    expect(days).toBeLessThan(7.1)
  })

  it("prints no private key, and quotes none when an authority is broken", async () => {
    await scratch.fleetwire(["certs", "pki"])
    await scratch.fleetwire(["certs", "other"])
    const foreign = await scratch.read("other/ca.key")
    await scratch.write({ "pki/ca.key": foreign })
    const { code, out, err } = await scratch.fleetwire(["certs", "pki", "--clients", "a"])
    expect(code).toBe(2)
    expect(err).toContain("are no authority of ours")
    expect(out + err).not.toContain(foreign.split("\n")[1])
    expect(await scratch.files()).not.toContain("pki/client-a.key")
  })

  it.each([
    { argv: [], err: "certs needs one folder" },
    { argv: ["pki", "--days", "0"], err: "--days is a number from 1 to 3650" },
    { argv: ["pki", "--clients", "../evil"], err: "--clients: ../evil is no name" },
    { argv: ["pki", "--clients", "a=b"], err: "--clients: a=b is no name" },
    { argv: ["pki", "--server", ","], err: "--server needs a name" },
  ])("exits 2: $err", async ({ argv, err }) => {
    const ran = await scratch.fleetwire(["certs", ...argv])
    expect(ran.code).toBe(2)
    expect(ran.err).toContain(err)
    expect(await scratch.files()).toEqual([])
  })
})
