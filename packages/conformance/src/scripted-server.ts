import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { filterMatches } from "@fleetwire/topic"
import {
  generate,
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type Packet,
  parser,
  type QoS,
} from "mqtt-packet"
import type { RawMessage, RawPublishOptions } from "./raw-client.js"

/** What a scripted server answers; it may change between connections. */
export interface ServerScript {
  connack: { properties?: IConnackPacket["properties"]; code: number; sessionPresent: boolean | undefined }
  /** Granted instead of what was asked for. */
  subackCode: number | undefined
  /** Acknowledgements of what the client publishes are withheld. */
  holdAcks: boolean
}

/**
 * A broker in this process that behaves unless its script says otherwise: for limits and reason codes that no real broker
 * can be told to show. Sessions and retained messages live as long as it does.
 */
export class ScriptedServer {
  readonly messages: RawMessage[] = []
  readonly script: ServerScript = {
    connack: { code: 0, sessionPresent: undefined },
    subackCode: undefined,
    holdAcks: false,
  }
  readonly #server: Server
  readonly #links = new Set<ServerLink>()
  readonly #listeners = new Set<(message: RawMessage) => void>()
  readonly sessions = new Map<string, Map<string, QoS>>()
  readonly retained = new Map<string, IPublishPacket>()

  private constructor() {
    this.#server = createServer((socket) => {
      const link = new ServerLink(socket, this)
      this.#links.add(link)
      socket.once("close", () => this.#links.delete(link))
    })
  }

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer()
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve))
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  onMessage(listener: (message: RawMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** A client published, or its will is due. */
  received(packet: IPublishPacket): void {
    const { topic, qos, retain, dup, messageId, properties = {} } = packet
    const payload = Buffer.from(packet.payload)
    if (retain && payload.length === 0) this.retained.delete(topic)
    else if (retain) this.retained.set(topic, packet)
    const id = messageId === undefined ? {} : { messageId }
    const message = { topic, payload, qos, retain, dup, properties, at: performance.now(), ...id }
    this.messages.push(message)
    for (const listener of [...this.#listeners]) listener(message)
    this.deliver(topic, payload, { qos, properties })
  }

  /** What another client would publish. */
  publish(topic: string, payload: Buffer, options: RawPublishOptions): void {
    const { qos = 0, retain = false, properties } = options
    const packet: IPublishPacket = {
      cmd: "publish",
      topic,
      payload,
      qos,
      retain,
      dup: false,
      ...(properties && { properties }),
    }
    if (retain && payload.length === 0) this.retained.delete(topic)
    else if (retain) this.retained.set(topic, packet)
    this.deliver(topic, payload, options)
  }

  deliver(topic: string, payload: Buffer, options: RawPublishOptions): void {
    for (const link of this.#links) link.deliver(topic, payload, options)
  }

  /** Sends a packet to every open connection. */
  sendAll(packet: Packet): void {
    for (const link of this.#links) link.send(packet)
  }

  /** Sends octets to every open connection, whatever they are. */
  sendOctets(octets: Buffer): void {
    for (const link of this.#links) link.sendOctets(octets)
  }

  /** Ends every connection in an orderly way. */
  endAll(): void {
    for (const link of this.#links) link.end()
  }

  releaseAcks(): void {
    this.script.holdAcks = false
    for (const link of this.#links) link.releaseAcks()
  }

  close(): Promise<void> {
    for (const link of this.#links) link.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

class ServerLink {
  #version: 4 | 5 = 4
  #subscriptions = new Map<string, QoS>()
  #nextId = 1
  #will: IConnectPacket["will"]
  readonly #held: Packet[] = []

  constructor(
    private readonly socket: Socket,
    private readonly server: ScriptedServer,
  ) {
    socket.setNoDelay(true)
    socket.on("error", () => undefined)
    const reader = parser({ protocolVersion: 5 })
    reader.on("packet", (packet) => this.#arrived(packet))
    reader.on("error", () => socket.destroy())
    socket.on("data", (chunk) => void reader.parse(chunk as Buffer))
    socket.once("close", () => {
      const will = this.#will
      if (will === undefined) return
      this.server.received({
        cmd: "publish",
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: will.qos ?? 0,
        retain: will.retain ?? false,
        dup: false,
      })
    })
  }

  send(packet: Packet): void {
    if (!this.socket.destroyed) this.socket.write(generate(packet, { protocolVersion: this.#version }))
  }

  sendOctets(octets: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(octets)
  }

  end(): void {
    this.#will = undefined
    this.socket.end()
  }

  destroy(): void {
    this.#will = undefined
    this.socket.destroy()
  }

  deliver(topic: string, payload: Buffer, options: RawPublishOptions): void {
    const granted = [...this.#subscriptions].filter(([filter]) => filterMatches(filter, topic)).map(([, qos]) => qos)
    if (granted.length === 0) return
    const qos = Math.min(options.qos ?? 0, Math.max(...granted)) as QoS
    this.#publish(topic, payload, qos, false, options)
  }

  releaseAcks(): void {
    for (const packet of this.#held.splice(0)) this.send(packet)
  }

  #publish(topic: string, payload: Buffer, qos: QoS, retain: boolean, options: RawPublishOptions): void {
    const { properties } = options
    const messageId = options.messageId ?? this.#nextId++
    this.send({
      cmd: "publish",
      topic,
      payload,
      qos,
      retain,
      dup: options.dup ?? false,
      ...(qos === 0 ? {} : { messageId }),
      ...(properties === undefined || this.#version === 4 ? {} : { properties }),
    })
  }

  #answer(packet: Packet): void {
    if (this.server.script.holdAcks) this.#held.push(packet)
    else this.send(packet)
  }

  #arrived(packet: Packet): void {
    switch (packet.cmd) {
      case "connect":
        this.#connect(packet)
        break
      case "subscribe": {
        const { subackCode } = this.server.script
        const most = this.server.script.connack.properties?.maximumQoS ?? 2
        const granted = packet.subscriptions.map(({ qos }) => subackCode ?? Math.min(qos, most))
        packet.subscriptions.forEach(({ topic }, index) => {
          if (granted[index]! < 0x80) this.#subscriptions.set(topic, granted[index] as QoS)
        })
        this.send({ cmd: "suback", messageId: packet.messageId!, granted })
        for (const { topic: filter } of packet.subscriptions)
          for (const kept of this.server.retained.values())
            if (filterMatches(filter, kept.topic) && this.#subscriptions.has(filter))
              this.#publish(
                kept.topic,
                Buffer.from(kept.payload),
                Math.min(kept.qos, this.#subscriptions.get(filter)!) as QoS,
                true,
                kept.properties === undefined ? {} : { properties: kept.properties },
              )
        break
      }
      case "unsubscribe":
        for (const filter of packet.unsubscriptions) this.#subscriptions.delete(filter)
        this.send({ cmd: "unsuback", messageId: packet.messageId!, granted: packet.unsubscriptions.map(() => 0) })
        break
      case "publish":
        this.server.received(packet)
        if (packet.qos === 1) this.#answer({ cmd: "puback", messageId: packet.messageId!, reasonCode: 0 })
        else if (packet.qos === 2) this.#answer({ cmd: "pubrec", messageId: packet.messageId!, reasonCode: 0 })
        break
      case "pubrel":
        this.#answer({ cmd: "pubcomp", messageId: packet.messageId!, reasonCode: 0 })
        break
      case "pubrec":
        this.send({ cmd: "pubrel", messageId: packet.messageId!, reasonCode: 0 })
        break
      case "pingreq":
        this.send({ cmd: "pingresp" })
        break
      case "disconnect":
        this.#will = undefined
        this.socket.end()
        break
      default:
    }
  }

  #connect(packet: IConnectPacket): void {
    this.#version = packet.protocolVersion === 5 ? 5 : 4
    const { code, sessionPresent, properties } = this.server.script.connack
    const known = packet.clean === true ? undefined : this.server.sessions.get(packet.clientId)
    this.#subscriptions = known ?? new Map()
    this.server.sessions.set(packet.clientId, this.#subscriptions)
    const present = sessionPresent ?? known !== undefined
    this.send({
      cmd: "connack",
      sessionPresent: code === 0 && present,
      returnCode: code,
      reasonCode: code,
      ...(this.#version === 5 && properties !== undefined ? { properties } : {}),
    })
    if (code !== 0) this.socket.end()
    else this.#will = packet.will
  }
}
