import { connect as connectSocket, type Socket } from "node:net"
import {
  generate,
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type ISubackPacket,
  type ISubscription,
  type Packet,
  parser,
  type QoS,
} from "mqtt-packet"

/** Version of MQTT as users spell it. */
export type MqttVersion = "3.1.1" | "5"

/** How a raw client connects. Nothing is done that is not asked for. */
export interface RawConnectOptions {
  /** `mqtt://host:port`. */
  readonly url: string
  /** Default `5`. */
  readonly mqtt?: MqttVersion
  readonly clientId: string
  /** Clean Session, Clean Start. Default true. */
  readonly clean?: boolean
  /** Seconds; PINGREQ is sent at half of it. Default 0: none. */
  readonly keepAliveSeconds?: number
  readonly username?: string
  readonly password?: string
  readonly will?: IConnectPacket["will"]
  /** Of CONNECT, at MQTT 5. */
  readonly properties?: IConnectPacket["properties"]
  /** `auto` (default) acknowledges what is received at once; `manual` leaves it to `acknowledge`. */
  readonly acknowledge?: "auto" | "manual"
  /** Milliseconds until CONNACK. Default 5 000. */
  readonly timeoutMs?: number
}

/** How a message is sent. */
export interface RawPublishOptions {
  readonly qos?: QoS
  readonly retain?: boolean
  readonly dup?: boolean
  /** Default: the next free one. */
  readonly messageId?: number
  readonly properties?: IPublishPacket["properties"]
}

/** A message as it was received, with the moment on the process's monotonic clock, in milliseconds. */
export interface RawMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: QoS
  readonly retain: boolean
  readonly dup: boolean
  readonly messageId?: number
  readonly properties: NonNullable<IPublishPacket["properties"]>
  readonly at: number
}

/** An MQTT client with every packet in the caller's hands: it retries, resends and reconnects nothing. */
export interface RawClient {
  readonly clientId: string
  readonly mqtt: MqttVersion
  readonly connack: IConnackPacket
  /** Every packet received, CONNACK included. */
  readonly packets: readonly Packet[]
  /** Every message received; a QoS 2 message is here once for each PUBLISH that carried it. */
  readonly messages: readonly RawMessage[]
  readonly open: boolean
  /** Resolves with how the connection ended. */
  readonly closed: Promise<"ended here" | "ended by the other side">
  /** Told of each message on arrival; the returned function takes the listener away. */
  onMessage(listener: (message: RawMessage) => void): () => void
  /** Told of each packet on arrival; the returned function takes the listener away. */
  onPacket(listener: (packet: Packet) => void): () => void
  /** Sends a packet as it is. */
  send(packet: Packet): void
  /** Sends octets as they are, well formed or not. */
  write(octets: Uint8Array): void
  /** Packet identifier that no packet under way has. */
  nextId(): number
  /** Resolves with SUBACK; rejects after 5 s, or when the connection ends. */
  subscribe(
    filters: string | readonly string[],
    options?: Partial<Omit<ISubscription, "topic">> & { readonly identifier?: number },
  ): Promise<ISubackPacket>
  unsubscribe(filter: string): Promise<void>
  /** Resolves with PUBACK or PUBCOMP (QoS 0: undefined, once it is written); rejects after 5 s. */
  publish(topic: string, payload: Uint8Array | string, options?: RawPublishOptions): Promise<Packet | undefined>
  /** PUBACK at QoS 1, PUBREC at QoS 2 for a received message. */
  acknowledge(message: RawMessage, reasonCode?: number): void
  /** The first packet, received or still to come, that fits; rejects after `timeoutMs` (default 5 000). */
  packet<P extends Packet>(fits: (packet: Packet) => packet is P, timeoutMs?: number): Promise<P>
  /** The first message, received or still to come, that fits. */
  message(fits: (message: RawMessage) => boolean, timeoutMs?: number): Promise<RawMessage>
  /** DISCONNECT, then the end of the connection. */
  disconnect(reasonCode?: number, properties?: { readonly sessionExpiryInterval?: number }): Promise<void>
  /** Ends the connection without a word: the broker publishes the will. */
  destroy(): void
}

const TIMEOUT_MS = 5000

/** Connects and resolves after CONNACK, also where it refuses; rejects where none comes. */
export async function connectRaw(options: RawConnectOptions): Promise<RawClient> {
  const { hostname, port } = new URL(options.url)
  const socket = connectSocket({ host: hostname, port: Number(port === "" ? 1883 : port), noDelay: true })
  const client = new RawConnection(socket, options)
  await client.begin()
  return client
}

class RawConnection implements RawClient {
  readonly packets: Packet[] = []
  readonly messages: RawMessage[] = []
  readonly closed: Promise<"ended here" | "ended by the other side">
  connack!: IConnackPacket
  #lastId = 0
  #endedHere = false
  #ping: NodeJS.Timeout | undefined
  readonly #pending = new Set<number>()
  readonly #packetListeners = new Set<(packet: Packet) => void>()
  readonly #messageListeners = new Set<(message: RawMessage) => void>()
  readonly #version: 4 | 5

  constructor(
    private readonly socket: Socket,
    private readonly options: RawConnectOptions,
  ) {
    this.#version = this.mqtt === "5" ? 5 : 4
    const reader = parser({ protocolVersion: this.#version })
    reader.on("packet", (packet) => this.#arrived(packet))
    reader.on("error", () => socket.destroy())
    socket.on("data", (chunk) => void reader.parse(chunk as Buffer))
    socket.on("error", () => undefined)
    // One for each packet whose answer is awaited.
    socket.setMaxListeners(0)
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        clearInterval(this.#ping)
        resolve(this.#endedHere ? "ended here" : "ended by the other side")
      }),
    )
  }

  get clientId(): string {
    return this.options.clientId
  }

  get mqtt(): MqttVersion {
    return this.options.mqtt ?? "5"
  }

  get open(): boolean {
    return !this.socket.destroyed
  }

  async begin(): Promise<void> {
    const { clientId, clean = true, keepAliveSeconds = 0, username, password, will, properties } = this.options
    this.send({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: this.#version,
      clientId,
      clean,
      keepalive: keepAliveSeconds,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
      ...(will === undefined ? {} : { will }),
      ...(properties === undefined || this.#version === 4 ? {} : { properties }),
    })
    try {
      this.connack = await this.packet((packet) => packet.cmd === "connack", this.options.timeoutMs)
    } catch (error) {
      this.destroy()
      throw error
    }
    if (keepAliveSeconds > 0) {
      this.#ping = setInterval(() => this.send({ cmd: "pingreq" }), keepAliveSeconds * 500)
      this.#ping.unref()
    }
  }

  onMessage(listener: (message: RawMessage) => void): () => void {
    this.#messageListeners.add(listener)
    return () => void this.#messageListeners.delete(listener)
  }

  onPacket(listener: (packet: Packet) => void): () => void {
    this.#packetListeners.add(listener)
    return () => void this.#packetListeners.delete(listener)
  }

  send(packet: Packet): void {
    this.write(generate(packet, { protocolVersion: this.#version }))
  }

  write(octets: Uint8Array): void {
    if (this.open && this.socket.writable) this.socket.write(octets)
  }

  nextId(): number {
    do this.#lastId = (this.#lastId % 65_535) + 1
    while (this.#pending.has(this.#lastId))
    return this.#lastId
  }

  async subscribe(
    filters: string | readonly string[],
    options: Partial<Omit<ISubscription, "topic">> & { readonly identifier?: number } = {},
  ): Promise<ISubackPacket> {
    const { identifier, ...rest } = options
    const subscriptions = [filters].flat().map((topic) => ({ topic, qos: 1 as QoS, ...rest }))
    const messageId = this.nextId()
    const properties = identifier === undefined ? {} : { properties: { subscriptionIdentifier: identifier } }
    const answer = this.#answer(messageId, ["suback"])
    this.send({ cmd: "subscribe", messageId, subscriptions, ...properties })
    return (await answer) as ISubackPacket
  }

  async unsubscribe(filter: string): Promise<void> {
    const messageId = this.nextId()
    const answer = this.#answer(messageId, ["unsuback"])
    this.send({ cmd: "unsubscribe", messageId, unsubscriptions: [filter] })
    await answer
  }

  async publish(
    topic: string,
    payload: Uint8Array | string,
    options: RawPublishOptions = {},
  ): Promise<Packet | undefined> {
    const { qos = 0, retain = false, dup = false, messageId = this.nextId(), properties } = options
    const answer = qos === 0 ? undefined : this.#answer(messageId, qos === 1 ? ["puback"] : ["pubrec", "pubcomp"])
    this.send({
      cmd: "publish",
      topic,
      payload: typeof payload === "string" ? payload : Buffer.from(payload),
      qos,
      retain,
      dup,
      ...(qos === 0 ? {} : { messageId }),
      ...(properties === undefined || this.#version === 4 ? {} : { properties }),
    })
    if (qos !== 2) return answer
    const received = await answer
    if (received?.cmd === "pubcomp" || ((received as { reasonCode?: number } | undefined)?.reasonCode ?? 0) >= 0x80)
      return received
    const completed = this.#answer(messageId, ["pubcomp"])
    this.send({ cmd: "pubrel", messageId })
    return completed
  }

  acknowledge(message: RawMessage, reasonCode = 0): void {
    const { messageId, qos } = message
    if (qos === 0 || messageId === undefined) return
    this.send({ cmd: qos === 1 ? "puback" : "pubrec", messageId, reasonCode })
  }

  packet<P extends Packet>(fits: (packet: Packet) => packet is P, timeoutMs?: number): Promise<P> {
    const past = this.packets.find(fits)
    return past === undefined ? this.#coming(fits, timeoutMs, "no such packet came") : Promise.resolve(past)
  }

  message(fits: (message: RawMessage) => boolean, timeoutMs = TIMEOUT_MS): Promise<RawMessage> {
    const past = this.messages.find(fits)
    if (past !== undefined) return Promise.resolve(past)
    return new Promise((resolve, reject) => {
      const stop = this.onMessage((message) => {
        if (!fits(message)) return
        clearTimeout(late)
        stop()
        resolve(message)
      })
      const late = setTimeout(() => {
        stop()
        reject(new Error(`no such message came within ${timeoutMs} ms`))
      }, timeoutMs)
    })
  }

  async disconnect(reasonCode = 0, properties?: { readonly sessionExpiryInterval?: number }): Promise<void> {
    this.#endedHere = true
    if (!this.open) return
    const more = properties === undefined || this.#version === 4 ? {} : { properties }
    this.send({ cmd: "disconnect", reasonCode, ...more })
    this.socket.end()
    await this.closed
  }

  destroy(): void {
    this.#endedHere = true
    this.socket.destroy()
  }

  /** The answer to a packet of ours with that identifier, from now on. */
  async #answer(messageId: number, kinds: readonly Packet["cmd"][]): Promise<Packet> {
    this.#pending.add(messageId)
    const fits = (packet: Packet): packet is Packet => packet.messageId === messageId && kinds.includes(packet.cmd)
    try {
      return await this.#coming(fits, undefined, `no ${kinds.join(" or ")} came`)
    } finally {
      this.#pending.delete(messageId)
    }
  }

  #coming<P extends Packet>(
    fits: (packet: Packet) => packet is P,
    timeoutMs = TIMEOUT_MS,
    failure: string,
  ): Promise<P> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(late)
        stop()
        this.socket.off("close", gone)
      }
      const stop = this.onPacket((packet) => {
        if (!fits(packet)) return
        finish()
        resolve(packet)
      })
      const gone = () => {
        finish()
        reject(new Error(`${failure}: the connection ended`))
      }
      const late = setTimeout(() => {
        finish()
        reject(new Error(`${failure} within ${timeoutMs} ms`))
      }, timeoutMs)
      if (this.open) this.socket.once("close", gone)
      else gone()
    })
  }

  #arrived(packet: Packet): void {
    this.packets.push(packet)
    if (packet.cmd === "publish") {
      const { topic, qos, retain, dup, messageId, properties = {} } = packet
      const payload = Buffer.from(packet.payload)
      const id = messageId === undefined ? {} : { messageId }
      const message = { topic, payload, qos, retain, dup, properties, at: performance.now(), ...id }
      this.messages.push(message)
      if ((this.options.acknowledge ?? "auto") === "auto") this.acknowledge(message)
      for (const listener of [...this.#messageListeners]) listener(message)
    } else if (packet.cmd === "pubrel") this.send({ cmd: "pubcomp", messageId: packet.messageId!, reasonCode: 0 })
    for (const listener of [...this.#packetListeners]) listener(packet)
  }
}
