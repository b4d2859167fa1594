import type { LabPacket } from "@fleetwire/broker-lab"
import type { WireMessage } from "../check/evidence.js"

interface Fields {
  readonly topic?: unknown
  readonly payload?: unknown
  readonly clientId?: unknown
}

/** Commands, replies, reports and events among the packets that clients sent: each time the new ones are read and added. */
export class WireReader {
  readonly #clients = new Map<number, string>()
  readonly #found: WireMessage[] = []
  #next = 0

  /** `offsetMs` turns the proxy's clock into the machine's. */
  constructor(
    private readonly packets: readonly LabPacket[],
    private readonly offsetMs: number,
  ) {}

  read(): readonly WireMessage[] {
    while (this.#next < this.packets.length) this.#packet(this.packets[this.#next++]!)
    return this.#found
  }

  #packet(packet: LabPacket): void {
    if (packet.direction !== "to-broker") return
    if (packet.cmd === "connect") {
      this.#clients.set(packet.connection, String((packet.packet as Fields | undefined)?.clientId))
    }
    if (packet.cmd !== "publish") return
    const { topic, payload } = (packet.packet ?? {}) as Fields
    const levels = String(topic).split("/")
    const kind = kindOf(levels)
    const body = kind === undefined ? undefined : parse(payload)
    if (kind === undefined || body === undefined) return
    const { id, command_id, version, action, message, outcome } = body
    const [key, text] = {
      request: [id, action],
      reply: [command_id, message],
      report: [version, outcome],
      event: [message, message],
    }[kind]
    const client = this.#clients.get(packet.connection)
    const at = packet.at + this.offsetMs
    this.#found.push({ at, kind, client, device: levels[1]!, id: String(key), text: String(text) })
  }
}

function kindOf(levels: readonly string[]): WireMessage["kind"] | undefined {
  switch (levels[2]) {
    case "command":
    case "broadcast":
      return "request"
    case "response":
      return "reply"
    case "config":
      return levels[3] === "reported" ? "report" : undefined
    case "log":
      return "event"
    default:
      return undefined
  }
}

interface Body {
  readonly [name: string]: unknown
  readonly id?: unknown
  readonly command_id?: unknown
  readonly version?: unknown
  readonly action?: unknown
  readonly message?: unknown
  readonly outcome?: unknown
}

function parse(payload: unknown): Body | undefined {
  try {
    return JSON.parse(String(payload)) as Body
  } catch {
    return undefined
  }
}
