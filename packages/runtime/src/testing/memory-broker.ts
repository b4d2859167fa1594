import { SdkError } from "../sdk-error.js"
import { systemClock } from "../system-clock.js"
import type {
  Clock,
  MessageProperties,
  ProtocolVersion,
  ServerLimits,
  SubscribeRequest,
  Transport,
  Will,
} from "../transport.js"
import { aged, BrokerSession } from "./broker-session.js"
import { filterMatches } from "./filter-match.js"
import { MemoryLink } from "./memory-link.js"
import type { ConnectPacket, Packet, PublishPacket } from "./packet.js"
import { Wire } from "./wire.js"

export interface MemoryBrokerOptions {
  /** Times message expiry, session expiry, will delay and latency. Default: the machine's clock. */
  readonly clock?: Clock
  /** Milliseconds that a packet is under way in each direction. Default 0: the next turn. */
  readonly latencyMs?: number
  /** What CONNACK announces at MQTT 5; unnamed limits are generous. */
  readonly limits?: Partial<ServerLimits>
  /** MQTT 3.1.1: one copy however many filters overlap; at 5 one for each. Default true. */
  readonly copiesPerSubscription?: boolean
  /** Unacknowledged messages under way to one client, whatever it would take. Default 20, as Mosquitto's. */
  readonly maximumInflight?: number
  /** Refuses what it returns false for. CONNECT is refused with 0x87 or 5; publishes and wills vanish (0x87 at 5). */
  readonly allow?: (access: Access) => boolean
}

/** What a client asks the broker for. `topic` is a filter where the action is `subscribe`; absent at `connect`. */
export interface Access {
  readonly action: "connect" | "publish" | "subscribe" | "read" | "will"
  readonly clientId: string
  readonly username?: string
  readonly password?: string | Uint8Array
  readonly topic?: string
}

/** A packet as the broker saw it, for assertions about the wire. */
export interface PacketRecord {
  readonly clientId: string
  readonly direction: "in" | "out"
  readonly packet: Packet
}

export interface RoutedMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties?: MessageProperties
}

interface Connection {
  readonly session: BrokerSession
  readonly connect: ConnectPacket
  readonly outbound: Wire
  readonly inbound: Wire
  readonly dropped: () => void
}

const GENEROUS: ServerLimits = {
  maximumQos: 2,
  receiveMaximum: 65_535,
  maximumPacketSize: 268_435_455,
  retainAvailable: true,
  wildcardAvailable: true,
  sharedAvailable: false,
  subscriptionIdsAvailable: true,
}

/**
 * An MQTT broker in memory, for tests without a network: retained messages, wills, clean and persistent sessions,
 * QoS 0 to 2 with redelivery, message expiry, overlap, takeover and access rules. `transport` is what a client gets.
 */
export class MemoryBroker {
  readonly transport: Transport
  readonly log: PacketRecord[] = []
  readonly #clock: Clock
  readonly #options: MemoryBrokerOptions
  readonly #retained = new Map<string, { readonly packet: PublishPacket; readonly since: number }>()
  readonly #sessions = new Map<string, BrokerSession>()
  readonly #connections = new Map<string, Connection>()
  readonly #wills = new Map<string, () => void>()
  readonly #taps = new Set<(message: RoutedMessage) => void>()
  readonly #expiries = new Map<string, () => void>()
  readonly #interceptors = new Set<(record: PacketRecord) => "drop" | undefined>()
  #up = true

  constructor(options: MemoryBrokerOptions = {}) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.transport = {
      capabilities: { manualAck: true, publishDone: true, publishQos: 2, subscribeQos: 2, mqtt5: true },
      open: (linkOptions, events) => new MemoryLink(this, linkOptions, events),
    }
  }

  get clients(): readonly string[] {
    return [...this.#connections.keys()]
  }

  /** The retained message of a topic, if there is one that has not expired. */
  retained(topic: string): RoutedMessage | undefined {
    const kept = this.#retained.get(topic)
    return kept === undefined ? undefined : aged(kept.packet, this.#clock.monotonic() - kept.since)
  }

  /** Filters that a client id holds now. */
  subscriptions(clientId: string): readonly string[] {
    return [...(this.#sessions.get(clientId)?.subscriptions.keys() ?? [])]
  }

  /** Sees every message that is routed, wills among them. Returns its own end. */
  tap(listener: (message: RoutedMessage) => void): () => void {
    this.#taps.add(listener)
    return () => this.#taps.delete(listener)
  }

  /** Sees every packet before it is acted upon (in) or leaves (out); `"drop"` loses it. Returns its own end. */
  intercept(interceptor: (record: PacketRecord) => "drop" | undefined): () => void {
    this.#interceptors.add(interceptor)
    return () => this.#interceptors.delete(interceptor)
  }

  /** Publishes as nobody in particular. */
  publish(message: Partial<RoutedMessage> & { readonly topic: string; readonly payload: Uint8Array }): void {
    this.#route({ type: "publish", id: 0, dup: false, qos: 0, retain: false, ...message })
  }

  /** The connection of a client is lost: its will is published, its session stays as it asked. */
  cut(clientId: string): void {
    const connection = this.#connections.get(clientId)
    if (connection !== undefined) this.#drop(connection, true)
  }

  /** The broker is gone. Without `keepState` it forgets sessions, retained messages and wills (Z-1). */
  stop(options: { readonly keepState: boolean } = { keepState: true }): void {
    this.#up = false
    for (const connection of [...this.#connections.values()]) this.#drop(connection, false)
    if (options.keepState) return
    this.#sessions.clear()
    this.#retained.clear()
    for (const cancel of this.#wills.values()) cancel()
    this.#wills.clear()
  }

  start(): void {
    this.#up = true
  }

  /**
   * Takes a connection. Undefined when nobody listens.
   * @internal Called by the memory link.
   */
  accept(
    connect: ConnectPacket,
    toClient: (packet: Packet) => void,
    dropped: () => void,
  ): { send: (packet: Packet) => void; cut: () => void } | undefined {
    if (!this.#up) return undefined
    const latency = this.#options.latencyMs ?? 0
    const clientId = connect.clientId
    const outbound = new Wire(this.#clock, latency, toClient)
    let connection: Connection | undefined
    const inbound = new Wire(this.#clock, latency, (packet) => {
      if (this.#seen({ clientId, direction: "in", packet }) === "drop") return
      if (packet.type === "connect") connection = this.#connect(packet, outbound, inbound, dropped)
      else if (connection !== undefined) this.#receive(connection, packet)
    })
    inbound.send(connect)
    return {
      send: (packet) => inbound.send(packet),
      cut: () => {
        inbound.cut()
        outbound.cut()
        if (connection !== undefined && this.#connections.get(clientId) === connection) this.#drop(connection, true)
      },
    }
  }

  #connect(connect: ConnectPacket, outbound: Wire, inbound: Wire, dropped: () => void): Connection | undefined {
    const { clientId } = connect
    if (!this.#allows("connect", connect)) {
      this.#emit(clientId, outbound, {
        type: "connack",
        code: connect.protocol === "5" ? 0x87 : 5,
        info: this.#info(connect, false),
      })
      return undefined
    }
    const old = this.#connections.get(clientId)
    if (old !== undefined) {
      if (old.connect.protocol === "5") this.#emit(clientId, old.outbound, { type: "disconnect", code: 0x8e })
      this.#drop(old, true)
    }
    this.#wills.get(clientId)?.()
    this.#wills.delete(clientId)
    this.#expiries.get(clientId)?.()
    this.#expiries.delete(clientId)
    const kept = connect.clean ? undefined : this.#sessions.get(clientId)
    const session = kept ?? new BrokerSession(this.#clock)
    this.#sessions.set(clientId, session)
    session.receiveMaximum = Math.min(
      connect.protocol === "5" ? connect.receiveMaximum : 65_535,
      this.#options.maximumInflight ?? 20,
    )
    const connection: Connection = { session, connect, outbound, inbound, dropped }
    this.#connections.set(clientId, connection)
    this.#emit(clientId, outbound, { type: "connack", code: 0, info: this.#info(connect, kept !== undefined) })
    session.attach((packet) => this.#emit(clientId, outbound, packet))
    return connection
  }

  #info(connect: ConnectPacket, sessionPresent: boolean) {
    const limits = connect.protocol === "5" ? { ...GENEROUS, ...this.#options.limits } : GENEROUS
    return { sessionPresent, clientId: connect.clientId, keepAliveSeconds: 60, limits }
  }

  #receive(connection: Connection, packet: Packet): void {
    const { session, connect, outbound } = connection
    const reply = (answer: Packet): void => this.#emit(connect.clientId, outbound, answer)
    switch (packet.type) {
      case "publish": {
        const allowed = this.#allows("publish", connect, packet.topic)
        const code = connect.protocol === "3.1.1" ? 0 : allowed ? this.#reasonFor(packet) : 0x87
        if (packet.qos === 2) {
          if (allowed && !session.received.has(packet.id)) this.#route(packet, connect.clientId)
          if (code < 0x80) session.received.add(packet.id)
          reply({ type: "pubrec", id: packet.id, code })
          return
        }
        if (allowed) this.#route(packet, connect.clientId)
        if (packet.qos === 1) reply({ type: "puback", id: packet.id, code })
        return
      }
      case "pubrel":
        session.received.delete(packet.id)
        reply({ type: "pubcomp", id: packet.id, code: 0 })
        return
      case "puback":
      case "pubrec":
      case "pubcomp":
        session.acknowledged(packet.type, packet.id, packet.code)
        return
      case "subscribe":
        this.#subscribe(connection, packet.id, packet.requests)
        return
      case "unsubscribe":
        for (const filter of packet.filters) session.subscriptions.delete(filter)
        reply({ type: "unsuback", id: packet.id })
        return
      case "disconnect":
        this.#drop(connection, packet.code === 0x04)
        return
      default:
        throw new SdkError("unsupported", `a client does not send ${packet.type}`)
    }
  }

  #subscribe(connection: Connection, id: number, requests: readonly SubscribeRequest[]): void {
    const { session, connect, outbound } = connection
    const stored: (() => void)[] = []
    const codes = requests.map((request) => {
      if (!this.#allows("subscribe", connect, request.filter)) return connect.protocol === "5" ? 0x87 : 0x80
      const known = session.subscriptions.has(request.filter)
      session.subscriptions.set(request.filter, request)
      if (request.retainHandling === 2 || (request.retainHandling === 1 && known)) return request.qos
      stored.push(() => {
        for (const topic of [...this.#retained.keys()]) {
          if (!filterMatches(request.filter, topic)) continue
          const kept = this.#retained.get(topic)
          const packet = kept && aged(kept.packet, this.#clock.monotonic() - kept.since)
          if (packet !== undefined) this.#offer(connection.connect, session, packet, [request], true)
        }
      })
      return request.qos
    })
    this.#emit(connect.clientId, outbound, { type: "suback", id, codes })
    for (const send of stored) send()
  }

  #reasonFor(packet: PublishPacket): number {
    for (const session of this.#sessions.values()) {
      for (const filter of session.subscriptions.keys()) if (filterMatches(filter, packet.topic)) return 0
    }
    return 0x10
  }

  #route(packet: PublishPacket, from?: string): void {
    for (const listener of this.#taps) listener(packet)
    if (packet.retain) {
      if (packet.payload.length === 0) this.#retained.delete(packet.topic)
      else this.#retained.set(packet.topic, { packet: { ...packet, dup: false }, since: this.#clock.monotonic() })
    }
    for (const [clientId, session] of this.#sessions) {
      const matching: SubscribeRequest[] = []
      for (const request of session.subscriptions.values()) {
        if (!filterMatches(request.filter, packet.topic)) continue
        if (request.noLocal === true && clientId === from) continue
        matching.push(request)
      }
      if (matching.length === 0) continue
      const connect = this.#connections.get(clientId)?.connect
      const copies = connect?.protocol === "5" && this.#options.copiesPerSubscription !== false
      for (const group of copies ? matching.map((one) => [one]) : [matching]) {
        this.#offer(connect, session, packet, group, false)
      }
    }
  }

  #offer(
    connect: ConnectPacket | undefined,
    session: BrokerSession,
    packet: PublishPacket,
    requests: readonly SubscribeRequest[],
    stored: boolean,
  ): void {
    if (connect !== undefined && !this.#allows("read", connect, packet.topic)) return
    const granted = Math.max(...requests.map((request) => request.qos))
    const ids = requests.flatMap((request) => (request.identifier === undefined ? [] : [request.identifier]))
    const mqtt5 = connect?.protocol !== "3.1.1"
    const { properties, subscriptionIds: _, ...rest } = packet
    session.deliver({
      ...rest,
      id: 0,
      dup: false,
      qos: Math.min(packet.qos, granted) as 0 | 1 | 2,
      retain: stored || (packet.retain && requests.some((request) => request.retainAsPublished === true)),
      ...(mqtt5 && properties !== undefined ? { properties } : {}),
      ...(mqtt5 && ids.length > 0 ? { subscriptionIds: ids } : {}),
    })
  }

  #drop(connection: Connection, withWill: boolean): void {
    const { clientId } = connection.connect
    this.#connections.delete(clientId)
    connection.session.detach()
    connection.inbound.cut()
    if (connection.connect.expirySeconds === 0) this.#sessions.delete(clientId)
    else if (Number.isFinite(connection.connect.expirySeconds)) {
      const expire = (): void => void this.#sessions.delete(clientId)
      this.#expiries.set(clientId, this.#clock.after(connection.connect.expirySeconds * 1000, expire))
    }
    if (withWill && connection.connect.will !== undefined)
      this.#publishWill(connection.connect, connection.connect.will)
    queueMicrotask(connection.dropped)
  }

  #publishWill(connect: ConnectPacket, will: Will): void {
    if (!this.#allows("will", connect, will.topic)) return
    const publish = (): void => {
      this.#wills.delete(connect.clientId)
      this.publish(will)
    }
    if (will.delaySeconds === undefined || will.delaySeconds === 0) publish()
    else this.#wills.set(connect.clientId, this.#clock.after(will.delaySeconds * 1000, publish))
  }

  #emit(clientId: string, outbound: Wire, packet: Packet): void {
    if (this.#seen({ clientId, direction: "out", packet }) !== "drop") outbound.send(packet)
  }

  #seen(record: PacketRecord): "drop" | undefined {
    this.log.push(record)
    for (const interceptor of this.#interceptors) if (interceptor(record) === "drop") return "drop"
    return undefined
  }

  #allows(action: Access["action"], connect: ConnectPacket, topic?: string): boolean {
    const { allow } = this.#options
    if (allow === undefined) return true
    return allow({
      action,
      clientId: connect.clientId,
      ...(connect.username === undefined ? {} : { username: connect.username }),
      ...(connect.password === undefined ? {} : { password: connect.password }),
      ...(topic === undefined ? {} : { topic }),
    })
  }
}

/** Starts a broker in memory. */
export function memoryBroker(options?: MemoryBrokerOptions): MemoryBroker {
  return new MemoryBroker(options)
}

/** The protocol versions that the memory broker speaks, for tables of tests. */
export const MEMORY_PROTOCOLS: readonly ProtocolVersion[] = ["3.1.1", "5"]
