import { SdkError } from "../sdk-error.js"
import type {
  ConnectedInfo,
  DisconnectReason,
  InboundMessage,
  Link,
  LinkEvents,
  LinkOptions,
  OutboundMessage,
  PublishOutcome,
  ServerLimits,
  SubscribeRequest,
} from "../transport.js"
import { InboundOrder } from "./inbound-order.js"
import type { MemoryBroker } from "./memory-broker.js"
import type { Packet, PublishPacket } from "./packet.js"

interface Flight {
  readonly message: OutboundMessage
  /** QoS 2: PUBREC received, PUBREL sent. */
  released: boolean
  sent: boolean
  cancelTimer: () => void
  readonly resolve: (outcome: PublishOutcome) => void
  readonly reject: (error: SdkError) => void
}

interface Waiting {
  readonly resolve: (codes: readonly number[]) => void
  readonly reject: (error: SdkError) => void
  cancelTimer: () => void
}

type Wires = NonNullable<ReturnType<MemoryBroker["accept"]>>

/**
 * The client half: connection and return, packet identifiers, redelivery with DUP, acknowledgements in order of
 * receipt, server limits. It is to engines what a real adapter is.
 */
export class MemoryLink implements Link {
  connected = false
  readonly #broker: MemoryBroker
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  readonly #flights = new Map<number, Flight>()
  readonly #waiting = new Map<number, Waiting>()
  readonly #held: (() => void)[] = []
  /** QoS 2 identifiers acknowledged with PUBREC and not yet released by the broker. */
  readonly #received = new Set<number>()
  #order: InboundOrder | undefined
  #wires: Wires | undefined
  #limits: ServerLimits | undefined
  #nextId = 1
  #attempt = 0
  #connectedAt = 0
  #cancelRetry: () => void = () => {}
  #cancelConnect: () => void = () => {}
  #over = false
  #fresh = true
  /** What an open socket does: the process lives until the link is over. */
  readonly #hold = setInterval(() => undefined, 2 ** 31 - 1)

  constructor(broker: MemoryBroker, options: LinkOptions, events: LinkEvents) {
    this.#broker = broker
    this.#options = options
    this.#events = events
    queueMicrotask(() => this.#connect())
  }

  publish(message: OutboundMessage): Promise<PublishOutcome> {
    if (!this.connected) return Promise.reject(new SdkError("unavailable", "there is no connection"))
    const refusal = this.#refusal(message)
    if (refusal !== undefined) return Promise.reject(refusal)
    if (message.qos === 0) {
      this.#send({ type: "publish", id: 0, dup: false, ...message })
      return Promise.resolve({ reasonCode: 0 })
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        const id = this.#freeId()
        const flight: Flight = { message, released: false, sent: true, cancelTimer: () => {}, resolve, reject }
        this.#flights.set(id, flight)
        this.#sendFlight(id, flight, false)
      }
      if (this.#flights.size < (this.#limits?.receiveMaximum ?? 65_535)) start()
      else this.#held.push(start)
    })
  }

  subscribe(requests: readonly SubscribeRequest[]): Promise<readonly number[]> {
    const ids = this.#limits?.subscriptionIdsAvailable === true && this.#options.protocol === "5"
    const sent = requests.map(({ identifier, ...request }) =>
      ids && identifier !== undefined ? { ...request, identifier } : request,
    )
    return this.#ask((id) => ({ type: "subscribe", id, requests: sent }))
  }

  async unsubscribe(filters: readonly string[]): Promise<void> {
    await this.#ask((id) => ({ type: "unsubscribe", id, filters }))
  }

  abort(): void {
    this.#wires?.cut()
    this.#lost({ kind: "network", message: "aborted", final: false })
  }

  async close(): Promise<void> {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#hold)
    this.#cancelRetry()
    this.#cancelConnect()
    if (this.connected) this.#send({ type: "disconnect", code: 0 })
    await Promise.resolve()
    const wires = this.#wires
    this.#wires = undefined
    this.connected = false
    // The broker has read DISCONNECT before the socket is closed.
    await Promise.resolve()
    wires?.cut()
    this.#rejectAll(new SdkError("closed", "the link was closed", { sent: true }))
    this.#events.onDisconnected({ kind: "closed", message: "closed", final: true })
  }

  #connect(): void {
    if (this.#over) return
    const { session, clientId, protocol, credentials } = this.#options
    const will = this.#options.will?.()
    const wires = this.#broker.accept(
      {
        type: "connect",
        protocol,
        clientId,
        clean: session.kind === "clean",
        expirySeconds:
          session.kind === "clean" ? 0 : protocol === "5" ? session.expirySeconds : Number.POSITIVE_INFINITY,
        receiveMaximum: this.#options.receiveMaximum ?? 65_535,
        ...(credentials === undefined ? {} : { username: credentials.username }),
        ...(credentials?.password === undefined ? {} : { password: credentials.password }),
        ...(will === undefined ? {} : { will }),
      },
      (packet) => this.#receive(packet),
      () => {
        if (this.#wires === wires) this.#lost({ kind: "network", message: "connection lost", final: false })
      },
    )
    if (wires === undefined) {
      this.#lost({ kind: "network", message: "connection refused", final: false })
      return
    }
    this.#wires = wires
    this.#cancelConnect = this.#options.clock.after(this.#options.connectTimeoutMs ?? 10_000, () => {
      wires.cut()
      this.#lost({ kind: "network", message: "no CONNACK in time", final: false })
    })
  }

  #receive(packet: Packet): void {
    switch (packet.type) {
      case "connack":
        this.#cancelConnect()
        if (packet.code === 0) this.#established(packet.info)
        else this.#refused(packet.code)
        return
      case "publish":
        this.#deliver(packet)
        return
      case "puback":
      case "pubcomp":
        this.#settle(packet.id, packet.code)
        return
      case "pubrec": {
        const flight = this.#flights.get(packet.id)
        if (packet.code >= 0x80) this.#settle(packet.id, packet.code)
        else {
          if (flight !== undefined) flight.released = true
          this.#send({ type: "pubrel", id: packet.id, code: 0 })
        }
        return
      }
      case "pubrel":
        this.#received.delete(packet.id)
        this.#send({ type: "pubcomp", id: packet.id, code: 0 })
        return
      case "suback":
      case "unsuback": {
        const waiting = this.#waiting.get(packet.id)
        this.#waiting.delete(packet.id)
        waiting?.cancelTimer()
        waiting?.resolve(packet.type === "suback" ? packet.codes : [])
        return
      }
      case "disconnect":
        this.#wires?.cut()
        this.#lost(
          packet.code === 0x8e
            ? { kind: "taken-over", code: packet.code, message: "session taken over", final: true }
            : { kind: "server", code: packet.code, message: "the server said goodbye", final: false },
        )
        return
      default:
        throw new SdkError("unsupported", `a broker does not send ${packet.type}`)
    }
  }

  #established(info: ConnectedInfo): void {
    this.connected = true
    this.#limits = info.limits
    this.#connectedAt = this.#options.clock.monotonic()
    const wires = this.#wires
    this.#order = new InboundOrder((packet) => {
      if (this.#wires === wires && this.connected) this.#send(packet)
    })
    if (info.sessionPresent && !this.#fresh) {
      for (const [id, flight] of [...this.#flights]) this.#sendFlight(id, flight, true)
    } else {
      this.#received.clear()
      const lost = [...this.#flights.values()]
      this.#flights.clear()
      for (const flight of lost) flight.reject(sessionLost())
    }
    this.#fresh = false
    this.#events.onConnected(info)
    this.#pump()
  }

  #refused(code: number): void {
    this.#wires?.cut()
    const final = code === 4 || code === 5 || (code >= 0x80 && code !== 0x88 && code !== 0x89 && code !== 0x97)
    this.#lost({ kind: "refused", code, message: `CONNECT refused with 0x${code.toString(16)}`, final })
  }

  #lost(reason: DisconnectReason): void {
    if (this.#over) return
    this.#cancelConnect()
    this.#cancelRetry()
    this.#wires = undefined
    const was = this.connected
    this.connected = false
    const { reconnect, clock, random } = this.#options
    if (was && clock.monotonic() - this.#connectedAt >= reconnect.stableMs) this.#attempt = 0
    for (const waiting of this.#waiting.values()) {
      waiting.cancelTimer()
      waiting.reject(new SdkError("unavailable", "connection lost", { sent: true, mayHaveRun: false }))
    }
    this.#waiting.clear()
    for (const flight of this.#flights.values()) flight.cancelTimer()
    if (reason.final || !reconnect.enabled) {
      this.#over = true
      clearInterval(this.#hold)
      this.#rejectAll(new SdkError("unavailable", reason.message, { sent: true }))
      this.#events.onDisconnected({ ...reason, final: true })
      return
    }
    const ceiling = Math.min(reconnect.capMs, reconnect.baseMs * 2 ** Math.max(0, this.#attempt - 1))
    const retryInMs = random.next() * (this.#attempt === 0 && was ? reconnect.spreadMs : ceiling)
    this.#attempt++
    this.#cancelRetry = clock.after(retryInMs, () => this.#connect())
    this.#events.onDisconnected({ ...reason, retryInMs })
  }

  #deliver(packet: PublishPacket): void {
    const { type: _, id, ...rest } = packet
    const order = this.#order!
    if (packet.qos === 0) {
      this.#events.onMessage({ ...rest, acknowledge() {} })
      return
    }
    if (packet.qos === 2 && this.#received.has(id)) {
      order.expect({ type: "pubrec", id, code: 0 })()
      return
    }
    const release = order.expect({ type: packet.qos === 1 ? "puback" : "pubrec", id, code: 0 })
    const message: InboundMessage = {
      ...rest,
      packetId: id,
      acknowledge: () => {
        if (packet.qos === 2 && this.#order === order) this.#received.add(id)
        release()
      },
    }
    this.#events.onMessage(message)
  }

  #settle(id: number, code: number): void {
    const flight = this.#flights.get(id)
    if (flight === undefined) return
    this.#flights.delete(id)
    flight.cancelTimer()
    if (code === 0x87) {
      flight.reject(
        new SdkError("unauthorized", "the broker refused the publish", {
          sent: true,
          mayHaveRun: false,
          details: { reasonCode: code },
        }),
      )
    } else if (code >= 0x80) {
      flight.reject(
        new SdkError("unavailable", "the broker refused the publish", {
          sent: true,
          mayHaveRun: false,
          details: { reasonCode: code },
        }),
      )
    } else flight.resolve({ reasonCode: code })
    this.#pump()
  }

  #pump(): void {
    while (this.connected && this.#held.length > 0 && this.#flights.size < (this.#limits?.receiveMaximum ?? 65_535)) {
      this.#held.shift()?.()
    }
  }

  #sendFlight(id: number, flight: Flight, dup: boolean): void {
    flight.cancelTimer()
    flight.cancelTimer = this.#deadline()
    if (flight.released) this.#send({ type: "pubrel", id, code: 0 })
    else this.#send({ type: "publish", id, dup, ...flight.message })
  }

  #ask(build: (id: number) => Packet): Promise<readonly number[]> {
    if (!this.connected) return Promise.reject(new SdkError("unavailable", "there is no connection"))
    const id = this.#freeId()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, cancelTimer: this.#deadline() })
      this.#send(build(id))
    })
  }

  /** C-10: a missing acknowledgement on a live connection closes it. */
  #deadline(): () => void {
    return this.#options.clock.after(this.#options.acknowledgeTimeoutMs ?? 20_000, () => {
      this.#wires?.cut()
      this.#lost({ kind: "acknowledge-timeout", message: "an acknowledgement did not come in time", final: false })
    })
  }

  #refusal(message: OutboundMessage): SdkError | undefined {
    const limits = this.#limits
    if (limits === undefined || this.#options.protocol === "3.1.1") return undefined
    const limit =
      message.qos > limits.maximumQos
        ? "maximumQos"
        : message.retain && !limits.retainAvailable
          ? "retainAvailable"
          : message.payload.length + message.topic.length + 16 > limits.maximumPacketSize
            ? "maximumPacketSize"
            : undefined
    return limit && new SdkError("unsupported", `the server does not allow it: ${limit}`, { details: { limit } })
  }

  #rejectAll(error: SdkError): void {
    const lost = [...this.#flights.values(), ...this.#waiting.values()]
    this.#flights.clear()
    this.#waiting.clear()
    for (const one of lost) {
      one.cancelTimer()
      one.reject(error)
    }
  }

  #send(packet: Packet): void {
    const { protocol } = this.#options
    if (protocol === "3.1.1" && packet.type === "publish") {
      const { properties: _, ...bare } = packet
      this.#wires?.send(bare)
    } else this.#wires?.send(packet)
  }

  #freeId(): number {
    do this.#nextId = this.#nextId === 65_535 ? 1 : this.#nextId + 1
    while (this.#flights.has(this.#nextId) || this.#waiting.has(this.#nextId))
    return this.#nextId
  }
}

function sessionLost(): SdkError {
  return new SdkError("unavailable", "the broker no longer has the session", { sent: true })
}
