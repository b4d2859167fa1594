import {
  createDevAuthority,
  type DevAuthority,
  type DevCertificate,
  type Mosquitto,
  startMosquitto,
  uniqueName,
} from "@fleetwire/broker-lab"
import type { LinkOptions } from "@fleetwire/runtime"
import { afterAll, beforeAll, expect, it } from "vitest"
import { octets, openLink } from "../test/open-link.js"

let authority: DevAuthority
let foreign: DevAuthority
let device: DevCertificate
let broker: Mosquitto
let mutual: Mosquitto
let expired: Mosquitto

beforeAll(async () => {
  authority = await createDevAuthority()
  foreign = await createDevAuthority("somebody else")
  device = await authority.issue({ commonName: "car-001", purpose: "client" })
  const server = await authority.issue({ commonName: "broker", purpose: "server" })
  const old = await authority.issue({ commonName: "broker", purpose: "server", notAfter: new Date(Date.now() - 1000) })
  const tls = { ...server, ca: authority.ca }
  broker = await startMosquitto({
    listeners: [{ kind: "tls", tls }, { kind: "ws" }, { kind: "wss", tls }],
    users: { ada: "right" },
  })
  mutual = await startMosquitto({
    listeners: [{ kind: "tls", tls: { ...tls, requireCertificate: true, identityAsUsername: true } }],
    acl: "user car-001\ntopic readwrite cars/car-001/#\n",
  })
  expired = await startMosquitto({ listeners: [{ kind: "tls", tls: old }] })
})

afterAll(async () => {
  await Promise.all([broker.stop(), mutual.stop(), expired.stop()])
})

const CREDENTIALS = { username: "ada", password: "right" }

async function roundTrip(
  options: Partial<LinkOptions> & { readonly url: string },
  topic = uniqueName(),
): Promise<string> {
  const peer = openLink({ clientId: uniqueName(), ...options })
  await peer.connection()
  await peer.link.subscribe([{ filter: topic, qos: 1 }])
  await peer.link.publish({ topic, payload: octets("x".repeat(100_000)), qos: 1, retain: false })
  const { text } = await peer.message()
  await peer.link.close()
  return text
}

for (const protocol of ["3.1.1", "5"] as const) {
  for (const kind of ["tcp", "tls", "ws", "wss"] as const) {
    it(`carries 100 000 octets over ${kind} at MQTT ${protocol}`, async () => {
      const secure = kind === "tls" || kind === "wss"
      const text = await roundTrip({
        url: broker.urlOf(kind),
        protocol,
        credentials: CREDENTIALS,
        ...(secure ? { tls: { ca: authority.ca } } : {}),
      })
      expect(text).toHaveLength(100_000)
    })
  }

  it(`refuses a wrong password for good at MQTT ${protocol}`, async () => {
    const credentials = { username: "ada", password: "wrong" }
    const peer = openLink({ url: broker.url, protocol, clientId: uniqueName(), credentials })
    expect(await peer.disconnection()).toMatchObject({
      kind: "refused",
      final: true,
      code: protocol === "5" ? 0x87 : 5,
    })
    expect(JSON.stringify(peer.disconnected)).not.toContain("wrong")
    expect(peer.connected).toEqual([])
  })
}

it("takes the identity from the client's certificate", async () => {
  const url = mutual.urlOf("tls")
  const tls = { ca: authority.ca, cert: device.cert, key: device.key }
  expect(await roundTrip({ url, tls }, "cars/car-001/x")).toHaveLength(100_000)
  const peer = openLink({ url, clientId: uniqueName(), tls })
  await peer.connection()
  await expect(
    peer.link.publish({ topic: "cars/car-002/x", payload: octets("x"), qos: 1, retain: false }),
  ).rejects.toMatchObject({ code: "unauthorized", details: { reasonCode: 0x87 } })
  await peer.link.close()
})

it("takes certificates as DER octets too", async () => {
  const der = (pem: string) => new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64"))
  const tls = { ca: [der(foreign.ca), der(authority.ca)], cert: der(device.cert), key: der(device.key) }
  expect(await roundTrip({ url: mutual.urlOf("tls"), tls }, "cars/car-001/x")).toHaveLength(100_000)
})

it.each([
  { given: "no certificate", tls: async () => ({ ca: authority.ca }) },
  {
    given: "a foreign certificate",
    tls: async () => ({ ca: authority.ca, ...(await foreign.issue({ commonName: "car-001", purpose: "client" })) }),
  },
])("is refused by mutual TLS with $given", async ({ tls }) => {
  const peer = openLink({ url: mutual.urlOf("tls"), clientId: uniqueName(), tls: await tls() })
  expect(await peer.disconnection(2)).toMatchObject({ final: false })
  expect(peer.connected).toEqual([])
  await peer.link.close()
})

it.each([
  { given: "a server of another authority", url: () => broker.urlOf("tls"), tls: () => ({ ca: foreign.ca }) },
  { given: "an unknown authority", url: () => broker.urlOf("tls"), tls: () => undefined },
  { given: "an unknown authority over WebSocket", url: () => broker.urlOf("wss"), tls: () => ({ ca: foreign.ca }) },
  { given: "an expired server certificate", url: () => expired.urlOf("tls"), tls: () => ({ ca: authority.ca }) },
  {
    given: "a certificate for another name",
    url: () => broker.urlOf("tls"),
    tls: () => ({ ca: authority.ca, servername: "elsewhere.example" }),
  },
])("does not speak to $given", async ({ url, tls }) => {
  const material = tls()
  const peer = openLink({
    url: url(),
    clientId: uniqueName(),
    credentials: CREDENTIALS,
    ...(material === undefined ? {} : { tls: material }),
  })
  expect(await peer.disconnection()).toMatchObject({ kind: "refused", final: false })
  expect(peer.connected).toEqual([])
  await peer.link.close()
})

it("gives up at once with a key that is none", async () => {
  const tls = { ca: authority.ca, cert: device.cert, key: "nonsense" }
  const peer = openLink({ url: mutual.urlOf("tls"), clientId: uniqueName(), tls })
  expect(await peer.disconnection()).toMatchObject({ kind: "refused", final: true })
  await peer.link.close()
})
