import { createSecretKey, generateKeyPairSync } from "node:crypto"
import { connect } from "node:net"
import { type Packet, parser } from "mqtt-packet"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { provideJwtAuth } from "./provide-jwt-auth.js"
import { provideMosquitto } from "./provide-mosquitto.js"
import { signToken, type TokenKey } from "./sign-token.js"
import { type Mosquitto, startMosquitto } from "./start-mosquitto.js"

const install = await provideMosquitto()
const plugin = await provideJwtAuth(install).catch((error: Error) => error)
const missing = plugin instanceof Error ? plugin.message : undefined

const ours = generateKeyPairSync("ec", { namedCurve: "P-256" })
const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" })
const secret = Buffer.from("a secret of thirty-two octets, or more")
const publicKey = ours.publicKey.export({ type: "spki", format: "pem" }) as string
const soon = Math.floor(Date.now() / 1000) + 600
const past = soon - 1200

const es: TokenKey = { alg: "ES256", key: ours.privateKey }
const hs: TokenKey = { alg: "HS256", secret }
const good = { sub: "car-001", exp: soon }

let broker: Mosquitto

interface Attempt {
  readonly token?: string
  readonly username?: string
  readonly clientId?: string
}

/** CONNECT of MQTT 5, by hand: a password without a user name is legal, and no library writes one. */
function connectPacket(clientId: string, username: string | undefined, password: string | undefined): Buffer {
  const text = (value: string) =>
    Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)])
  const flags = 0x02 | (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40)
  const body = Buffer.concat([
    text("MQTT"),
    Buffer.from([5, flags, 0, 0, 0]),
    ...[clientId, username, password].filter((one) => one !== undefined).map(text),
  ])
  const length: number[] = []
  for (let rest = body.length; rest > 0; rest >>= 7) length.push((rest & 127) | (rest > 127 ? 128 : 0))
  return Buffer.concat([Buffer.from([0x10, ...length]), body])
}

/** CONNECT with a token as the password; the code of CONNACK, or undefined where the broker just closed. */
function attempt(to: Mosquitto, { token, username, clientId = "x" }: Attempt): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(to.port, "127.0.0.1")
    const reader = parser({ protocolVersion: 5 })
    const end = (code: number | undefined) => {
      socket.destroy()
      resolve(code)
    }
    reader.on("packet", (packet: Packet) => end(packet.cmd === "connack" ? packet.reasonCode : undefined))
    socket.on("data", (chunk: Buffer) => void reader.parse(chunk))
    socket.on("close", () => end(undefined))
    socket.on("error", () => end(undefined))
    socket.write(connectPacket(clientId, username, token))
  })
}

describe.skipIf(missing !== undefined)(
  `tokens at Mosquitto (X-3)${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    beforeAll(async () => {
      broker = await startMosquitto({
        install,
        tokens: { plugin: plugin as string, secret, publicKey, audience: "fleet", ownClientId: true },
      })
    })
    afterAll(() => broker?.stop())

    const claims = { ...good, aud: "fleet" }
    const [head, body, tail] = signToken(claims, es).split(".") as [string, string, string]
    const withSub = (sub: string) => Buffer.from(JSON.stringify({ ...claims, sub })).toString("base64url")

    it.each<Attempt & { readonly given: string }>([
      { given: "ES256", token: signToken(claims, es), username: "car-001", clientId: "iot-car.device.car-001" },
      { given: "HS256", token: signToken(claims, hs), username: "car-001", clientId: "car-001" },
      { given: "no user name", token: signToken(claims, es), clientId: "iot-car.device.car-001.calls" },
      { given: "several audiences", token: signToken({ ...claims, aud: ["a", "fleet"] }, es), clientId: "car-001" },
      { given: "valid since now", token: signToken({ ...claims, nbf: past }, es), clientId: "car-001" },
    ])("accepts $given", async (one) => {
      expect(await attempt(broker, one)).toBe(0)
    })

    it.each<Attempt & { readonly given: string }>([
      { given: "an expired token", token: signToken({ ...claims, exp: past }, es) },
      { given: "a token without exp", token: signToken({ sub: "car-001", aud: "fleet" }, es) },
      { given: "an exp that is a text", token: signToken({ ...claims, exp: `${soon}` as never }, es) },
      { given: "a token that is not valid yet", token: signToken({ ...claims, nbf: soon }, es) },
      { given: "a foreign key", token: signToken(claims, { alg: "ES256", key: foreign.privateKey }) },
      { given: "a foreign secret", token: signToken(claims, { alg: "HS256", secret: Buffer.alloc(40, "x") }) },
      { given: "alg none", token: signToken(claims, { alg: "none" }) },
      { given: "alg None, with another's signature", token: signToken(claims, es, { alg: "None" }) },
      {
        given: "the public key as a secret",
        token: signToken(claims, { alg: "HS256", secret: Buffer.from(publicKey) }),
      },
      { given: "ES256 said of an HS256 signature", token: signToken(claims, hs, { alg: "ES256" }) },
      { given: "a critical header that is unknown", token: signToken(claims, es, { crit: ["b64"], b64: false }) },
      { given: "another subject under the same signature", token: `${head}.${withSub("car-002")}.${tail}` },
      { given: "a subject of another user", token: signToken(claims, es), username: "car-002" },
      { given: "a subject with a wildcard", token: signToken({ ...claims, sub: "+" }, es) },
      { given: "a subject that ends early", token: signToken({ ...claims, sub: "car-001\u0000x" }, es) },
      { given: "no subject", token: signToken({ exp: soon, aud: "fleet" }, es) },
      { given: "another audience", token: signToken({ ...claims, aud: "others" }, es) },
      { given: "no signature", token: `${head}.${body}.` },
      { given: "half a signature", token: `${head}.${body}.${tail.slice(0, 40)}` },
      { given: "two parts", token: `${head}.${body}` },
      { given: "four parts", token: `${head}.${body}.${tail}.${tail}` },
      { given: "padding", token: `${head}.${body}.${tail}==` },
      { given: "no base64", token: `${head}.%%%%.${tail}` },
      { given: "a token of 60 000 octets", token: `${head}.${"a".repeat(60_000)}.${tail}` },
      { given: "a password", token: "right" },
      { given: "nothing" },
      { given: "the client id of another", token: signToken(claims, es), clientId: "iot-car.device.car-002" },
      {
        given: "a client id that begins like its own",
        token: signToken(claims, es),
        clientId: "iot-car.device.car-0011",
      },
    ])("refuses $given", async ({ clientId = "car-001", ...one }) => {
      expect(await attempt(broker, { ...one, clientId })).not.toBe(0)
      expect(await attempt(broker, { token: signToken(claims, es), clientId: "car-001" })).toBe(0)
    })

    it("has no token and no secret in the log", () => {
      const log = broker.log.join("\n")
      expect(log).toContain("token refused: it has expired")
      expect(log).not.toContain(tail)
      expect(log).not.toContain(body)
      expect(log).not.toContain(secret.toString())
    })

    it.each([
      { given: "no key at all", tokens: {} },
      { given: "a short secret", tokens: { secret: createSecretKey(Buffer.from("short")).export() } },
      {
        given: "a key that is none",
        tokens: { publicKey: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" },
      },
      {
        given: "a key of another curve",
        tokens: {
          publicKey: generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({
            type: "spki",
            format: "pem",
          }) as string,
        },
      },
    ])("does not start with $given", async ({ tokens }) => {
      await expect(startMosquitto({ install, tokens: { plugin: plugin as string, ...tokens } })).rejects.toThrow(
        /mosquitto/,
      )
    })
  },
)
