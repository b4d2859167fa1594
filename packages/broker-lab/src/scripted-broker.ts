import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { generate, type IConnackPacket, type IConnectPacket, type Packet, type PacketCmd } from "mqtt-packet"
import { LabPacket, versionOfConnect } from "./lab-packet.js"
import { createPacketFrames } from "./packet-frames.js"

/** One client of a scripted broker, played by hand. */
export interface ScriptedPeer {
  /** From 1, in the order of connecting. */
  readonly number: number
  readonly protocolVersion: 3 | 4 | 5
  /** Everything that it sent so far. */
  readonly received: readonly LabPacket[]
  /**
   * The next packet that was not taken yet; it must be of that kind. PINGREQ is answered and passed over unless it is
   * what is expected. Rejects, with what came instead, after `timeoutMs` (default 5 000).
   */
  expect<C extends PacketCmd>(cmd: C, timeoutMs?: number): Promise<Extract<Packet, { cmd: C }>>
  /** Resolves when for `ms` nothing comes; rejects with the packet that did. */
  expectSilence(ms: number): Promise<void>
  send(packet: Packet): void
  /** Octets as they are, well formed or not. */
  write(octets: Uint8Array): void
  /** Takes CONNECT and answers CONNACK, with success unless told otherwise. */
  accept(connack?: Partial<IConnackPacket>): Promise<IConnectPacket>
  /** Orderly end of the TCP connection. */
  end(): void
  /** TCP reset. */
  reset(): void
  /** PINGREQ is no longer answered. */
  ignorePings(): void
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>
}

/** A broker that does exactly what a test says, for what a real one never does. */
export interface ScriptedBroker {
  readonly url: string
  readonly port: number
  /** Connections so far. */
  readonly connections: number
  /** The next client that was not taken yet. Rejects after `timeoutMs` (default 5 000). */
  nextPeer(timeoutMs?: number): Promise<ScriptedPeer>
  close(): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 5000

/** Listens on a free loopback port. */
export async function startScriptedBroker(): Promise<ScriptedBroker> {
  const peers: Peer[] = []
  let taken = 0
  const wake = new Set<() => void>()
  const server: Server = createServer((socket) => {
    peers.push(new Peer(peers.length + 1, socket))
    for (const each of wake) each()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    get connections() {
      return peers.length
    },
    async nextPeer(timeoutMs = DEFAULT_TIMEOUT_MS) {
      await until(
        () => peers.length > taken,
        wake,
        timeoutMs,
        () => "no client connected",
      )
      taken += 1
      return peers[taken - 1]!
    },
    close() {
      for (const peer of peers) peer.reset()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

class Peer implements ScriptedPeer {
  readonly received: LabPacket[] = []
  readonly closed: Promise<void>
  protocolVersion: 3 | 4 | 5 = 4
  #taken = 0
  #pings = true
  readonly #wake = new Set<() => void>()

  constructor(
    readonly number: number,
    private readonly socket: Socket,
  ) {
    socket.setNoDelay(true)
    const frames = createPacketFrames()
    socket.on("data", (chunk) => {
      for (const octets of frames.push(chunk as Buffer)) this.#arrived(octets)
    })
    socket.on("error", () => undefined)
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()))
  }

  async expect<C extends PacketCmd>(cmd: C, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Extract<Packet, { cmd: C }>> {
    const next = () => {
      if (cmd !== "pingreq") while (this.received[this.#taken]?.cmd === "pingreq") this.#taken += 1
      return this.received[this.#taken]
    }
    await until(
      () => next() !== undefined,
      this.#wake,
      timeoutMs,
      () => `no ${cmd} came`,
    )
    const packet = next()!
    if (packet.cmd !== cmd) throw new Error(`expected ${cmd}, but this came: ${packet}`)
    this.#taken += 1
    if (packet.packet === undefined) throw new Error(`a malformed ${cmd}: ${packet.octets.toString("hex")}`)
    return packet.packet as Extract<Packet, { cmd: C }>
  }

  async expectSilence(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
    const next = this.received.slice(this.#taken).find((packet) => packet.cmd !== "pingreq")
    if (next !== undefined) throw new Error(`expected silence, but this came: ${next}`)
  }

  send(packet: Packet): void {
    this.write(generate(packet, { protocolVersion: this.protocolVersion }))
  }

  write(octets: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(octets)
  }

  async accept(connack: Partial<IConnackPacket> = {}): Promise<IConnectPacket> {
    const connect = await this.expect("connect")
    this.send({ cmd: "connack", sessionPresent: false, returnCode: 0, reasonCode: 0, ...connack })
    return connect
  }

  end(): void {
    this.socket.end()
  }

  reset(): void {
    this.socket.resetAndDestroy()
  }

  ignorePings(): void {
    this.#pings = false
  }

  #arrived(octets: Buffer): void {
    if (octets[0]! >> 4 === 1) this.protocolVersion = versionOfConnect(octets)
    const packet = new LabPacket(this.number, "to-broker", octets, performance.now(), this.protocolVersion)
    this.received.push(packet)
    if (packet.cmd === "pingreq" && this.#pings) this.send({ cmd: "pingresp" })
    for (const each of this.#wake) each()
  }
}

function until(met: () => boolean, wake: Set<() => void>, timeoutMs: number, failure: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = () => {
      if (!met()) return
      finish()
      resolve()
    }
    const late = setTimeout(() => {
      finish()
      reject(new Error(`${failure()} within ${timeoutMs} ms`))
    }, timeoutMs)
    const finish = () => {
      clearTimeout(late)
      wake.delete(check)
    }
    wake.add(check)
    check()
  })
}
