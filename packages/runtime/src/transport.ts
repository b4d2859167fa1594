/**
 * The seam between engines and an MQTT client library. An engine opens one link per session; the link owns the
 * connection and its return after a loss; the engine owns what is said on it.
 */
export interface Transport {
  readonly capabilities: Capabilities
  /** Starts connecting. Never throws for a fault of the network: `events.onClosed` or `onDisconnected` tell. */
  open(options: LinkOptions, events: LinkEvents): Link
}

/** What an adapter can do (Z-3). A promise that needs what is missing is "not applicable", never "passed". */
export interface Capabilities {
  /** PUBACK and PUBREC can be withheld until `InboundMessage.acknowledge` is called. */
  readonly manualAck: boolean
  /** `Link.publish` resolves on acknowledgement. */
  readonly publishDone: boolean
  readonly publishQos: 0 | 1 | 2
  readonly subscribeQos: 0 | 1 | 2
  readonly mqtt5: boolean
}

export type ProtocolVersion = "3.1.1" | "5"

export interface LinkOptions {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:` URL. */
  readonly url: string
  readonly protocol: ProtocolVersion
  readonly clientId: string
  readonly session: { readonly kind: "clean" } | { readonly kind: "persistent"; readonly expirySeconds: number }
  readonly keepAliveSeconds: number
  readonly credentials?: { readonly username: string; readonly password?: string | Uint8Array }
  readonly tls?: TlsOptions
  /** Asked for anew before each CONNECT, so that a will carries the session number and time of its own connection. */
  readonly will?: () => Will | undefined
  /** MQTT 5: how many unacknowledged QoS 1 and 2 messages the broker may have under way to us (M-4). */
  readonly receiveMaximum?: number
  readonly maximumPacketSize?: number
  /** Milliseconds for one CONNECT to have its CONNACK. Default 10 000. */
  readonly connectTimeoutMs?: number
  /** Milliseconds after which a missing PUBACK, PUBCOMP, SUBACK or UNSUBACK closes the connection (C-10). Default 20 000. */
  readonly acknowledgeTimeoutMs?: number
  readonly reconnect: ReconnectPolicy
  readonly clock: Clock
  readonly random: Random
}

/** S-2: the first attempt after a loss is uniform in [0, spreadMs], later ones have full jitter up to capMs, and over 1.5 spreads at least. */
export interface ReconnectPolicy {
  readonly enabled: boolean
  readonly spreadMs: number
  readonly baseMs: number
  readonly capMs: number
  /** A connection that lasted this long resets the back-off. */
  readonly stableMs: number
}

/** PEM text or DER octets. In a browser TLS is the browser's own and these are refused. */
export interface TlsOptions {
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[]
  readonly cert?: string | Uint8Array
  readonly key?: string | Uint8Array
  readonly servername?: string
}

export interface Will {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly delaySeconds?: number
  readonly properties?: MessageProperties
}

/** MQTT 5 only; absent at 3.1.1. */
export interface MessageProperties {
  readonly contentType?: string
  readonly payloadIsUtf8?: boolean
  readonly responseTopic?: string
  readonly correlationData?: Uint8Array
  readonly messageExpirySeconds?: number
  readonly userProperties?: readonly (readonly [string, string])[]
}

export interface OutboundMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties?: MessageProperties
}

export interface InboundMessage {
  readonly topic: string
  /** Valid until the handler returns unless copied. */
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly dup: boolean
  /** Packet identifier at QoS 1 and 2, where the adapter knows it: a redelivery within a session carries the same one. */
  readonly packetId?: number
  readonly properties?: MessageProperties
  /** MQTT 5: identifiers of the subscriptions that this copy was sent for (M-9). */
  readonly subscriptionIds?: readonly number[]
  /**
   * Releases PUBACK or PUBREC. The link sends acknowledgements in order of receipt, so an early call waits for its
   * turn. At QoS 0, or where the adapter lacks `manualAck`, it does nothing. Call it exactly once for each message.
   */
  acknowledge(): void
}

export interface LinkEvents {
  /** CONNACK accepted. Nothing that the engine publishes or subscribes leaves before it. */
  onConnected(info: ConnectedInfo): void
  /** The connection is gone; the link tries again on its own unless `final`. */
  onDisconnected(reason: DisconnectReason): void
  /** Runs within the read of the socket: return at once. */
  onMessage(message: InboundMessage): void
}

export interface ConnectedInfo {
  readonly sessionPresent: boolean
  /** As granted; a server that assigned another client id says so here. */
  readonly clientId: string
  readonly keepAliveSeconds: number
  readonly limits: ServerLimits
}

/** S-6. At 3.1.1 everything is allowed and unlimited. */
export interface ServerLimits {
  readonly maximumQos: 0 | 1 | 2
  readonly receiveMaximum: number
  readonly maximumPacketSize: number
  readonly retainAvailable: boolean
  readonly wildcardAvailable: boolean
  readonly sharedAvailable: boolean
  readonly subscriptionIdsAvailable: boolean
}

export interface DisconnectReason {
  readonly kind: "network" | "refused" | "taken-over" | "server" | "keep-alive" | "acknowledge-timeout" | "closed"
  /** MQTT reason code or 3.1.1 return code, where there was one. */
  readonly code?: number
  readonly message: string
  /** What the system said, where it said something. */
  readonly cause?: unknown
  /** The link will not try again: bad credentials, taken over, closed by us, or reconnection switched off. */
  readonly final: boolean
  /** Milliseconds until the next attempt, where there will be one. */
  readonly retryInMs?: number
}

export interface PublishOutcome {
  /** MQTT 5 reason code of PUBACK/PUBREC/PUBCOMP; 0 at 3.1.1 and QoS 0. 0x10: nobody subscribed. */
  readonly reasonCode: number
}

export interface SubscribeRequest {
  readonly filter: string
  readonly qos: 0 | 1 | 2
  readonly noLocal?: boolean
  readonly retainAsPublished?: boolean
  /**
   * MQTT 5 subscription identifier, 1 to 268 435 455; sent only where the server has `subscriptionIdsAvailable`, and in a
   * SUBSCRIBE of its own, because it belongs to the packet.
   */
  readonly identifier?: number
  /** 0 send retained at subscribe · 1 only for a new subscription · 2 never. MQTT 5. */
  readonly retainHandling?: 0 | 1 | 2
}

export interface Link {
  readonly connected: boolean
  /**
   * Hands one message to the socket. Resolves when it is settled: acknowledged at QoS 1 and 2, written at QoS 0.
   * Rejects with `SdkError` (`unavailable` when the connection is lost and the session with it, `unauthorized` for
   * 0x87, `unsupported` beyond a server limit). With the session present the link itself sends again, same packet id,
   * DUP 1, and the promise waits on (C-10). Refused at once with `unavailable`, `sent: false`, when not connected.
   */
  publish(message: OutboundMessage): Promise<PublishOutcome>
  /** One granted QoS, or a failure code ≥ 0x80, for each request in order. */
  subscribe(requests: readonly SubscribeRequest[]): Promise<readonly number[]>
  unsubscribe(filters: readonly string[]): Promise<void>
  /** A lost connection on purpose: no DISCONNECT, the broker publishes the will. For tests, demos and takeover. */
  abort(): void
  /** DISCONNECT, so that no will is sent; resolves when the socket is closed, at the latest after `deadlineMs`. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>
}

/** Time, injected: engines never read the real clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Milliseconds that only rise, from an arbitrary origin. */
  monotonic(): number
  /** Runs `run` once after `ms`; the returned function cancels. Never keeps a process alive once the client is closed. */
  after(ms: number, run: () => void): () => void
}

/** Randomness, injected. `bytes` must be of cryptographic quality outside tests. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  bytes(length: number): Uint8Array
}
