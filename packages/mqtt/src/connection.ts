import type { IClientOptions } from "mqtt"
import { FrameSplitter } from "./frame-splitter.js"
import { InboundAliases } from "./inbound-aliases.js"
import { ArrivedMessage, type InboundFlow } from "./inbound-flow.js"
import { readProperties } from "./message-properties.js"
import { type MqttJsClient, startMqttJs } from "./mqttjs-client.js"
import { OctetReader, type Octets } from "./octets.js"
import type { OutboundFlow } from "./outbound-flow.js"
import { Outbox } from "./outbox.js"
import { ProtocolFault } from "./protocol-fault.js"
import { createReadPacer } from "./read-pacer.js"
import type { ConnackProperties } from "./server-limits.js"
import type { TopicText } from "./topic-text.js"

/** CONNACK as far as it is used. */
export interface Connack {
  readonly sessionPresent: boolean
  /** Reason code of MQTT 5, return code of 3.1.1. */
  readonly code: number
  readonly properties: ConnackProperties | undefined
}

/** Why a connection ended, as far as it was seen. */
export interface ConnectionEnd {
  readonly kind: "network" | "refused" | "server" | "keep-alive" | "acknowledge-timeout" | "protocol"
  readonly code?: number
  readonly message: string
  /** What the system said. */
  readonly cause?: unknown
}

export interface ConnectionHandlers {
  onConnack(connack: Connack): void
  onMessage(message: ArrivedMessage): void
  onSubscribeAnswer(id: number, codes: readonly number[] | undefined): void
  /** Once, after everything else. */
  onEnd(end: ConnectionEnd): void
}

export interface ConnectionOptions {
  readonly mqttjs: IClientOptions
  readonly five: boolean
  readonly largestPacket: number
  readonly inbound: InboundFlow
  readonly outbound: OutboundFlow
  readonly topics: TopicText
  readonly monotonic: () => number
  /** True while the socket shall not be read, because more came than may be held. */
  readonly isFlooded: () => boolean
}

/** What MQTT.js emits of the packets that it parses. */
interface ControlPacket {
  readonly cmd: string
  readonly messageId?: number
  readonly sessionPresent?: boolean
  readonly reasonCode?: number
  readonly returnCode?: number
  readonly granted?: readonly number[]
  readonly properties?: ConnackProperties & { readonly reasonString?: string }
}

/** A destroyed socket that never says so is taken for closed after this long. */
const CLOSE_GRACE_MS = 1000
const TLS_FAULT = /CERT|TLS|SSL|SIGNED|ISSUER/

/**
 * One attempt to connect and, if it succeeds, one connection. PUBLISH and its answers are read here, straight off the
 * socket: MQTT.js parses one packet for each turn of its queue and holds the next until the last was handled. All
 * other packets are MQTT.js's.
 */
export class Connection {
  readonly outbox: Outbox
  readonly #options: ConnectionOptions
  readonly #handlers: ConnectionHandlers
  readonly #splitter: FrameSplitter
  readonly #aliases: InboundAliases
  readonly #mqttjs: MqttJsClient
  #end: ConnectionEnd | undefined
  #ended = false
  #grace: ReturnType<typeof setTimeout> | undefined
  #greeted = false
  #lastArrival = 0
  #messages = 0
  readonly #pacer = createReadPacer(() => performance.now())

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#options = options
    this.#handlers = handlers
    this.#aliases = new InboundAliases(options.mqttjs.properties?.topicAliasMaximum ?? 0)
    this.#splitter = new FrameSplitter(
      (octets, start, body, end) => this.#frame(octets, start, body, end),
      options.largestPacket,
    )
    this.#mqttjs = startMqttJs(options.mqttjs, {
      onOctets: (octets) => this.#arrived(octets),
      shouldRest: () => this.#pacer.shouldRest(this.#messages),
      isFlooded: options.isFlooded,
      isAlive: (keepAliveSeconds) =>
        options.isFlooded() || options.monotonic() - this.#lastArrival < keepAliveSeconds * 500,
    })
    this.outbox = new Outbox(this.#mqttjs.stream)
    const { client } = this.#mqttjs
    client.on("packetreceive", (packet) => this.#control(packet as unknown as ControlPacket))
    client.on("error", (error) => this.#failed(error as NodeJS.ErrnoException))
    client.on("close", () => this.#closed())
  }

  /** Resolves when the socket takes octets again; undefined while it does, and when it is gone. */
  drained(): Promise<void> | undefined {
    const { stream } = this.#mqttjs
    if (stream.writableNeedDrain !== true || stream.destroyed === true) return undefined
    return new Promise((resolve) => {
      stream.once("drain", resolve)
      stream.once("close", resolve)
    })
  }

  /** Encodes and writes a packet that is neither PUBLISH nor one of its answers. */
  send(packet: object): void {
    this.outbox.flush()
    this.#mqttjs.writePacket(packet)
  }

  /** DISCONNECT, then the end of the socket as soon as everything is written. */
  leave(): void {
    if (this.#end !== undefined) {
      this.cut(this.#end)
      return
    }
    this.send({ cmd: "disconnect", ...(this.#options.five ? { reasonCode: 0 } : {}) })
    this.outbox.close()
    this.#mqttjs.client.disconnecting = true
    this.#mqttjs.stream.end()
  }

  /** Cuts the socket without a word. `end` is what is reported, where nothing was seen before. */
  cut(end: ConnectionEnd): void {
    this.#end ??= end
    this.outbox.close()
    this.#splitter.stop()
    this.#mqttjs.stream.destroy()
    this.#grace ??= setTimeout(() => this.#closed(), CLOSE_GRACE_MS)
  }

  #arrived(octets: Octets): void {
    this.#lastArrival = this.#options.monotonic()
    try {
      this.#splitter.push(octets)
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error
      this.#broke(error)
    }
  }

  #broke(fault: ProtocolFault): void {
    const end = {
      kind: "protocol",
      code: fault.reasonCode,
      message: `the server broke the protocol: ${fault.message}`,
    } as const
    this.#end ??= end
    this.#splitter.stop()
    if (!this.#greeted || !this.#options.five) {
      this.cut(end)
      return
    }
    this.send({ cmd: "disconnect", reasonCode: fault.reasonCode })
    this.outbox.close()
    // MQTT.js writes at the end of this turn.
    setTimeout(() => this.cut(end), 0)
  }

  #frame(octets: Octets, start: number, body: number, end: number): void {
    const first = octets[start]!
    const type = first >>> 4
    if (type === 3) this.#publish(octets, first, body, end)
    else if (type >= 4 && type <= 7) this.#answer(octets, first, body, end)
    else this.#mqttjs.parse(octets.subarray(start, end))
  }

  #publish(octets: Octets, first: number, body: number, end: number): void {
    if (!this.#greeted) throw new ProtocolFault(0x82, "a PUBLISH before CONNACK")
    const qos = ((first >>> 1) & 3) as 0 | 1 | 2
    if ((qos as number) === 3) throw new ProtocolFault(0x81, "a PUBLISH of QoS 3")
    const topicAt = body + 2
    const topicEnd = topicAt + ((octets[body]! << 8) | octets[body + 1]!)
    if (topicEnd > end || topicAt > end) throw new ProtocolFault(0x81, "a topic longer than its packet")
    let payloadAt = topicEnd
    let packetId = 0
    if (qos > 0) {
      payloadAt += 2
      if (payloadAt > end) throw new ProtocolFault(0x81, "a PUBLISH without its packet identifier")
      packetId = (octets[topicEnd]! << 8) | octets[topicEnd + 1]!
      if (packetId === 0) throw new ProtocolFault(0x81, "packet identifier 0")
    }
    let properties: ArrivedMessage["properties"]
    let subscriptionIds: ArrivedMessage["subscriptionIds"]
    let alias: number | undefined
    if (this.#options.five) {
      if (payloadAt >= end) throw new ProtocolFault(0x81, "a PUBLISH without properties")
      if (octets[payloadAt] === 0) payloadAt += 1
      else {
        const reader = new OctetReader(octets, payloadAt, end)
        const read = readProperties(reader)
        alias = read.topicAlias
        properties = read.properties
        subscriptionIds = read.subscriptionIds
        payloadAt = reader.at
      }
    }
    const { inbound, topics } = this.#options
    let topic = topicEnd === topicAt ? "" : topics.read(octets, topicAt, topicEnd)
    if (alias !== undefined) topic = this.#aliases.resolve(alias, topic)
    else if (topic === "") throw new ProtocolFault(0x82, "a PUBLISH without a topic")
    this.#messages += 1
    const message = new ArrivedMessage(
      topic,
      octets.subarray(payloadAt, end),
      qos,
      (first & 1) !== 0,
      (first & 8) !== 0,
      packetId,
      qos === 0 ? undefined : inbound,
      properties,
      subscriptionIds,
    )
    if (qos === 0 || inbound.arrived(message)) this.#handlers.onMessage(message)
  }

  #answer(octets: Octets, first: number, body: number, end: number): void {
    if (!this.#greeted) throw new ProtocolFault(0x82, "an acknowledgement before CONNACK")
    if (end - body < 2) throw new ProtocolFault(0x81, "an acknowledgement without its packet identifier")
    const id = (octets[body]! << 8) | octets[body + 1]!
    const code = end - body > 2 ? octets[body + 2]! : 0
    const { inbound, outbound } = this.#options
    if (first === 0x40) outbound.acknowledged(id, code, "puback")
    else if (first === 0x50) outbound.received(id, code)
    else if (first === 0x62) inbound.released(id)
    else if (first === 0x70) outbound.acknowledged(id, code, "pubcomp")
    else throw new ProtocolFault(0x81, "an acknowledgement with wrong flags")
  }

  #control(packet: ControlPacket): void {
    switch (packet.cmd) {
      case "connack": {
        if (this.#greeted) return
        const code = (this.#options.five ? packet.reasonCode : packet.returnCode) ?? 0
        if (code === 0) this.#greeted = true
        const { sessionPresent = false, properties } = packet
        this.#handlers.onConnack({ sessionPresent: Boolean(sessionPresent), code, properties })
        return
      }
      case "suback":
      case "unsuback":
        this.#handlers.onSubscribeAnswer(packet.messageId ?? 0, packet.granted)
        return
      case "disconnect":
        this.#end ??= { kind: "server", code: packet.reasonCode ?? 0, message: packet.properties?.reasonString ?? "" }
        this.cut(this.#end)
    }
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.message === "Keepalive timeout") this.#end ??= { kind: "keep-alive", message: "no answer to PINGREQ" }
    else if (error.message === "connack timeout") this.#end ??= { kind: "network", message: "no CONNACK in time" }
    else if (TLS_FAULT.test(String(error.code)))
      this.#end ??= { kind: "refused", message: describe(error), cause: error }
    else this.#end ??= { kind: "network", message: describe(error), cause: error }
    if (this.#mqttjs.stream.destroyed !== true) this.cut(this.#end)
  }

  #closed(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#grace)
    this.outbox.close()
    this.#splitter.stop()
    this.#handlers.onEnd(this.#end ?? { kind: "network", message: "the connection was closed" })
  }
}

/** Socket errors speak of addresses and codes only. */
function describe(error: NodeJS.ErrnoException): string {
  // A name with several addresses: one failure for each, and no words of its own.
  if (error.message === "" && error instanceof AggregateError) {
    return error.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each))).join(", ")
  }
  return error.message === "" ? (error.code ?? "the connection failed") : error.message
}
