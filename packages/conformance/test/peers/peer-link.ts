import type { IConnectPacket, IPublishPacket, Packet, QoS } from "mqtt-packet"
import { connectRaw, type RawClient, type RawMessage, type RawPublishOptions } from "../../src/raw-client.js"
import type { Launch } from "../../src/subject.js"

/** What a peer's connection needs to know. */
export interface PeerLinkOptions {
  readonly launch: Launch
  readonly clientId: string
  readonly persistent: boolean
  readonly expirySeconds: number
  readonly receiveMaximum: number
  will?(): NonNullable<IConnectPacket["will"]>
  /** A message; `settle` acknowledges it, in the order of receipt over the connection. */
  onMessage(message: RawMessage, settle: () => void): void
  /** Called after CONNACK; resolves when the client is ready. */
  establish(sessionPresent: boolean): Promise<void>
  onState(kind: string, words?: Readonly<Record<string, string | number>>): void
  onLost(): void
  /** True where the peer is wrong in this way. */
  is(defect: string): boolean
}

interface InFlight {
  readonly topic: string
  readonly payload: Uint8Array
  readonly options: RawPublishOptions
  readonly qos: QoS
  done(ok: boolean): void
}

const ACK_DEADLINE_MS = 6_000
const STABLE_MS = 1_000
const CAP_MS = 3_000

/** A connection as the protocol wants it, kept up by hand on a raw client; each defect breaks one thing. */
export class PeerLink {
  client: RawClient | undefined
  ready = false
  closing = false
  /** Losses that it knows of, by cause. */
  readonly dropped: Record<string, number> = {}
  /** S-6: what the server called it. */
  #assigned: string | undefined
  #attempt = 0
  #shortLives = 0
  #lastId = Math.floor(Math.random() * 60_000)
  #inFlight = new Map<number, InFlight>()
  readonly #waiting: InFlight[] = []
  #unsettled: { readonly message: RawMessage; settled: boolean }[] = []
  #alive: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(private readonly options: PeerLinkOptions) {}

  /** Connects, and again whenever the connection is lost. */
  start(): void {
    void this.#connect()
  }

  /** Publishes; resolves true once it was acknowledged (QoS 0: written), false where it cannot be. */
  publish(topic: string, payload: Uint8Array, options: RawPublishOptions): Promise<boolean> {
    const limits = this.options.is("ignores-server-limits") ? {} : (this.client?.connack.properties ?? {})
    const { maximumQoS = 2, retainAvailable = true, maximumPacketSize = Number.POSITIVE_INFINITY } = limits
    if (options.retain === true && !retainAvailable) return Promise.resolve(false)
    if (payload.length + topic.length + 200 > maximumPacketSize) return Promise.resolve(false)
    const qos = Math.min(options.qos ?? 0, maximumQoS) as QoS
    const { client } = this
    if (qos === 0) {
      if (client?.open !== true) {
        this.dropped["offline-qos0"] = (this.dropped["offline-qos0"] ?? 0) + 1
        return Promise.resolve(false)
      }
      client.send(packetOf(topic, payload, { ...options, qos }, undefined, false, this.options.launch.mqtt))
      return Promise.resolve(true)
    }
    return new Promise((done) => {
      this.#waiting.push({ topic, payload, options, qos, done })
      this.#pump()
    })
  }

  async subscribe(filters: readonly string[], identifier?: number): Promise<boolean> {
    const { client } = this
    if (client === undefined) return false
    const { wildcardSubscriptionAvailable = true, subscriptionIdentifiersAvailable = true } = this.options.is(
      "ignores-server-limits",
    )
      ? {}
      : (client.connack.properties ?? {})
    const named =
      identifier === undefined || this.options.launch.mqtt !== "5" || !subscriptionIdentifiersAvailable
        ? {}
        : { identifier }
    const asked = wildcardSubscriptionAvailable ? filters : filters.filter((filter) => !/[+#]/.test(filter))
    if (asked.length === 0) return true
    const suback = await client.subscribe(asked, { qos: 1, ...named })
    return (suback.granted as number[]).every((code) => code < 0x80)
  }

  /** Says goodbye: DISCONNECT, unless the peer dies instead. */
  async end(): Promise<void> {
    this.closing = true
    clearTimeout(this.#retry)
    clearInterval(this.#alive)
    await this.client?.disconnect()
  }

  destroy(): void {
    this.closing = true
    clearTimeout(this.#retry)
    clearInterval(this.#alive)
    this.client?.destroy()
  }

  /** Gives up the connection without goodbye; it comes back. */
  drop(): void {
    this.client?.destroy()
  }

  async #connect(): Promise<void> {
    const { launch, is } = this.options
    const version5 = launch.mqtt === "5"
    let client: RawClient
    try {
      const will = this.options.will?.()
      client = await connectRaw({
        url: launch.url,
        mqtt: launch.mqtt,
        clientId: this.#assigned ?? this.options.clientId,
        clean: !this.options.persistent,
        keepAliveSeconds: launch.keepAliveSeconds ?? 30,
        acknowledge: "manual",
        timeoutMs: 2_000,
        ...(will === undefined ? {} : { will }),
        ...(version5
          ? {
              properties: {
                sessionExpiryInterval: this.options.persistent ? this.options.expirySeconds : 0,
                receiveMaximum: is("window-not-bounded") ? 65_535 : this.options.receiveMaximum,
              },
            }
          : {}),
      })
    } catch {
      this.#again()
      return
    }
    if (this.closing) return client.destroy()
    const code = (version5 ? client.connack.reasonCode : client.connack.returnCode) ?? 0
    if (code !== 0) {
      client.destroy()
      const fatal = version5 ? [0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c].includes(code) : code !== 3
      if (fatal && !is("retries-fatal-codes")) {
        this.options.onState("failed", { code })
        return
      }
      this.#again()
      return
    }
    this.client = client
    if (!is("ignores-server-limits") && !is("ignores-assigned-id"))
      this.#assigned = client.connack.properties?.assignedClientIdentifier ?? this.#assigned
    const born = performance.now()
    this.#watch(client)
    const sessionPresent = client.connack.sessionPresent && !is("forgets-session")
    client.onPacket((packet) => this.#arrived(packet))
    client.onMessage((message) => this.#message(message))
    void client.closed.then(() => this.#lost(client, performance.now() - born))
    // What came together with CONNACK was here before the listeners.
    for (const message of client.messages) this.#message(message)
    if (sessionPresent) this.#resend()
    else if (!is("replays-dropped-session")) this.#forget()
    else this.#resend()
    try {
      await this.options.establish(sessionPresent)
    } catch {
      client.destroy()
      return
    }
    if (!client.open) return
    this.ready = true
    this.options.onState("ready")
    this.#pump()
  }

  /** Unacknowledged packets again, same identifier, DUP 1. */
  #resend(): void {
    if (this.options.is("forgets-in-flight")) {
      for (const each of this.#inFlight.values()) each.done(false)
      this.#inFlight.clear()
      return
    }
    const dup = !this.options.is("redelivers-without-dup")
    for (const [id, { topic, payload, options, qos }] of this.#inFlight)
      this.client!.send(packetOf(topic, payload, { ...options, qos }, id, dup, this.options.launch.mqtt))
  }

  #forget(): void {
    const lost = this.#inFlight.size
    if (lost > 0) this.dropped["session-lost"] = (this.dropped["session-lost"] ?? 0) + lost
    for (const each of this.#inFlight.values()) each.done(false)
    this.#inFlight.clear()
    this.#unsettled = []
  }

  #pump(): void {
    const { client } = this
    if (client?.open !== true) return
    const most = this.options.is("ignores-server-limits")
      ? 65_535
      : (client.connack.properties?.receiveMaximum ?? 65_535)
    while (this.#waiting.length > 0 && this.#inFlight.size < most) {
      const next = this.#waiting.shift()!
      do this.#lastId = (this.#lastId % 65_535) + 1
      while (this.#inFlight.has(this.#lastId))
      const id = this.#lastId
      this.#inFlight.set(id, next)
      client.send(
        packetOf(next.topic, next.payload, { ...next.options, qos: next.qos }, id, false, this.options.launch.mqtt),
      )
      if (this.options.is("waits-for-lost-acks")) continue
      setTimeout(() => {
        // C-10: an acknowledgement that is lost on a live connection is cured by closing it.
        if (this.#inFlight.get(id) === next && client.open && this.client === client) client.destroy()
      }, ACK_DEADLINE_MS).unref()
    }
  }

  #arrived(packet: Packet): void {
    if (packet.cmd === "pubrec") this.client!.send({ cmd: "pubrel", messageId: packet.messageId!, reasonCode: 0 })
    if (packet.cmd === "puback" || packet.cmd === "pubcomp") {
      const found = this.#inFlight.get(packet.messageId!)
      this.#inFlight.delete(packet.messageId!)
      found?.done((packet.reasonCode ?? 0) < 0x80)
      this.#pump()
    }
    if (packet.cmd === "disconnect" && packet.reasonCode === 0x8e && !this.options.is("fights-takeover")) {
      this.closing = true
      this.options.onState("failed", { code: 0x8e })
    }
  }

  #message(message: RawMessage): void {
    const entry = { message, settled: false }
    if (message.qos > 0) this.#unsettled.push(entry)
    let once = false
    this.options.onMessage(message, () => {
      if (once) return
      once = true
      if (message.qos === 0) return
      entry.settled = true
      this.#flush()
    })
  }

  /** Acknowledgements leave in the order of receipt (M-2). */
  #flush(): void {
    const { client } = this
    if (this.options.is("acknowledges-out-of-order")) {
      for (const entry of this.#unsettled.filter(({ settled }) => settled)) client?.acknowledge(entry.message)
      this.#unsettled = this.#unsettled.filter(({ settled }) => !settled)
      return
    }
    while (this.#unsettled[0]?.settled === true) client?.acknowledge(this.#unsettled.shift()!.message)
  }

  #lost(client: RawClient, lived: number): void {
    if (this.client === client) {
      this.client = undefined
      this.ready = false
      clearInterval(this.#alive)
      // What was not acknowledged is delivered again.
      this.#unsettled = []
    }
    if (this.closing) return
    this.options.onLost()
    this.#shortLives = lived < 5_000 ? this.#shortLives + 1 : 0
    if (lived > STABLE_MS) this.#attempt = 0
    if (this.options.launch.mqtt === "3.1.1" && this.#shortLives >= 3) {
      this.#attempt = 10
      if (this.#shortLives === 3 && !this.options.is("fights-takeover")) this.options.onState("suspected-takeover")
    }
    this.options.onState("disconnected")
    this.#again()
  }

  #again(): void {
    if (this.closing) return
    const { launch, is } = this.options
    const spread = launch.spreadMs ?? 0
    const ceiling = this.#attempt === 0 ? Math.max(spread, 20) : Math.min(CAP_MS, 100 * 2 ** this.#attempt)
    this.#attempt += 1
    const floor = this.#attempt > 8 ? CAP_MS / 2 : 0
    const storm = is("reconnect-storm") || (is("fights-takeover") && launch.mqtt === "3.1.1" && this.#shortLives > 1)
    const wait = storm ? 5 : is("no-spread") && this.#attempt === 1 ? 0 : floor + Math.random() * (ceiling - floor)
    this.#retry = setTimeout(() => void this.#connect(), wait)
  }

  /** A link that swallows everything is found by keep-alive. */
  #watch(client: RawClient): void {
    const seconds = client.connack.properties?.serverKeepAlive ?? this.options.launch.keepAliveSeconds ?? 30
    let last = performance.now()
    client.onPacket(() => {
      last = performance.now()
    })
    clearInterval(this.#alive)
    this.#alive = setInterval(
      () => {
        if (client.connack.properties?.serverKeepAlive !== undefined && !this.options.is("ignores-server-limits"))
          client.send({ cmd: "pingreq" })
        if (performance.now() - last > seconds * 1_500 && !this.options.is("no-keep-alive")) client.destroy()
      },
      Math.max(100, seconds * 400),
    )
    this.#alive.unref()
  }
}

function packetOf(
  topic: string,
  payload: Uint8Array,
  options: RawPublishOptions,
  messageId: number | undefined,
  dup: boolean,
  mqtt: "3.1.1" | "5",
): IPublishPacket {
  return {
    cmd: "publish",
    topic,
    payload: Buffer.from(payload),
    qos: options.qos ?? 0,
    retain: options.retain ?? false,
    dup,
    ...(messageId === undefined ? {} : { messageId }),
    ...(options.properties === undefined || mqtt !== "5" ? {} : { properties: options.properties }),
  }
}
