import type {
  Clock,
  ConnectedInfo,
  DisconnectReason,
  InboundMessage,
  Link,
  LinkOptions,
  Random,
} from "@fleetwire/runtime"
import { type MqttTransportOptions, mqttTransport } from "../src/mqtt-transport.js"

/** The machine's clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Randomness that always draws the same number in [0, 1). */
export function fixedRandom(value: number): Random {
  return { next: () => value, bytes: (length) => new Uint8Array(length).fill(7) }
}

/** A copy of a message that may be kept. */
export interface Kept {
  readonly topic: string
  readonly text: string
  readonly qos: number
  readonly retain: boolean
  readonly dup: boolean
  readonly message: InboundMessage
}

/** A link whose events are written down. */
export interface Recorded {
  readonly link: Link
  readonly connected: ConnectedInfo[]
  readonly disconnected: DisconnectReason[]
  readonly messages: Kept[]
  /** Resolves when the n-th CONNACK was accepted. */
  connection(n?: number): Promise<ConnectedInfo>
  disconnection(n?: number): Promise<DisconnectReason>
  message(n?: number): Promise<Kept>
}

const FAST = { enabled: true, spreadMs: 50, baseMs: 20, capMs: 200, stableMs: 2000 }

/** Opens a link with short waits; acknowledges each message at once unless `hold` is set. */
export function openLink(
  options: Partial<LinkOptions> & { readonly url: string; readonly clientId: string },
  hold = false,
  transport: MqttTransportOptions = {},
): Recorded {
  const connected: ConnectedInfo[] = []
  const disconnected: DisconnectReason[] = []
  const messages: Kept[] = []
  const link = mqttTransport(transport).open(
    {
      protocol: "5",
      session: { kind: "clean" },
      keepAliveSeconds: 30,
      reconnect: FAST,
      clock: realClock,
      random: fixedRandom(0.5),
      ...options,
    },
    {
      onConnected: (info) => connected.push(info),
      onDisconnected: (reason) => disconnected.push(reason),
      onMessage: (message) => {
        const { topic, qos, retain, dup } = message
        messages.push({ topic, qos, retain, dup, message, text: new TextDecoder().decode(message.payload) })
        if (!hold) message.acknowledge()
      },
    },
  )
  return {
    link,
    connected,
    disconnected,
    messages,
    connection: (n = 1) => nth(connected, n, "CONNACK", disconnected),
    disconnection: (n = 1) => nth(disconnected, n, "disconnection", disconnected),
    message: (n = 1) => nth(messages, n, "message", disconnected),
  }
}

async function nth<T>(list: readonly T[], n: number, what: string, reasons: readonly DisconnectReason[]): Promise<T> {
  const end = performance.now() + 20_000
  while (list.length < n) {
    if (performance.now() > end) throw new Error(`no ${what} ${n}; ${JSON.stringify(reasons)}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return list[n - 1]!
}

/** UTF-8 octets of a text. */
export function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
