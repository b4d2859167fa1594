import type { LabPacket } from "@fleetwire/broker-lab"
import type { WireMessage } from "../check/evidence.js"

interface Fields {
  readonly topic?: unknown
  readonly payload?: unknown
  readonly clientId?: unknown
}

/** Commands, replies and reports among the packets that clients sent. `offsetMs` turns the proxy's clock into the machine's. */
export function readWire(packets: readonly LabPacket[], offsetMs: number): readonly WireMessage[] {
  const clients = new Map<number, string>()
  const found: WireMessage[] = []
  for (const packet of packets) {
    if (packet.direction !== "to-broker") continue
    if (packet.cmd === "connect")
      clients.set(packet.connection, String((packet.packet as Fields | undefined)?.clientId))
    if (packet.cmd !== "publish") continue
    const { topic, payload } = (packet.packet ?? {}) as Fields
    const levels = String(topic).split("/")
    const kind = kindOf(levels)
    const body = kind === undefined ? undefined : parse(payload)
    if (kind === undefined || body === undefined) continue
    const { id, command_id, version, action, message, outcome } = body
    const [key, text] = { request: [id, action], reply: [command_id, message], report: [version, outcome] }[kind]
    const client = clients.get(packet.connection)
    found.push({ at: packet.at + offsetMs, kind, client, device: levels[1]!, id: String(key), text: String(text) })
  }
  return found
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
