import { type AddressInfo, createServer, type Server } from "node:net"
import { createFaultRules, type FaultRule } from "./fault-rule.js"
import type { Direction, LabCommand, LabPacket } from "./lab-packet.js"
import { ProxyConnection } from "./proxy-connection.js"
import type { WireShape } from "./shaper.js"

export interface FaultProxyOptions {
  readonly targetPort: number
  /** Where the broker is. Default: loopback. */
  readonly targetHost?: string
  /** Address that the proxy binds. Default: loopback; `0.0.0.0` lets devices on the network in. */
  readonly bind?: string
  /** The proxy's own port. Default: a free one. */
  readonly port?: number
  /** Of the jitter; equal seeds draw equal numbers. Default 1. */
  readonly seed?: number
  /** Packets kept in `log`; older ones are forgotten, counts are not. Default 100 000. */
  readonly logLimit?: number
  /** Do not look into the octets, for TLS and WebSocket. Rules and log then see nothing. */
  readonly opaque?: boolean
  /**
   * Let client and broker agree on topic aliases. Default false, where each is told that the other takes none: a packet
   * that is dropped or held back would make later ones unreadable, and rules and log would not know their topics.
   */
  readonly topicAliases?: boolean
}

/** A wire between clients and a broker that can be made bad, and that knows the packets on it. */
export interface FaultProxy {
  readonly port: number
  /** URL for plain MQTT clients. */
  readonly url: string
  /** Connections accepted so far. */
  readonly connections: number
  /** Connections open now. */
  readonly open: number
  readonly log: readonly LabPacket[]
  /** Packets seen so far of one kind. `passed` counts those that were handed on, repetitions included. */
  count(direction: Direction, cmd: LabCommand, which?: "seen" | "passed"): number
  /** Monotonic milliseconds of each CONNECT. */
  readonly connectTimes: readonly number[]
  /** Changes how the wire behaves, for open and new connections. Default: both directions. */
  shape(shape: WireShape, direction?: Direction): void
  /** Adds a fault for particular packets; the returned function takes it back. */
  fault(rule: FaultRule): () => void
  /** Swallows everything, open and new connections alike; nobody is told. Default: both directions. */
  blackHole(direction?: Direction): void
  /** The broker's side is closed, the client is not told: a half-open connection. */
  halfOpen(): void
  /** Resets open connections, or one of them, on both sides. */
  reset(connection?: number): void
  /** New connections are reset at once. */
  refuse(on?: boolean): void
  /** Takes back shapes, faults, black holes and refusal. Swallowed octets stay lost: open connections that lost some are reset. */
  heal(): void
  stop(): Promise<void>
}

/** Starts a proxy on loopback. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new LoopbackProxy(options)
  await proxy.listen()
  return proxy
}

const LOG_LIMIT = 100_000

class LoopbackProxy implements FaultProxy {
  readonly log: LabPacket[] = []
  readonly connectTimes: number[] = []
  readonly rules = createFaultRules()
  readonly shapes: Record<Direction, WireShape> = { "to-broker": {}, "to-client": {} }
  readonly holes: Record<Direction, boolean> = { "to-broker": false, "to-client": false }
  readonly random: () => number
  readonly opaque: boolean
  readonly topicAliases: boolean
  connections = 0
  #refusing = false
  readonly #open = new Set<ProxyConnection>()
  readonly #counts = new Map<string, number>()
  readonly #server: Server
  readonly #options: FaultProxyOptions

  constructor(options: FaultProxyOptions) {
    this.#options = options
    this.opaque = options.opaque ?? false
    this.topicAliases = options.topicAliases ?? false
    this.random = seededRandom(options.seed ?? 1)
    this.#server = createServer((client) => {
      this.connections += 1
      if (this.#refusing) {
        client.on("error", () => undefined)
        client.resetAndDestroy()
        return
      }
      const connection = new ProxyConnection(this.connections, client, options, this)
      this.#open.add(connection)
      void connection.closed.then(() => this.#open.delete(connection))
    })
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject)
      this.#server.listen(this.#options.port ?? 0, this.#options.bind ?? "127.0.0.1", resolve)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`
  }

  get open(): number {
    return this.#open.size
  }

  count(direction: Direction, cmd: LabCommand, which: "seen" | "passed" = "seen"): number {
    return this.#counts.get(`${which} ${direction} ${cmd}`) ?? 0
  }

  /** A packet came in. */
  saw(packet: LabPacket): void {
    this.#add(`seen ${packet.direction} ${packet.cmd}`)
    if (packet.cmd === "connect") this.connectTimes.push(packet.at)
    this.log.push(packet)
    const limit = this.#options.logLimit ?? LOG_LIMIT
    if (this.log.length > limit * 1.1 + 1) this.log.splice(0, this.log.length - limit)
  }

  /** A packet went out. */
  passed(packet: LabPacket): void {
    this.#add(`passed ${packet.direction} ${packet.cmd}`)
  }

  shape(shape: WireShape, direction?: Direction): void {
    for (const each of directions(direction)) {
      this.shapes[each] = shape
      for (const connection of this.#open) connection.reshape(each, shape)
    }
  }

  fault(rule: FaultRule): () => void {
    return this.rules.add(rule)
  }

  blackHole(direction?: Direction): void {
    for (const each of directions(direction)) this.holes[each] = true
  }

  halfOpen(): void {
    for (const connection of this.#open) connection.halfOpen()
  }

  reset(number?: number): void {
    for (const connection of this.#open) {
      if (number === undefined || connection.number === number) connection.reset()
    }
  }

  refuse(on = true): void {
    this.#refusing = on
  }

  heal(): void {
    this.rules.clear()
    this.refuse(false)
    this.shape({})
    this.holes["to-broker"] = false
    this.holes["to-client"] = false
    for (const connection of this.#open) if (connection.damaged) connection.reset()
  }

  async stop(): Promise<void> {
    this.reset()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }
}

function directions(direction: Direction | undefined): readonly Direction[] {
  return direction === undefined ? ["to-broker", "to-client"] : [direction]
}

/** mulberry32: small, and good enough to shake a wire. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
