import type { Codec, ContractDescriptor, RoleDescriptor, StreamDescriptor } from "@fleetwire/runtime/codegen-v1"

/** The levels of the experiment. */
export const LEVELS = [0, 1, 2] as const

export type Level = (typeof LEVELS)[number]

const refused = { ok: false, issues: [{ path: "", code: "type", message: "not a number" }] } as const

/** A number as plain text. */
const numbers: Codec<number> = {
  decode(bytes) {
    const text = new TextDecoder().decode(bytes)
    return /^\d{1,9}$/.test(text) ? { ok: true, value: Number(text) } : refused
  },
  encode: (value) => ({ ok: true, value: new TextEncoder().encode(String(value)) }),
}

/** One device that counts, and three topics that differ in nothing but their QoS. */
export const contract: ContractDescriptor = {
  name: "qos-experiment",
  version: "1.0.0",
  digest: "0".repeat(64),
  device: {
    param: "counter",
    session: { kind: "persistent", expirySeconds: 3600 },
    reconnectSpreadSeconds: 0,
    keepAliveSeconds: 30,
  },
}

/** What counts along: a durable reader. */
export const reader: RoleDescriptor = {
  name: "reader",
  session: { kind: "persistent", expirySeconds: 3600 },
  reconnectSpreadSeconds: 0,
  keepAliveSeconds: 30,
  publish: [],
  read: LEVELS.map((level) => `qos${level}.message`),
}

/** The channel of a level. The outbox holds everything at QoS 1 and 2; at QoS 0 what cannot be written at once is gone. */
export const channelOf = (level: Level): StreamDescriptor<number> => ({
  kind: level === 0 ? "telemetry" : "event",
  name: `qos${level}`,
  from: "device",
  message: {
    id: `qos${level}.message`,
    template: `experiment/{counter}/qos${level}`,
    params: [{ name: "counter", maxLength: 16, reserved: [] }],
    qos: level,
    retain: false,
    accepts: ["text"],
    sends: "text",
    maxBytes: 16,
    acknowledge: level === 0 ? "on-receipt" : "on-handled",
    queue: { bound: 1000, drop: "reject" },
    outbox: { bound: level === 0 ? 0 : 1000, drop: "reject", durable: false },
    auto: [],
    codecs: { text: numbers },
  },
})
