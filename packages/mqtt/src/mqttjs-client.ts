import mqtt, { type IClientOptions, type MqttClient } from "mqtt"
import { openPlainSocket, type ReadInto, readInto } from "./node-socket.js"
import type { Octets } from "./octets.js"
import { REST_MS } from "./read-pacer.js"

/** A stream as MQTT.js makes it: a socket of Node, of `ws`, or its own around a browser's WebSocket. */
export interface MqttStream {
  write(octets: Uint8Array): boolean
  end(): void
  destroy(error?: Error): void
  on(event: "data", run: (octets: Octets) => void): unknown
  once(event: "drain" | "close", run: () => void): unknown
  pipe(sink: MqttParserInput): unknown
  readonly writableNeedDrain?: boolean
  readonly destroyed?: boolean
  setNoDelay?(on: boolean): unknown
  pause(): unknown
  resume(): unknown
}

/** MQTT.js's own parser, behind the stream that it reads from. */
export interface MqttParserInput {
  write(octets: Octets): unknown
}

/**
 * What is used of MQTT.js beside its public surface. The version is pinned; `assertPrivateMembers` and its test say
 * at once when another version lacks one of them.
 */
interface PrivateMembers {
  streamBuilder: (client: unknown) => MqttStream
  _writePacket: (packet: object) => void
  stream: MqttStream
  onKeepaliveTimeout: () => void
}

const silent = () => undefined

/** Names of the private members that are relied upon. */
export const PRIVATE_MEMBERS = ["streamBuilder", "_writePacket", "onKeepaliveTimeout"] as const

/** Says which private members a client of MQTT.js lacks; empty for the pinned version. */
export function missingPrivateMembers(client: object): readonly string[] {
  return PRIVATE_MEMBERS.filter((name) => typeof (client as Record<string, unknown>)[name] !== "function")
}

/** One connection attempt of MQTT.js, never begun again by itself, whose octets pass by `onOctets`. */
export interface MqttJsClient {
  readonly client: MqttClient
  readonly stream: MqttStream
  /** Encodes and writes one packet at once. */
  writePacket(packet: object): void
  /** Hands octets of one packet to MQTT.js, which parses and answers it. */
  parse(octets: Octets): void
}

/**
 * Starts one attempt. MQTT.js gives the socket, CONNECT and CONNACK, keep-alive, and the coding of everything but
 * PUBLISH and its answers; its reader gets only what `onOctets` passes on. May throw for unusable TLS material.
 */
export function startMqttJs(
  options: IClientOptions,
  handlers: {
    readonly onOctets: (octets: Octets) => void
    /** Asked after each read of a socket that can rest: true to leave it alone for `REST_MS`. */
    readonly shouldRest: () => boolean
    /** Asked after each read, and again and again: true to leave such a socket alone for as long as that is so. */
    readonly isFlooded: () => boolean
    /** MQTT.js found no life on the connection: true when there was within half a keep-alive, so that it goes on. */
    readonly isAlive: (keepAliveSeconds: number) => boolean
  },
): MqttJsClient {
  // A timer holds the process: a socket that is not read does not.
  const rested = () => {
    if (members.stream.destroyed === true) return
    if (handlers.isFlooded()) setTimeout(rested, REST_MS)
    else members.stream.resume()
  }
  const onread = readInto((octets, full) => {
    handlers.onOctets(octets)
    const goesOn = !handlers.shouldRest() || full
    if (goesOn && !handlers.isFlooded()) return true
    setTimeout(rested, REST_MS)
    return false
  })
  const client = mqtt.connect({
    ...options,
    // MQTT.js hands its options to `tls.connect` as they are.
    ...(options.protocol === "mqtts" && onread !== undefined ? { onread } : {}),
    // Disabled debug calls still cost a tenth of the time.
    log: silent,
    manualConnect: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  })
  const missing = missingPrivateMembers(client)
  if (missing.length > 0) throw new Error(`this version of MQTT.js lacks ${missing.join(", ")}: use the pinned one`)
  const members = client as unknown as PrivateMembers
  let parser: MqttParserInput | undefined
  const build = members.streamBuilder
  members.streamBuilder = (self) => {
    const direct = openSocket(client, onread)
    const stream = direct ?? build(self)
    stream.setNoDelay?.(true)
    const byItself = direct !== undefined || (onread !== undefined && options.protocol === "mqtts")
    stream.pipe = (sink) => {
      parser = sink
      if (!byItself) {
        stream.on("data", (octets) => {
          handlers.onOctets(octets)
          if (!handlers.isFlooded()) return
          stream.pause()
          setTimeout(rested, REST_MS)
        })
      }
      return sink
    }
    return stream
  }
  const giveUp = members.onKeepaliveTimeout.bind(client)
  members.onKeepaliveTimeout = () => {
    if (handlers.isAlive(client.keepalive)) client.sendPing()
    else giveUp()
  }
  client.connect()
  return {
    client,
    get stream() {
      return members.stream
    },
    writePacket: (packet) => members._writePacket(packet),
    parse: (octets) => {
      parser?.write(octets)
    },
  }
}

/** The socket of `mqtt:`, where no proxy stands between. */
function openSocket(client: MqttClient, onread: ReadInto | undefined): MqttStream | undefined {
  const { protocol, host, port, socksProxy } = client.options
  if (onread === undefined || protocol !== "mqtt" || host === undefined || port === undefined) return undefined
  if (socksProxy !== undefined && socksProxy !== "") return undefined
  return openPlainSocket(host, port, onread) as MqttStream | undefined
}
