import type { ClientCore, CorePart } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { PresenceDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { PresencePublisher } from "../surface.js"
import type { InboundMessage, Will } from "../transport.js"
import { sessionOf, wordOf } from "./presence-words.js"

/** At most one repair in this time (P-4). */
const REPAIR_MS = 1_000
const SESSION_NUMBERS = 2 ** 31

/** A device's own presence: will, birth, goodbye, and the repair of an `offline` that is not its own (P-1 to P-4). */
export class PresenceDevice implements CorePart, PresencePublisher {
  online = false
  /** The broker has sent the latest birth back: everything that was stored when it came is here (P-5). */
  echoed = false
  readonly qos: 0 | 1 | 2
  readonly #core: ClientCore
  // biome-ignore lint/suspicious/noExplicitAny: presence of any shape.
  readonly #channel: PresenceDescriptor<any>
  readonly #port: OutgoingLeg
  readonly #topic: string
  #session = 0
  #leaving = false
  #saidOnlineAt = Number.NEGATIVE_INFINITY
  #repair: (() => void) | undefined
  /** Of this connection; undefined before it was said. */
  #birth: Uint8Array | undefined
  /** An `offline` came after the birth was said and before its acknowledgement was known. */
  #doubted = false
  readonly #echoListeners: (() => void)[] = []

  // biome-ignore lint/suspicious/noExplicitAny: presence of any shape.
  constructor(core: ClientCore, channel: PresenceDescriptor<any>, params: Params, identity: string) {
    this.#core = core
    this.#channel = channel
    this.qos = channel.message.qos
    this.#port = new OutgoingLeg(core, channel.message, identity)
    this.#topic = this.#port.topic(params)
    core.will = () => this.#will()
    core.add(this)
    new LegSubscriber(core, channel.message, params, (message, _, incoming) => this.#heard(message, incoming))
  }

  /** Runs each time the broker sends the birth of a new connection back. */
  onEcho(listener: () => void): void {
    this.#echoListeners.push(listener)
  }

  async establish(): Promise<void> {
    this.online = false
    this.echoed = false
    this.#birth = undefined
    this.#doubted = false
    await this.#sayOnline()
    this.online = true
    if (this.#doubted) this.#repairSoon()
  }

  lost(): void {
    this.online = false
    this.#cancelRepair()
  }

  end(): void {
    this.#cancelRepair()
  }

  /** P-3: goodbye has its acknowledgement before DISCONNECT. */
  async close(): Promise<void> {
    this.#leaving = true
    this.#cancelRepair()
    this.online = false
    await this.#core.send(this.#packet(this.#channel.offline))
  }

  /** P-1, P-4: made anew for each CONNECT, with the number that the birth of this connection will carry. */
  #will(): Will {
    this.#leaving = false
    this.#session = 1 + Math.floor(this.#core.random.next() * (SESSION_NUMBERS - 1))
    const { topic, payload, qos, retain, properties } = this.#packet(this.#channel.offline)
    const delaySeconds = Math.floor(this.#channel.willDelayMs / 1000)
    return {
      topic,
      payload,
      qos,
      retain,
      ...(this.#core.protocol === "5" && delaySeconds > 0 ? { delaySeconds } : {}),
      ...(properties === undefined ? {} : { properties }),
    }
  }

  async #sayOnline(): Promise<void> {
    this.#saidOnlineAt = this.#core.clock.monotonic()
    const packet = this.#packet(this.#channel.online)
    this.#birth = packet.payload
    await this.#core.send(packet)
  }

  #packet(constant: unknown): ReturnType<OutgoingLeg["packet"]> {
    const payload = this.#port.encode(constant, undefined, { session: this.#session })
    return { ...this.#port.packet(this.#topic, payload, undefined), retain: true }
  }

  #heard(message: InboundMessage, incoming: IncomingLeg): void {
    message.acknowledge()
    if (!message.retain && !this.echoed && this.#birth !== undefined && sameOctets(message.payload, this.#birth)) {
      this.echoed = true
      // The broker keeps their order: what came before the echo came before the birth, which has answered it.
      this.#doubted = false
      this.#cancelRepair()
      for (const listener of this.#echoListeners) listener()
    }
    // What was stored when we subscribed is older than our birth; what comes before the birth is answered by it.
    const born = this.online || this.#birth !== undefined
    if (message.retain || !born || this.#leaving) return
    // An empty one took away what was stored: whoever comes next would know nothing of this device.
    if (message.payload.length > 0 && !this.#saysOffline(message, incoming)) return
    // It may have been read together with the acknowledgement of the birth, which is not known of yet.
    if (this.online) this.#repairSoon()
    else this.#doubted = true
  }

  #saysOffline(message: InboundMessage, incoming: IncomingLeg): boolean {
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      return false
    }
    if (wordOf(this.#channel, decoded.value) !== "offline") return false
    const session = sessionOf(this.#channel, decoded.value)
    return session === undefined || session === String(this.#session)
  }

  #repairSoon(): void {
    if (this.#repair !== undefined) return
    const wait = Math.max(0, this.#saidOnlineAt + REPAIR_MS - this.#core.clock.monotonic())
    this.#repair = this.#core.clock.after(wait, () => {
      this.#repair = undefined
      this.#sayOnline().catch((error: unknown) => this.#core.reporter.error(error, { channel: this.#channel.name }))
    })
  }

  #cancelRepair(): void {
    this.#repair?.()
    this.#repair = undefined
  }
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index])
}
