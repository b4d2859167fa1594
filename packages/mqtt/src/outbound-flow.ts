import {
  type OutboundMessage,
  type ProtocolVersion,
  type PublishOutcome,
  SdkError,
  type ServerLimits,
} from "@fleetwire/runtime"
import { OutboundAliases } from "./outbound-aliases.js"
import { ANSWER, type Outbox } from "./outbox.js"
import { EXACTLY_ONCE_IDS, type PacketIds } from "./packet-ids.js"
import { type PublishPacket, setDuplicate, setPacketId, writeAliased, writePublish } from "./publish-packet.js"
import { refusalError } from "./reason-code.js"
import { publishRefusal, UNLIMITED } from "./server-limits.js"

/** A publish of QoS 1 or 2 that is not settled yet. */
interface InFlight {
  readonly packet: PublishPacket
  /** 0 until it has one: before it was first sent. */
  id: number
  /** PUBREC was received: PUBREL is what is sent again. */
  released: boolean
  /** It was on the wire at least once. */
  sent: boolean
  /** When it was last sent, or last answered, on the monotonic clock. Infinite while it waits for its turn. */
  since: number
  reasonCode: number
  resolve(outcome: PublishOutcome): void
  reject(error: SdkError): void
}

const WRITTEN: Promise<PublishOutcome> = Promise.resolve({ reasonCode: 0 })
const REFUSED = 0x80
/** Give back the memory of what left the line when that much of it has. */
const COMPACT_AT = 512
/** Larger packets keep their topic: an alias would save nothing of note, and cost a copy. */
const ALIASED_OCTETS = 16 * 1024

/**
 * Publishes on their way out: within the server's Receive Maximum, and over a lost connection as C-10 says. With the
 * session present they are sent again with their topics, as the same octets with DUP 1; without it they are given up.
 */
export class OutboundFlow {
  #outbox: Outbox | undefined
  #limits: ServerLimits = UNLIMITED
  /** By packet identifier, in the order of first sending. */
  readonly #inFlight = new Map<number, InFlight>()
  /** Beyond Receive Maximum, or to be sent again once there is room. */
  #waiting: InFlight[] = []
  /** Where the line begins. */
  #next = 0
  /** How many count against Receive Maximum now. */
  #open = 0
  /** This process was connected before: what its session holds is its own. */
  #ownSession = false
  readonly #aliases = new OutboundAliases()

  constructor(
    readonly version: ProtocolVersion,
    readonly ids: PacketIds,
    readonly now: () => number,
    /** Resolves when the socket takes octets again; undefined while it does. */
    readonly drained: () => Promise<void> | undefined,
  ) {}

  publish(message: OutboundMessage): Promise<PublishOutcome> {
    const outbox = this.#outbox
    if (outbox === undefined) return Promise.reject(notConnected())
    let packet: PublishPacket
    try {
      packet = writePublish(message, this.version)
    } catch (error) {
      return Promise.reject(error)
    }
    const refusal = publishRefusal(this.#limits, message, packet.octets.length)
    if (refusal !== undefined) return Promise.reject(refusal)
    if (message.qos === 0) {
      this.#write(outbox, packet)
      const drained = this.drained()
      return drained === undefined ? WRITTEN : drained.then(() => WRITTEN)
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        packet,
        id: 0,
        released: false,
        sent: false,
        since: Number.POSITIVE_INFINITY,
        reasonCode: 0,
        resolve,
        reject,
      })
      this.#pump()
    })
  }

  /** CONNACK: sends again, or gives up, what the last connection left. Topic aliases begin anew. */
  connected(outbox: Outbox, sessionPresent: boolean, limits: ServerLimits, topicAliasMaximum = 0): void {
    this.#outbox = outbox
    this.#limits = limits
    this.#aliases.reset(topicAliasMaximum)
    this.#open = 0
    if (!sessionPresent) this.sessionLost()
    else if (!this.#ownSession) this.#completeInherited(outbox)
    this.#ownSession = true
    const again = [...this.#inFlight.values()]
    for (const entry of again) {
      entry.since = Number.POSITIVE_INFINITY
      if (!entry.released) continue
      entry.since = this.now()
      this.#open += 1
      outbox.acknowledge(ANSWER.pubrel, entry.id)
    }
    this.#waiting = again.filter((entry) => !entry.released)
    this.#next = 0
    this.#pump()
  }

  /** The connection is gone. What was never sent is given up at once; the rest waits for the next CONNACK. */
  disconnected(): void {
    this.#outbox = undefined
    const waiting = this.#waiting.slice(this.#next)
    this.#waiting = []
    this.#next = 0
    for (const entry of waiting) {
      if (!entry.sent) entry.reject(notConnected())
    }
  }

  /** Gives up everything in flight: its session is gone, or nobody will connect again. */
  sessionLost(error = sessionGone()): void {
    const lost = [...this.#inFlight.values()]
    this.#inFlight.clear()
    this.#waiting = []
    this.#next = 0
    for (const entry of lost) {
      this.ids.release(entry.id)
      entry.reject(error)
    }
  }

  /** The longest that anything on the wire has been waiting since; undefined when nothing is. */
  oldest(): number | undefined {
    let oldest: number | undefined
    for (const entry of this.#inFlight.values()) {
      if (entry.since !== Number.POSITIVE_INFINITY && (oldest === undefined || entry.since < oldest))
        oldest = entry.since
    }
    return oldest
  }

  /** PUBACK, or PUBCOMP. */
  acknowledged(id: number, reasonCode: number, kind: "puback" | "pubcomp"): void {
    const entry = this.#inFlight.get(id)
    if (entry === undefined || (kind === "pubcomp") !== entry.released) return
    this.#settle(entry)
    if (kind === "puback" && reasonCode >= REFUSED) entry.reject(refusalError(reasonCode, "publish"))
    else entry.resolve({ reasonCode: kind === "puback" ? reasonCode : entry.reasonCode })
  }

  /** PUBREC: the broker has the message, or refuses it. */
  received(id: number, reasonCode: number): void {
    const entry = this.#inFlight.get(id)
    if (entry === undefined) {
      // A resumed session of an earlier process: without PUBREL the broker would keep the identifier for ever.
      if (reasonCode < REFUSED) this.#outbox?.acknowledge(ANSWER.pubrel, id)
      return
    }
    if (reasonCode >= REFUSED) {
      this.#settle(entry)
      entry.reject(refusalError(reasonCode, "publish"))
      return
    }
    entry.released = true
    entry.reasonCode = reasonCode
    entry.since = this.now()
    this.#outbox?.acknowledge(ANSWER.pubrel, id)
  }

  /**
   * A process that resumes the session of one that was killed does not know what that one had under way. A broker keeps
   * such messages of QoS 2 until PUBREL, hands them on in the order of these, and Mosquitto refuses every publish of a client that has 20 of them.
   */
  #completeInherited(outbox: Outbox): void {
    for (let id = 1; id <= EXACTLY_ONCE_IDS; id++) outbox.acknowledge(ANSWER.pubrel, id)
  }

  #settle(entry: InFlight): void {
    this.#inFlight.delete(entry.id)
    this.ids.release(entry.id)
    if (this.#open > 0) this.#open -= 1
    if (this.#waiting.length > 0) this.#pump()
  }

  /** Sends a packet for the first time: here, in the order of the wire, a topic becomes an alias. */
  #write(outbox: Outbox, packet: PublishPacket): void {
    const { octets, topic } = packet
    const alias =
      octets.length > ALIASED_OCTETS ? 0 : this.#aliases.take(topic, this.#limits.maximumPacketSize - octets.length)
    outbox.write(alias === 0 ? octets : writeAliased(packet, Math.abs(alias), alias < 0))
  }

  #pump(): void {
    const outbox = this.#outbox
    if (outbox === undefined) return
    const waiting = this.#waiting
    while (this.#next < waiting.length && this.#open < this.#limits.receiveMaximum) {
      const entry = waiting[this.#next]!
      if (entry.id === 0) {
        const id = isExactlyOnce(entry) ? this.ids.takeExactlyOnce() : this.ids.take()
        if (id === undefined) break
        entry.id = id
        setPacketId(entry.packet, id)
        this.#inFlight.set(id, entry)
        this.#write(outbox, entry.packet)
      } else {
        setDuplicate(entry.packet)
        outbox.write(entry.packet.octets)
      }
      entry.sent = true
      entry.since = this.now()
      this.#open += 1
      this.#next += 1
    }
    if (this.#next === waiting.length) {
      this.#waiting = []
      this.#next = 0
    } else if (this.#next >= COMPACT_AT) {
      waiting.splice(0, this.#next)
      this.#next = 0
    }
  }
}

function isExactlyOnce({ packet }: InFlight): boolean {
  return (packet.octets[0]! & 0x06) === 0x04
}

function notConnected(): SdkError {
  return new SdkError("unavailable", "not connected")
}

function sessionGone(): SdkError {
  return new SdkError("unavailable", "the connection was lost and the session with it", { sent: true })
}
