import {
  type ConnectedInfo,
  type DisconnectReason,
  type InboundMessage,
  type Link,
  type LinkEvents,
  type LinkOptions,
  type OutboundMessage,
  type PublishOutcome,
  SdkError,
  type ServerLimits,
  type SubscribeRequest,
} from "@fleetwire/runtime"
import { type BackOff, createBackOff } from "./back-off.js"
import { connectOptions, type SocketOptions } from "./connect-options.js"
import { type Connack, Connection, type ConnectionEnd } from "./connection.js"
import { InboundFlow } from "./inbound-flow.js"
import { utf8Length } from "./octets.js"
import { OutboundFlow } from "./outbound-flow.js"
import { PacketIds } from "./packet-ids.js"
import { holdProcess } from "./process-hold.js"
import { isFatalDisconnect, isFatalRefusal, reasonWords, refusalError } from "./reason-code.js"
import { LARGEST_PACKET, limitsOf, packetRefusal, subscribeRefusal, UNLIMITED } from "./server-limits.js"
import { SubscriptionRequests } from "./subscription-requests.js"
import { checkTopicFilter } from "./topic-rules.js"
import { TopicText } from "./topic-text.js"

const DEFAULT_ACKNOWLEDGE_TIMEOUT_MS = 20_000
const DEFAULT_CLOSE_MS = 2000
const TAKEOVER_MS = 5000
const TAKEOVER_CLOSES = 3
/** Octets of a SUBSCRIBE or UNSUBSCRIBE beside its filters, at most. */
const PACKET_HEAD = 17
const REFUSED = 0x80

/** Shared by all links of the process: a fleet's topics are the same on each. */
const topics = new TopicText()

/** One session over as many connections as it takes. */
export class MqttLink implements Link {
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  readonly #socketOptions: SocketOptions
  readonly #backOff: BackOff
  readonly #inbound = new InboundFlow()
  readonly #outbound: OutboundFlow
  readonly #requests: SubscriptionRequests
  readonly #now: () => number
  #clientId: string
  #limits: ServerLimits = UNLIMITED
  #connection: Connection | undefined
  /** Monotonic time of the last CONNACK; undefined while there is no connection. */
  #connectedAt: number | undefined
  #refusal: { readonly code: number } | undefined
  #shortConnections = 0
  #stopped = false
  #cancelRetry: (() => void) | undefined
  #cancelDeadline: (() => void) | undefined
  #closing: { readonly promise: Promise<void>; readonly done: () => void } | undefined
  readonly #releaseProcess = holdProcess()

  constructor(options: LinkOptions, events: LinkEvents, socketOptions: SocketOptions) {
    this.#options = options
    this.#events = events
    this.#socketOptions = socketOptions
    this.#clientId = options.clientId
    this.#now = () => options.clock.monotonic()
    this.#backOff = createBackOff(options.reconnect, options.random)
    const ids = new PacketIds(Math.floor(options.random.next() * 0xffff))
    this.#outbound = new OutboundFlow(options.protocol, ids, this.#now, () => this.#connection?.drained())
    this.#requests = new SubscriptionRequests(ids, this.#now)
    this.#attempt()
  }

  get connected(): boolean {
    return this.#connectedAt !== undefined
  }

  publish(message: OutboundMessage): Promise<PublishOutcome> {
    const outcome = this.#outbound.publish(message)
    if (message.qos > 0) this.#watchDeadline()
    return outcome
  }

  async subscribe(requests: readonly SubscribeRequest[]): Promise<readonly number[]> {
    for (const request of requests) {
      checkTopicFilter(request.filter)
      const refusal = subscribeRefusal(this.#limits, request)
      if (refusal !== undefined) throw refusal
    }
    // At MQTT 5 an identifier is for a whole SUBSCRIBE; 3.1.1 has none.
    const identified = this.#options.protocol === "5" && this.#limits.subscriptionIdsAvailable
    const identifierOf = (request: SubscribeRequest) => (identified ? request.identifier : undefined)
    const packets = this.#batches(requests, (request) => utf8Length(request.filter) + 3, identifierOf)
    const answers = await Promise.all(
      packets.map((batch) => {
        const identifier = identifierOf(batch[0]!)
        const properties = identifier === undefined ? {} : { properties: { subscriptionIdentifier: identifier } }
        const subscriptions = batch.map((request) => ({
          topic: request.filter,
          qos: request.qos,
          nl: request.noLocal ?? false,
          rap: request.retainAsPublished ?? false,
          rh: request.retainHandling ?? 0,
        }))
        return this.#request(batch.length, (messageId) => ({
          cmd: "subscribe",
          messageId,
          subscriptions,
          ...properties,
        }))
      }),
    )
    return answers.flat()
  }

  async unsubscribe(filters: readonly string[]): Promise<void> {
    for (const filter of filters) checkTopicFilter(filter)
    const packets = this.#batches(filters, (filter) => utf8Length(filter) + 2)
    const answers = await Promise.all(
      packets.map((unsubscriptions) =>
        this.#request(unsubscriptions.length, (messageId) => ({ cmd: "unsubscribe", messageId, unsubscriptions })),
      ),
    )
    const refused = answers.flat().find((code) => code >= REFUSED)
    if (refused !== undefined) throw refusalError(refused, "unsubscribe")
  }

  abort(): void {
    this.#connection?.cut({ kind: "network", message: "cut on purpose" })
  }

  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    if (this.#closing !== undefined) return this.#closing.promise
    let done = (): void => undefined
    const promise = new Promise<void>((resolve) => {
      done = resolve
    })
    this.#closing = { promise, done }
    const connection = this.#connection
    if (connection === undefined) {
      if (this.#stopped) done()
      else this.#finish({ kind: "closed", message: "closed", final: true })
      return promise
    }
    if (!this.connected) {
      connection.cut({ kind: "network", message: "closed" })
      return promise
    }
    connection.leave()
    // A real timer, unlike those of the protocol: the promise is about this process, not about the clients' time.
    const late = setTimeout(
      () => connection.cut({ kind: "network", message: "closed" }),
      options.deadlineMs ?? DEFAULT_CLOSE_MS,
    )
    void promise.then(() => clearTimeout(late))
    return promise
  }

  #attempt(): void {
    const { protocol, maximumPacketSize } = this.#options
    this.#refusal = undefined
    try {
      const connection: Connection = new Connection(
        {
          mqttjs: connectOptions(this.#options, this.#clientId, this.#socketOptions),
          five: protocol === "5",
          largestPacket: maximumPacketSize ?? LARGEST_PACKET,
          inbound: this.#inbound,
          outbound: this.#outbound,
          topics,
          monotonic: this.#now,
          isFlooded: () => this.#isFlooded(),
        },
        {
          onConnack: (connack) => this.#greeted(connection, connack),
          onMessage: (message) => this.#hand(message),
          onSubscribeAnswer: (id, codes) => {
            if (this.#requests.answered(id, codes)) return
            connection.cut({ kind: "protocol", code: 0x82, message: "a SUBACK that does not fit its SUBSCRIBE" })
          },
          onEnd: (end) => this.#ended(end),
        },
      )
      this.#connection = connection
    } catch (error) {
      // Unusable TLS material: no attempt can do better.
      const message = error instanceof Error ? error.message : String(error)
      queueMicrotask(() => this.#finish({ kind: "refused", message, final: true }))
    }
  }

  /** M-4: the server is slowed, as long as nothing is lost by it: no answer is awaited, and nothing ends. */
  #isFlooded(): boolean {
    return (
      this.#inbound.isFlooded &&
      this.#closing === undefined &&
      this.#requests.oldest() === undefined &&
      this.#outbound.oldest() === undefined
    )
  }

  #hand(message: InboundMessage): void {
    try {
      this.#events.onMessage(message)
    } catch (error) {
      // A bug of the receiver: it surfaces as such, and does not take the packets behind this one along.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #greeted(connection: Connection, connack: Connack): void {
    if (this.#closing !== undefined) {
      connection.leave()
      return
    }
    if (connack.code !== 0) {
      this.#refusal = { code: connack.code }
      return
    }
    const { protocol, session, receiveMaximum = UNLIMITED.receiveMaximum } = this.#options
    const { properties } = connack
    this.#limits = protocol === "5" ? limitsOf(properties) : UNLIMITED
    this.#clientId = properties?.assignedClientIdentifier ?? this.#clientId
    const sessionPresent = connack.sessionPresent && session.kind === "persistent"
    this.#connectedAt = this.#now()
    this.#inbound.connected(connection.outbox, sessionPresent, receiveMaximum)
    const aliases = protocol === "5" && this.#socketOptions.topicAliases !== false
    const aliasMaximum = aliases ? (properties?.topicAliasMaximum ?? 0) : 0
    this.#outbound.connected(connection.outbox, sessionPresent, this.#limits, aliasMaximum)
    this.#watchDeadline()
    const info: ConnectedInfo = {
      sessionPresent,
      clientId: this.#clientId,
      keepAliveSeconds: properties?.serverKeepAlive ?? this.#options.keepAliveSeconds,
      limits: this.#limits,
    }
    this.#events.onConnected(info)
  }

  #ended(end: ConnectionEnd): void {
    const livedMs = this.#connectedAt === undefined ? undefined : this.#now() - this.#connectedAt
    this.#connection = undefined
    this.#connectedAt = undefined
    this.#cancelDeadline?.()
    this.#cancelDeadline = undefined
    this.#inbound.disconnected()
    this.#outbound.disconnected()
    this.#requests.disconnected()
    if (this.#options.session.kind === "clean" && this.#closing === undefined) this.#outbound.sessionLost()
    const reason = this.#reasonOf(end)
    if (this.#closing !== undefined) this.#finish({ kind: "closed", message: "closed", final: true })
    else if (reason.final || !this.#options.reconnect.enabled) this.#finish({ ...reason, final: true })
    else if (this.#looksLikeTakeover(livedMs)) {
      const message = `suspected_takeover: ${TAKEOVER_CLOSES} connections in a row were closed within ${TAKEOVER_MS / 1000} s`
      this.#retry({ kind: "taken-over", message, final: false }, this.#backOff.atCap())
    } else this.#retry(reason, livedMs === undefined ? this.#backOff.afterFailure() : this.#backOff.afterLoss(livedMs))
  }

  #reasonOf(end: ConnectionEnd): DisconnectReason {
    if (this.#refusal !== undefined) {
      const { code } = this.#refusal
      return { kind: "refused", code, message: reasonWords(code), final: isFatalRefusal(code) }
    }
    if (end.kind === "server") {
      const code = end.code ?? 0
      const kind = code === 0x8e ? "taken-over" : "server"
      const message = end.message === "" ? reasonWords(code) : end.message
      return { kind, code, message, final: isFatalDisconnect(code) }
    }
    if (end.kind === "protocol") {
      return {
        kind: "server",
        ...(end.code === undefined ? {} : { code: end.code }),
        message: end.message,
        final: false,
      }
    }
    const { kind, message, cause } = end
    return { kind, message, ...(cause === undefined ? {} : { cause }), final: false }
  }

  /** S-1 where no reason code tells (3.1.1, and Mosquitto 2.0.11 at 5): three closes within 5 s of CONNACK in a row. */
  #looksLikeTakeover(livedMs: number | undefined): boolean {
    if (livedMs === undefined) return false
    this.#shortConnections = livedMs < TAKEOVER_MS ? this.#shortConnections + 1 : 0
    return this.#shortConnections >= TAKEOVER_CLOSES
  }

  #retry(reason: DisconnectReason, retryInMs: number): void {
    // Before the event: its handler may close the link.
    this.#cancelRetry = this.#options.clock.after(retryInMs, () => {
      this.#cancelRetry = undefined
      this.#attempt()
    })
    this.#events.onDisconnected({ ...reason, retryInMs })
  }

  #finish(reason: DisconnectReason): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#cancelRetry?.()
    this.#releaseProcess()
    this.#outbound.sessionLost(
      new SdkError(reason.kind === "closed" ? "closed" : "unavailable", reason.message, { sent: true }),
    )
    this.#events.onDisconnected(reason)
    this.#closing?.done()
  }

  /** C-10: an answer that does not come on a live connection is cured by closing it. */
  #watchDeadline(): void {
    if (this.#cancelDeadline !== undefined || !this.connected) return
    const limit = this.#options.acknowledgeTimeoutMs ?? DEFAULT_ACKNOWLEDGE_TIMEOUT_MS
    const check = (): void => {
      this.#cancelDeadline = undefined
      const since = Math.min(
        this.#outbound.oldest() ?? Number.POSITIVE_INFINITY,
        this.#requests.oldest() ?? Number.POSITIVE_INFINITY,
      )
      if (since === Number.POSITIVE_INFINITY) return
      const waited = this.#now() - since
      if (waited < limit) this.#cancelDeadline = this.#options.clock.after(limit - waited, check)
      else this.#connection?.cut({ kind: "acknowledge-timeout", message: `no acknowledgement for ${limit} ms` })
    }
    this.#cancelDeadline = this.#options.clock.after(limit, check)
  }

  #request(expected: number, packet: (messageId: number) => object): Promise<readonly number[]> {
    const connection = this.#connection
    if (connection === undefined || !this.connected) {
      return Promise.reject(new SdkError("unavailable", "not connected"))
    }
    const answer = this.#requests.send(expected, (messageId) => connection.send(packet(messageId)))
    this.#watchDeadline()
    return answer
  }

  /** Cuts a list into packets that the server takes, in order; what has different kinds never shares one. */
  #batches<T>(
    items: readonly T[],
    octetsOf: (item: T) => number,
    kindOf: (item: T) => unknown = () => undefined,
  ): readonly (readonly T[])[] {
    const batches: T[][] = []
    let room = 0
    let kind: unknown
    for (const item of items) {
      const octets = octetsOf(item)
      const refusal = packetRefusal(this.#limits, octets + PACKET_HEAD)
      if (refusal !== undefined) throw refusal
      if (batches.length === 0 || octets > room || kindOf(item) !== kind) {
        batches.push([])
        kind = kindOf(item)
        room = this.#limits.maximumPacketSize - PACKET_HEAD
      }
      batches.at(-1)!.push(item)
      room -= octets
    }
    return batches
  }
}
