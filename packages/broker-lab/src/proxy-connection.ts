import { connect, type Socket } from "node:net"
import type { FaultRules } from "./fault-rule.js"
import { forbidTopicAliases } from "./forbid-topic-aliases.js"
import { type Direction, LabPacket, versionOfConnect } from "./lab-packet.js"
import { createPacketFrames } from "./packet-frames.js"
import { createShaper, type Shaper, type WireShape } from "./shaper.js"

/** What a connection needs of the proxy that it belongs to. */
export interface ProxyState {
  readonly rules: FaultRules
  readonly shapes: Readonly<Record<Direction, WireShape>>
  readonly holes: Readonly<Record<Direction, boolean>>
  readonly random: () => number
  readonly opaque: boolean
  readonly topicAliases: boolean
  saw(packet: LabPacket): void
  passed(packet: LabPacket): void
}

/** One client's connection through the proxy, and the proxy's own to the broker. */
export class ProxyConnection {
  readonly closed: Promise<void>
  /** Octets were lost that the other side will miss. */
  damaged = false
  #version: 3 | 4 | 5 = 4
  #half = false
  readonly #broker: Socket
  readonly #shapers: Readonly<Record<Direction, Shaper>>
  readonly #swallowing: Record<Direction, boolean> = { "to-broker": false, "to-client": false }

  constructor(
    readonly number: number,
    private readonly client: Socket,
    target: { readonly targetPort: number; readonly targetHost?: string },
    private readonly state: ProxyState,
  ) {
    this.#broker = connect({ port: target.targetPort, host: target.targetHost ?? "127.0.0.1", noDelay: true })
    client.setNoDelay(true)
    this.#shapers = {
      "to-broker": createShaper(state.shapes["to-broker"], state.random, (octets) =>
        writeTogether(this.#broker, octets),
      ),
      "to-client": createShaper(state.shapes["to-client"], state.random, (octets) => writeTogether(client, octets)),
    }
    this.#pipe(client, "to-broker")
    this.#pipe(this.#broker, "to-client")
    this.closed = Promise.all([gone(client), gone(this.#broker)]).then(() => undefined)
  }

  reshape(direction: Direction, shape: WireShape): void {
    this.#shapers[direction].shape = shape
  }

  /** Ends the broker's side only. */
  halfOpen(): void {
    this.#half = true
    this.damaged = true
    this.#broker.destroy()
  }

  reset(): void {
    for (const shaper of Object.values(this.#shapers)) shaper.stop()
    for (const socket of [this.client, this.#broker]) cut(socket)
  }

  #pipe(from: Socket, direction: Direction): void {
    const frames = createPacketFrames()
    from.on("data", (chunk) => {
      const octets = chunk as Buffer
      if (this.state.opaque) {
        if (this.#isHole(direction)) this.damaged = true
        else this.#shapers[direction].push(octets)
      } else for (const frame of frames.push(octets)) this.#packet(frame, direction)
    })
    from.on("error", () => undefined)
    from.on("end", () => this.#sideEnded(direction))
    from.on("close", () => this.#sideEnded(direction))
  }

  #isHole(direction: Direction): boolean {
    return this.state.holes[direction] || this.#swallowing[direction] || this.#half
  }

  #packet(frame: Buffer, direction: Direction): void {
    if (frame[0]! >> 4 === 1) this.#version = versionOfConnect(frame)
    const octets = this.#version === 5 && !this.state.topicAliases ? forbidTopicAliases(frame) : frame
    const packet = new LabPacket(this.number, direction, octets, performance.now(), this.#version)
    this.state.saw(packet)
    if (this.#isHole(direction)) {
      packet.fate = "swallowed"
      this.damaged = true
      return
    }
    const action = this.state.rules.actionFor(packet)
    switch (action?.kind) {
      case undefined:
        this.#pass(packet)
        break
      case "drop":
        packet.fate = "dropped"
        break
      case "delay":
        packet.fate = "delayed"
        this.#delay(packet, action.ms, action.blocking ?? false)
        break
      case "repeat":
        packet.fate = "repeated"
        for (let i = 0; i <= (action.times ?? 1); i += 1) this.#pass(packet)
        break
      case "reset":
        packet.fate = "cut"
        if (action.after === true) {
          this.#pass(packet)
          this.#shapers[direction].afterPending(() => setImmediate(() => this.reset()))
        } else this.reset()
        break
      case "black-hole":
        packet.fate = "swallowed"
        this.#swallowing[direction] = true
        this.damaged = true
    }
  }

  #pass(packet: LabPacket): void {
    this.state.passed(packet)
    this.#shapers[packet.direction].push(packet.octets)
  }

  #delay(packet: LabPacket, ms: number, blocking: boolean): void {
    const shaper = this.#shapers[packet.direction]
    if (!blocking) {
      setTimeout(() => this.#pass(packet), ms)
      return
    }
    const usual = shaper.shape
    shaper.shape = { ...usual, latencyMs: (usual.latencyMs ?? 0) + ms }
    this.#pass(packet)
    shaper.shape = usual
  }

  /** One side ended: the other learns of it behind what is still under way, unless the wire is dead. */
  #sideEnded(direction: Direction): void {
    if (this.#isHole(direction)) {
      this.damaged = true
      return
    }
    const other = direction === "to-broker" ? this.#broker : this.client
    this.#shapers[direction].afterPending(() => {
      if (!other.destroyed) other.end()
      // Nobody is left to read an answer.
      if (direction === "to-broker" && this.client.destroyed) this.#broker.destroy()
      if (direction === "to-client" && this.#broker.destroyed) this.client.destroySoon()
    })
  }
}

/**
 * Ends a socket with a reset. One that has begun to end by itself is closed as it is: Node 20 loses a socket that is reset while
 * its FIN is under way, and then never ends.
 */
function cut(socket: Socket): void {
  if (socket.destroyed) return
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

/** What is due in the same moment leaves in one piece, as a network hands it over: its reader gets all of it at once. */
function writeTogether(socket: Socket, octets: Buffer): void {
  if (!socket.writableCorked) {
    socket.cork()
    process.nextTick(() => socket.uncork())
  }
  socket.write(octets)
}

function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve()
    else socket.once("close", () => resolve())
  })
}
