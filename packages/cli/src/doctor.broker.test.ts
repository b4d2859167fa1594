import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { type Mosquitto, startMosquitto, startScriptedBroker } from "@fleetwire/broker-lab"
import { computeBrokerSettings, formatBrokerSettings } from "@fleetwire/codegen"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LAMP } from "../test/lamp-contract.js"
import { createScratch, type Scratch } from "../test/scratch.js"
import type { DoctorCheck } from "./doctor-check.js"

let scratch: Scratch
let ir: ContractIr
const stop: (() => Promise<void>)[] = []

/** Lamps whose app keeps its session: there is a queue to be computed. */
const KEPT = LAMP.replace('app: { publish: "*", read: "*" }', 'app: { publish: "*", read: "*", session: "persistent" }')

beforeAll(async () => {
  scratch = await createScratch()
  await scratch.write({ "contract.ts": KEPT })
  await scratch.fleetwire(["generate"])
  ir = (JSON.parse(await readFile(join(scratch.folder, "contract.lock.json"), "utf8")) as { ir: ContractIr }).ir
  await scratch.fleetwire(["certs", "pki"])
})
afterAll(async () => {
  for (const one of stop) await one()
  await scratch.remove()
})

async function broker(options: Parameters<typeof startMosquitto>[0]): Promise<Mosquitto> {
  const started = await startMosquitto(options)
  stop.push(() => started.stop())
  return started
}

async function examine(...argv: string[]): Promise<{ code: number; checks: Record<string, DoctorCheck>; out: string }> {
  const { code, out, err } = await scratch.fleetwire(["doctor", "--json", ...argv])
  expect(err).toBe("")
  const { checks } = JSON.parse(out) as { checks: DoctorCheck[] }
  return { code, checks: Object.fromEntries(checks.map((check) => [check.name, check])), out }
}

const FLEET = ["--devices", "60"]

describe("fleetwire doctor", () => {
  it("finds a broker fit that is set as broker-settings says (Z-4)", async () => {
    const computed = computeBrokerSettings(ir, { devices: 60 })
    const settings = Object.fromEntries(
      computed
        .filter(({ name }) => !["allow_anonymous", "persistence", "set_tcp_nodelay"].includes(name))
        .map(({ name, value }) => [name, value]),
    )
    const users = { ada: "right" }
    const { url } = await broker({ settings, persistence: true, users })
    const { code, checks } = await examine("--url", url, ...FLEET, "--username", "ada", "--password", "right")
    expect(Object.values(checks).filter(({ status }) => status === "error" || status === "warning")).toEqual([])
    expect(code).toBe(0)
    expect(checks["anonymous access"]).toMatchObject({ status: "ok", found: "refused" })
    expect(checks.persistence).toMatchObject({ status: "unknown", help: expect.stringContaining("persistence true") })
    const queued = computed.find(({ name }) => name === "max_queued_messages")!.value as number
    expect(queued).toBeGreaterThan(1020)
    expect(checks["kept session"]).toEqual({
      name: "kept session",
      status: "ok",
      found: `${queued} messages waited in it`,
    })
    for (const name of ["MQTT 5", "MQTT 3.1.1", "echo", "stored message", "wildcard", "shared group", "last will"]) {
      expect(checks[name], name).toMatchObject({ status: "ok" })
    }
    expect(checks["longest message"]).toMatchObject({ status: "ok" })
  })

  it("finds that Mosquitto's defaults lose messages of that fleet, and says what to set", async () => {
    const { url } = await broker({})
    const { code, checks } = await examine("--url", url, ...FLEET)
    expect(code).toBe(1)
    const needed = computeBrokerSettings(ir, { devices: 60 }).find(({ name }) => name === "max_queued_messages")!.value
    expect(checks["kept session"]).toMatchObject({
      status: "error",
      help: `set max_queued_messages ${needed}, not 0`,
    })
    expect(checks["receive maximum"]).toMatchObject({ status: "warning", help: "set max_inflight_messages 1024" })
  })

  it("finds what a broker cannot do", async () => {
    const { url } = await broker({ settings: { retain_available: false, max_packet_size: 300 } })
    const { checks } = await examine("--url", url, ...FLEET)
    expect(checks["anonymous access"]).toMatchObject({
      status: "warning",
      help: expect.stringContaining("allow_anonymous false"),
    })
    expect(checks["retained messages"]).toMatchObject({ status: "error", found: "not available" })
    expect(checks["largest packet"]).toMatchObject({ status: "error" })
    expect(checks["longest message"]).toMatchObject({ status: "error" })
  })

  it("leaves unknown what an account may not try, and does not call it good", async () => {
    const { url } = await broker({ users: { ada: "right" }, acl: "user ada\ntopic read lamp/#\n" })
    const { code, checks } = await examine("--url", url, "--username", "ada", "--password", "right")
    expect(code).toBe(0)
    expect(checks.echo).toMatchObject({ status: "unknown" })
    expect(checks).not.toHaveProperty("last will")
  })

  it("says what stands in the way, and never the password", async () => {
    const tls = { cert: await scratch.read("pki/server.crt"), key: await scratch.read("pki/server.key") }
    const started = await broker({ users: { ada: "right" }, listeners: [{ kind: "tls", tls }] })
    const wrong = await examine("--url", started.url, "--username", "ada", "--password", "battery staple")
    expect(wrong.code).toBe(1)
    expect(wrong.checks["MQTT 5"]?.help).toContain("does not know this account")
    expect(wrong.out).not.toContain("battery")
    const untrusted = await examine("--url", started.urlOf("tls"), "--username", "ada", "--password", "right")
    expect(untrusted.checks["MQTT 5"]?.help).toContain("give the authority with --ca")
    const trusted = await examine(
      "--url",
      started.urlOf("tls"),
      "--username",
      "ada",
      "--password",
      "right",
      "--ca",
      "pki/ca.crt",
    )
    expect(trusted.checks["MQTT 5"]).toMatchObject({ status: "ok" })
    const nobody = await examine("--url", "mqtt://127.0.0.1:1")
    expect(nobody.checks["MQTT 3.1.1"]?.help).toContain("nothing listens there")
  })

  it("finds that a broker speaks MQTT 3.1.1 only, and goes on with that", async () => {
    const scripted = await startScriptedBroker()
    stop.push(() => scripted.close())
    const running = examine("--url", scripted.url)
    for (let n = 0; n < 2; n += 1) {
      const peer = await scripted.nextPeer()
      const asked = await peer.expect("connect")
      if (asked.protocolVersion === 5)
        peer.send({ cmd: "connack", returnCode: 0, reasonCode: 0x84, sessionPresent: false })
      else {
        peer.send({ cmd: "connack", returnCode: 0, sessionPresent: false })
        const { messageId } = await peer.expect("subscribe")
        peer.send({ cmd: "suback", messageId: messageId!, granted: [0x80] })
      }
    }
    const nameless = await scripted.nextPeer()
    await nameless.expect("connect")
    nameless.send({ cmd: "connack", returnCode: 5, sessionPresent: false })
    const { checks } = await running
    expect(checks["MQTT 5"]).toMatchObject({ status: "error", help: expect.stringContaining("--protocol") })
    expect(checks["MQTT 3.1.1"]).toMatchObject({ status: "ok" })
    expect(checks.echo).toMatchObject({ status: "unknown" })
    expect(checks["anonymous access"]).toMatchObject({ status: "ok" })
  })

  it("prints for people too, and looks at this machine only when told to", async () => {
    const { code, out } = await scratch.fleetwire(["doctor", "--offline"])
    expect(code).toBe(0)
    expect(out).toMatch(/^ok {7}node +\d+\./)
    expect(out).toContain("contract   lamp 1.0.0")
    expect(out).not.toContain("MQTT 5")
  })
})

describe("fleetwire broker-settings", () => {
  it("prints settings that Mosquitto starts with (Z-4)", async () => {
    const { code, out } = await scratch.fleetwire(["broker-settings", "--devices", "60"])
    expect([code, out]).toEqual([0, formatBrokerSettings(ir, { devices: 60 })])
    const lines = out.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
    const settings = Object.fromEntries(lines.map((line) => line.split(" ") as [string, string]))
    await broker({ settings })
  })

  it.each([
    { argv: [], err: "--devices <n>" },
    { argv: ["--devices", "many"], err: "--devices is a whole number above 0, not many" },
    { argv: ["--devices", "-3"], err: "--devices needs a value, and -3 looks like another option" },
    { argv: ["--devices=-3"], err: "--devices is a whole number above 0, not -3" },
    { argv: ["--device", "5"], err: "there is no option --device; is it --devices?" },
    { argv: ["--devices", "5", "--absence", "0"], err: "--absence is a whole number above 0" },
  ])("exits 2: $err", async ({ argv, err }) => {
    const ran = await scratch.fleetwire(["broker-settings", ...argv])
    expect(ran.code).toBe(2)
    expect(ran.err).toContain(err)
  })
})
