import { type LinkOptions, type MessageProperties, SdkError, type TlsOptions } from "@fleetwire/runtime"
import type { IClientOptions } from "mqtt"
import { INBOUND_ALIASES } from "./inbound-aliases.js"

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000
const SCHEMES = { "mqtt:": "mqtt", "mqtts:": "mqtts", "ws:": "ws", "wss:": "wss" } as const
const PORTS = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const

interface BufferConstructorLike {
  from(data: Uint8Array): Uint8Array
}

const platformBuffer = (globalThis as { readonly Buffer?: BufferConstructorLike }).Buffer
const inBrowser = typeof (globalThis as { readonly document?: unknown }).document !== "undefined"

/** Throws `invalid_argument` or `unsupported` for options that no attempt could use. */
export function checkLinkOptions(options: LinkOptions): void {
  const { scheme } = parseUrl(options.url)
  if (options.tls !== undefined && (scheme === "mqtt" || scheme === "ws")) {
    throw new SdkError("invalid_argument", `tls is given, but ${scheme}: does not use it`)
  }
  if (inBrowser && options.tls !== undefined) {
    throw new SdkError("unsupported", "in a browser TLS is the browser's own", { details: { limit: "tls" } })
  }
  if (inBrowser && (scheme === "mqtt" || scheme === "mqtts")) {
    throw new SdkError("unsupported", "a browser connects by ws: or wss: only", { details: { limit: "tcp" } })
  }
  const keepAlive = options.keepAliveSeconds
  if (!Number.isInteger(keepAlive) || keepAlive < 0 || keepAlive > 65_535) {
    throw new SdkError("invalid_argument", "keepAliveSeconds is no integer from 0 to 65 535")
  }
  if (options.clientId === "" && options.session.kind === "persistent") {
    throw new SdkError("invalid_argument", "a persistent session needs a client id")
  }
}

/** What is the transport's, not the link's. */
export interface SocketOptions {
  readonly webSocketHeaders?: Readonly<Record<string, string>>
  readonly workerTimers?: boolean
  readonly topicAliases?: boolean
}

/** LinkOptions in the words of MQTT.js, with the will of this attempt. */
export function connectOptions(
  options: LinkOptions,
  clientId: string,
  { webSocketHeaders, workerTimers, topicAliases = true }: SocketOptions,
): IClientOptions {
  const { scheme, host, port, path, username, password } = parseUrl(options.url)
  const five = options.protocol === "5"
  const name = options.credentials?.username ?? username
  const secret = options.credentials === undefined ? password : options.credentials.password
  const secure = scheme === "mqtts" || scheme === "wss"
  const tls = secure ? tlsOptions(options.tls) : {}
  return {
    protocol: scheme,
    host,
    hostname: host,
    port,
    ...(scheme === "ws" || scheme === "wss" ? { path, wsOptions: webSocketOptions(tls, webSocketHeaders) } : {}),
    ...tls,
    protocolId: "MQTT",
    protocolVersion: five ? 5 : 4,
    clientId,
    clean: options.session.kind === "clean",
    keepalive: options.keepAliveSeconds,
    timerVariant: workerTimers === true ? "auto" : "native",
    connectTimeout: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    ...(name === undefined ? {} : { username: name }),
    ...(secret === undefined ? {} : { password: passwordOf(secret) }),
    ...willOptions(options, five),
    ...(five ? { properties: connectProperties(options, topicAliases) } : {}),
  }
}

function connectProperties(options: LinkOptions, topicAliases: boolean): NonNullable<IClientOptions["properties"]> {
  return {
    ...(topicAliases ? { topicAliasMaximum: INBOUND_ALIASES } : {}),
    ...(options.session.kind === "persistent" ? { sessionExpiryInterval: options.session.expirySeconds } : {}),
    ...(options.receiveMaximum === undefined ? {} : { receiveMaximum: options.receiveMaximum }),
    ...(options.maximumPacketSize === undefined ? {} : { maximumPacketSize: options.maximumPacketSize }),
  }
}

function willOptions(options: LinkOptions, five: boolean): Pick<IClientOptions, "will"> {
  const will = options.will?.()
  if (will === undefined) return {}
  const { topic, qos, retain } = will
  const payload = will.payload as Uint8Array as never
  if (!five) return { will: { topic, payload, qos, retain } }
  const properties = { ...willProperties(will.properties) }
  if (will.delaySeconds !== undefined && will.delaySeconds > 0) properties.willDelayInterval = will.delaySeconds
  return { will: { topic, payload, qos, retain, properties } }
}

type WillProperties = NonNullable<NonNullable<IClientOptions["will"]>["properties"]>

function willProperties(properties: MessageProperties | undefined): WillProperties {
  if (properties === undefined) return {}
  const user: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of properties.userProperties ?? []) {
    const before = user[name]
    user[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return {
    ...(properties.payloadIsUtf8 === undefined ? {} : { payloadFormatIndicator: properties.payloadIsUtf8 }),
    ...(properties.messageExpirySeconds === undefined
      ? {}
      : { messageExpiryInterval: properties.messageExpirySeconds }),
    ...(properties.contentType === undefined ? {} : { contentType: properties.contentType }),
    ...(properties.responseTopic === undefined ? {} : { responseTopic: properties.responseTopic }),
    ...(properties.correlationData === undefined ? {} : { correlationData: properties.correlationData as never }),
    ...(properties.userProperties === undefined ? {} : { userProperties: user }),
  }
}

function tlsOptions(tls: TlsOptions | undefined): IClientOptions {
  const { ca, cert, key, servername } = tls ?? {}
  const authorities = ca === undefined ? [] : typeof ca === "string" || ca instanceof Uint8Array ? [ca] : ca
  return {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca: authorities.map((each) => pemOf(each, "CERTIFICATE")) }),
    ...(cert === undefined ? {} : { cert: pemOf(cert, "CERTIFICATE") }),
    ...(key === undefined ? {} : { key: pemOf(key, "PRIVATE KEY") }),
    ...(servername === undefined ? {} : { servername }),
  }
}

/** Node reads PEM only: text and octets of PEM pass as they are, DER is armoured (a key as PKCS#8). */
export function pemOf(source: string | Uint8Array, label: "CERTIFICATE" | "PRIVATE KEY"): string {
  if (typeof source === "string") return source
  const text = Array.from(source, (octet) => String.fromCharCode(octet)).join("")
  if (text.startsWith("-----BEGIN")) return text
  // No empty line before the end: OpenSSL refuses one, and a last line of exactly 64 characters would leave it.
  const lines = btoa(text).replace(/(.{64})(?=.)/g, "$1\n")
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

function webSocketOptions(tls: object, headers: Readonly<Record<string, string>> | undefined): object {
  return { ...tls, perMessageDeflate: false, ...(headers === undefined ? {} : { headers }) }
}

/** MQTT.js wants text or the platform's Buffer; a browser has only text. */
function passwordOf(secret: string | Uint8Array): never {
  if (typeof secret === "string") return secret as never
  if (platformBuffer !== undefined) return platformBuffer.from(secret) as never
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(secret) as never
  } catch {
    throw new SdkError("unsupported", "a password of octets that are no UTF-8 text", { details: { limit: "password" } })
  }
}

interface ParsedUrl {
  readonly scheme: "mqtt" | "mqtts" | "ws" | "wss"
  readonly host: string
  readonly port: number
  readonly path: string
  readonly username: string | undefined
  readonly password: string | undefined
}

function parseUrl(text: string): ParsedUrl {
  let url: URL
  try {
    // Other schemes than http parse hosts loosely: IPv6 brackets and ports are the same.
    url = new URL(text)
  } catch {
    throw new SdkError("invalid_argument", "the url is not a URL")
  }
  const scheme = SCHEMES[url.protocol as keyof typeof SCHEMES]
  if (scheme === undefined || url.hostname === "") {
    throw new SdkError("invalid_argument", "the url is none of mqtt:, mqtts:, ws:, wss: with a host")
  }
  const bare = url.hostname.replace(/^\[(.*)\]$/, "$1")
  return {
    scheme,
    host: scheme === "ws" || scheme === "wss" ? url.hostname : bare,
    port: url.port === "" ? PORTS[scheme] : Number(url.port),
    path: `${url.pathname === "" ? "/" : url.pathname}${url.search}`,
    username: url.username === "" ? undefined : decodeURIComponent(url.username),
    password: url.password === "" ? undefined : decodeURIComponent(url.password),
  }
}
