import { generateKeyPairSync } from "node:crypto"
import { join } from "node:path"
import {
  createDevAuthority,
  loadDevAuthority,
  type Mosquitto,
  provideJwtAuth,
  provideMosquitto,
  signToken,
  startMosquitto,
} from "@fleetwire/broker-lab"
import { connectRaw, startAttackBroker } from "@fleetwire/conformance"
import { mqttTransport } from "@fleetwire/mqtt"
import type { DeviceOptions } from "@fleetwire/runtime"
import { createDevice, type DeviceEngine } from "@fleetwire/runtime/codegen-v1"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LAMP } from "../test/lamp-contract.js"
import { createScratch, type Scratch } from "../test/scratch.js"
import { compile } from "./compile.js"
import { describeContract } from "./describe-contract.js"

const install = await provideMosquitto()
const plugin = await provideJwtAuth(install).catch((error: Error) => error)
const missing = plugin instanceof Error ? plugin.message : undefined

const signer = generateKeyPairSync("ec", { namedCurve: "P-256" })
const soon = Math.floor(Date.now() / 1000) + 600
const token = (sub: string, exp = soon) => signToken({ sub, exp }, { alg: "ES256", key: signer.privateKey })

let scratch: Scratch
let acl: string
const files: Record<string, string> = {}
const stop: (() => Promise<void>)[] = []

/** Everything that operators make with the command: certificates and rules, for a lamp and for ada, who may switch it. */
beforeAll(async () => {
  scratch = await createScratch()
  const people = [
    { name: "lamp-1", role: "device" },
    { name: "ada", role: "app" },
  ]
  await scratch.write({ "contract.ts": LAMP, "people.json": JSON.stringify(people) })
  expect(await scratch.fleetwire(["certs", "pki", "--clients", "lamp-1,ada"])).toMatchObject({ code: 0 })
  expect(await scratch.fleetwire(["generate"])).toMatchObject({ code: 0 })
  const rules = await scratch.fleetwire(["access", "--principals", "people.json"])
  acl = rules.out
  for (const name of ["ca", "server", "client-lamp-1", "client-ada"]) {
    files[`${name}.crt`] = await scratch.read(`pki/${name}.crt`)
    files[`${name}.key`] = await scratch.read(`pki/${name}.key`)
  }
  const foreign = await createDevAuthority("somebody else")
  const ours = await loadDevAuthority(files["ca.crt"]!, files["ca.key"]!)
  const strangers = {
    foreign: await foreign.issue({ commonName: "ada", purpose: "client" }),
    expired: await ours.issue({ commonName: "ada", purpose: "client", notAfter: new Date(Date.now() - 1000) }),
  }
  for (const [name, { cert, key }] of Object.entries(strangers)) {
    await scratch.write({ [`pki/${name}.crt`]: cert, [`pki/${name}.key`]: key })
  }
  await scratch.write({ "pki/foreign-ca.crt": foreign.ca })
})
afterAll(async () => {
  for (const one of stop.reverse()) await one()
  await scratch.remove()
})

async function lamp(options: Omit<DeviceOptions, "transport">): Promise<DeviceEngine> {
  const { ir } = await compile(join(scratch.folder, "contract.ts"))
  const described = describeContract(ir!)
  const channels = ir!.channels.map(({ name }) => described.channel(name)!)
  const device = createDevice({ contract: described.contract, channels }, "lamp-1", {
    ...options,
    transport: mqttTransport(),
  })
  for (const channel of channels) {
    if (channel.kind === "command") {
      device.commandServer<{ brightness: number }, object>(channel).handle(({ brightness }) => {
        return { status: "success", message: `at ${brightness}` }
      })
    }
  }
  await device.client.connect()
  stop.push(() => device.client.close())
  return device
}

async function broker(more: Parameters<typeof startMosquitto>[0], mutual = false): Promise<Mosquitto> {
  const tls = {
    cert: files["server.crt"]!,
    key: files["server.key"]!,
    ca: files["ca.crt"]!,
    ...(mutual && { requireCertificate: true, identityAsUsername: true }),
  }
  const listeners = [{ kind: "tls", tls }, { kind: "wss", tls }, ...(mutual ? [] : [{ kind: "ws" } as const])] as const
  const started = await startMosquitto({ install, listeners, acl, ...more })
  stop.push(() => started.stop())
  return started
}

const ask = (url: string, ...argv: readonly string[]) =>
  scratch.fleetwire([
    "call",
    "setLight",
    '{"brightness": 40}',
    ...["--contract", "contract.lock.json", "-p", "lampId=lamp-1", "--url", url, ...argv],
  ])

const ca = ["--ca", "pki/ca.crt"]
const answered = { code: 0, out: expect.stringContaining("at 40") }
const client = (name: string) => [...ca, "--cert", `pki/${name}.crt`, "--key", `pki/${name}.key`]

/** Refused, and nothing that was given as a secret is said again. */
async function refused(ran: ReturnType<typeof ask>, ...secrets: readonly string[]): Promise<string> {
  const { code, out, err } = await ran
  expect([code, out]).toEqual([1, ""])
  expect(err).toMatch(/^\[(unauthorized|unavailable|timeout)\]/)
  for (const secret of secrets) expect(err).not.toContain(secret)
  return err
}

describe("mutual TLS, the identity from the certificate (X-3)", () => {
  let mutual: Mosquitto
  beforeAll(async () => {
    mutual = await broker({}, true)
    const tls = { ca: files["ca.crt"]!, cert: files["client-lamp-1.crt"]!, key: files["client-lamp-1.key"]! }
    await lamp({ url: mutual.urlOf("tls"), tls })
  })

  it.each(["3.1.1", "5"])("lets those who have one speak, over MQTTS and WSS at MQTT %s", async (protocol) => {
    for (const kind of ["tls", "wss"] as const) {
      expect(await ask(mutual.urlOf(kind), ...client("client-ada"), "--protocol", protocol)).toMatchObject(answered)
    }
  })

  it("refuses a foreign and an expired certificate and none, and does not speak to a broker of another authority", async () => {
    const secrets = await Promise.all(["foreign", "expired"].map((name) => scratch.read(`pki/${name}.key`)))
    const lines = secrets.map((pem) => pem.split("\n")[1]!)
    const [, , ...own] = client("client-ada")
    // Each of these is tried again until the time is up: the network may have been at fault.
    const told = await Promise.all([
      ...(["tls", "wss"] as const).flatMap((kind) =>
        ["foreign", "expired"].map((name) => refused(ask(mutual.urlOf(kind), ...client(name)), ...lines)),
      ),
      refused(ask(mutual.urlOf("tls"), ...ca)),
      refused(ask(mutual.urlOf("tls"), "--ca", "pki/foreign-ca.crt", ...own)),
      refused(ask(mutual.urlOf("wss"), "--ca", "pki/foreign-ca.crt", ...own)),
    ])
    // Whoever reads it learns where it was tried, and that certificates are the matter.
    for (const err of told)
      expect(err).toMatch(/ to (mqtts|wss):\/\/[\w.]+:\d+[\w/]*: .*(certificate|issuer|signed|alert|SSL)/i)
  })

  it("holds a certificate to the rules of its name", async () => {
    // The lamp's own certificate: it may not command lamps.
    await refused(ask(mutual.urlOf("tls"), ...client("client-lamp-1")))
  })
})

describe("user and password (X-3)", () => {
  it("is accepted over TCP, TLS, WebSocket and WebSocket with TLS, and a wrong one is refused without being said", async () => {
    const users = { "lamp-1": "of the lamp", ada: "correct horse" }
    const started = await broker({ users })
    await lamp({ url: started.url, username: "lamp-1", password: "of the lamp" })
    for (const kind of ["tcp", "tls", "ws", "wss"] as const) {
      const secure = kind === "tls" || kind === "wss" ? ca : []
      const argv = [...secure, "--username", "ada", "--password", "correct horse"]
      expect(await ask(started.urlOf(kind), ...argv)).toMatchObject(answered)
    }
    await refused(ask(started.url, "--username", "ada", "--password", "battery staple"), "battery staple")
    await refused(ask(started.url.replace("//", "//ada:battery@"), "--username", "ada"), "battery")
    expect(started.log.join("\n")).not.toMatch(/correct horse|battery/)
  })
})

describe("dynamic security, installed as it is printed (X-1)", () => {
  it("lets the SDK do what its role may, each under its client id, and is set anew by the same commands", async () => {
    const printed = await scratch.fleetwire(["access", "--principals", "people.json", "--format", "dynsec"])
    const { commands } = JSON.parse(printed.out) as { readonly commands: readonly object[] }
    const account = (name: string) => ({ name, password: `of ${name}`, role: "", bind: {} })
    const installed = await startAttackBroker({ kind: "dynamic-security", commands }, [
      account("lamp-1"),
      account("ada"),
    ])
    stop.push(() => installed.stop())
    const { url, witness } = installed
    const reconnect = { spreadMs: 50, baseMs: 50, capMs: 200 }
    await lamp({ url, username: "lamp-1", password: "of lamp-1", reconnect })
    for (const protocol of ["3.1.1", "5"]) {
      const argv = ["--username", "ada", "--password", "of ada", "--protocol", protocol]
      expect(await ask(url, ...argv)).toMatchObject(answered)
    }
    // Again, as after a change: what is there already is refused by name and set by the command behind it.
    const admin = await connectRaw({ url, clientId: "admin", ...witness })
    const control = "$CONTROL/dynamic-security/v1"
    await admin.subscribe(`${control}/response`)
    await admin.publish(control, JSON.stringify({ commands }), { qos: 1 })
    const answer = await admin.message(({ topic }) => topic === `${control}/response`)
    const { responses } = JSON.parse(answer.payload.toString()) as {
      readonly responses: readonly { readonly command: string; readonly error?: string }[]
    }
    expect(responses.filter(({ error }) => error !== undefined).map(({ command }) => command)).toEqual([
      "createRole",
      "createClient",
      "createRole",
      "createClient",
    ])
    admin.destroy()
    // The plugin puts out whoever has a role that was set; the lamp is back after its spread.
    const again = () => ask(url, "--username", "ada", "--password", "of ada")
    await expect.poll(again, { timeout: 20_000, interval: 500 }).toMatchObject(answered)
  })
})

describe("a command that the rules refuse (X-5)", () => {
  it("ends as a timeout at MQTT 3.1.1, where nobody can tell, and as unauthorized at MQTT 5", async () => {
    const { url } = await broker({ users: { eve: "x", "lamp-1": "y" } })
    await lamp({ url, username: "lamp-1", password: "y" })
    const eve = ["--username", "eve", "--password", "x", "--timeout", "1000", "--protocol"]
    const [three, five] = await Promise.all([ask(url, ...eve, "3.1.1"), ask(url, ...eve, "5")])
    expect([three.code, five.code]).toEqual([1, 1])
    expect(three.err).toMatch(/^\[timeout\]/)
    expect(five.err).toMatch(/^\[unauthorized\]/)
  })
})

describe.skipIf(missing !== undefined)(`tokens (X-3)${missing === undefined ? "" : `: ${missing}`}`, () => {
  it("let their subject speak over TCP, TLS and WSS; expired, foreign and unsigned ones are refused", async () => {
    const publicKey = signer.publicKey.export({ type: "spki", format: "pem" }) as string
    const started = await broker({ tokens: { plugin: plugin as string, publicKey, ownClientId: true } })
    await lamp({ url: started.url, username: "lamp-1", password: token("lamp-1") })
    const argv = (password: string, instance = "ada") => ["--username", instance, "--password", password]
    // The shell's client id has a random instance; the subject in it is the broker's to check.
    const lenient = await broker({ tokens: { plugin: plugin as string, publicKey } })
    await lamp({ url: lenient.url, username: "lamp-1", password: token("lamp-1") })
    for (const kind of ["tcp", "tls", "wss"] as const) {
      const secure = kind === "tcp" ? [] : ca
      expect(await ask(lenient.urlOf(kind), ...secure, ...argv(token("ada")))).toMatchObject(answered)
    }
    const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    for (const bad of [
      token("ada", soon - 1200),
      signToken({ sub: "ada", exp: soon }, { alg: "ES256", key: stranger }),
      signToken({ sub: "ada", exp: soon }, { alg: "none" }),
      token("lamp-1"),
    ]) {
      await refused(ask(lenient.url, ...argv(bad)), bad)
    }
    await refused(ask(started.url, ...argv(token("ada"))))
    expect(started.log.concat(lenient.log).join("\n")).not.toContain(token("ada").split(".")[1])
  })
})
