import { type Packet, type PacketCmd, parser } from "mqtt-packet"

/** Who speaks: the client to the broker, or the broker to the client. */
export type Direction = "to-broker" | "to-client"

/** What became of a packet in the proxy; `passed` where nothing interfered. */
export type Fate = "passed" | "dropped" | "delayed" | "repeated" | "swallowed" | "cut"

/** `malformed` for what no parser reads. */
export type LabCommand = PacketCmd | "malformed"

const COMMANDS: readonly (LabCommand | undefined)[] = [
  undefined,
  "connect",
  "connack",
  "publish",
  "puback",
  "pubrec",
  "pubrel",
  "pubcomp",
  "subscribe",
  "suback",
  "unsubscribe",
  "unsuback",
  "pingreq",
  "pingresp",
  "disconnect",
  "auth",
]

/** One MQTT packet as it was seen on a wire. */
export class LabPacket {
  /** Kind of packet, from its first octet. */
  readonly cmd: LabCommand
  fate: Fate = "passed"
  #parsed: Packet | undefined | null = null

  constructor(
    /** Number of the connection, from 1, in the order of acceptance. */
    readonly connection: number,
    readonly direction: Direction,
    /** The whole packet, header included. */
    readonly octets: Buffer,
    /** Milliseconds on the process's monotonic clock. */
    readonly at: number,
    /** MQTT 5 packets cannot be read without knowing so. */
    readonly protocolVersion: 3 | 4 | 5,
  ) {
    this.cmd = COMMANDS[octets[0]! >> 4] ?? "malformed"
  }

  /** The packet's fields; undefined where it is malformed. */
  get packet(): Packet | undefined {
    if (this.#parsed === null) this.#parsed = parsePacket(this.octets, this.protocolVersion)
    return this.#parsed
  }

  /** One line for failure reports: `#1 → publish qos 1 id 7 "a/b" 12 octets`. */
  toString(): string {
    const fields = this.packet as Partial<Record<string, unknown>> | undefined
    const words = [`#${this.connection}`, this.direction === "to-broker" ? "→" : "←", this.cmd]
    for (const name of [
      "qos",
      "dup",
      "retain",
      "messageId",
      "reasonCode",
      "returnCode",
      "sessionPresent",
      "clientId",
    ]) {
      // The parser says qos 0 of everything.
      const value = name === "qos" && this.cmd !== "publish" ? undefined : fields?.[name]
      if (value !== undefined && value !== false && value !== "" && value !== null)
        words.push(`${name}=${String(value)}`)
    }
    if (typeof fields?.topic === "string") words.push(JSON.stringify(fields.topic))
    const payload = fields?.payload
    if (payload instanceof Uint8Array) words.push(JSON.stringify(Buffer.from(payload).toString("utf8").slice(0, 80)))
    if (this.fate !== "passed") words.push(`(${this.fate})`)
    return words.join(" ")
  }
}

/** Reads one whole packet; undefined where it is malformed. */
export function parsePacket(octets: Buffer, protocolVersion: 3 | 4 | 5): Packet | undefined {
  let found: Packet | undefined
  const reader = parser({ protocolVersion })
  reader.on("packet", (packet: Packet) => {
    found ??= packet
  })
  reader.on("error", () => undefined)
  reader.parse(octets)
  return found
}

/** Protocol version that a CONNECT asks for; 4 for anything else. */
export function versionOfConnect(octets: Buffer): 3 | 4 | 5 {
  const packet = octets[0]! >> 4 === 1 ? parsePacket(octets, 4) : undefined
  const version = (packet as { protocolVersion?: number } | undefined)?.protocolVersion
  return version === 5 || version === 3 ? version : 4
}
