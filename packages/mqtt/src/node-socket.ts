import type { Octets } from "./octets.js"

/** What Node's sockets call with what they read. */
export interface ReadInto {
  readonly buffer: Uint8Array
  readonly callback: (length: number, buffer: Octets) => boolean
}

interface NodeBuffer {
  allocUnsafe(size: number): Octets
  allocUnsafeSlow(size: number): Octets
}

interface NodeNet {
  createConnection(options: { readonly host: string; readonly port: number; readonly onread: ReadInto }): unknown
}

const READ_OCTETS = 64 * 1024
const globals = globalThis as {
  readonly Buffer?: NodeBuffer
  readonly process?: { getBuiltinModule?(name: string): unknown }
}
/** One for all sockets of the process: Node reads into it and calls back before it reads anything else. */
let shared: Octets | undefined

/**
 * Lets a socket of Node read into memory that is there already. By default it allocates 64 KiB for each read and
 * shrinks them afterwards, which is a third of a subscriber's time where messages come one by one. What was read is
 * copied to a place of its own, so that payloads stay valid. The socket rests when `onOctets` returns false, until its
 * `resume` is called; `full` says that there is more to read at once. Undefined outside Node.
 */
export function readInto(onOctets: (octets: Octets, full: boolean) => boolean): ReadInto | undefined {
  const { Buffer } = globals
  if (Buffer === undefined || nodeNet() === undefined) return undefined
  shared ??= Buffer.allocUnsafeSlow(READ_OCTETS)
  return {
    buffer: shared,
    callback(length, buffer) {
      const octets = Buffer.allocUnsafe(length)
      octets.set(buffer.subarray(0, length))
      return onOctets(octets, length === READ_OCTETS)
    },
  }
}

/** A plain TCP socket of Node that reads so; undefined where this is no Node, or one without `getBuiltinModule`. */
export function openPlainSocket(host: string, port: number, onread: ReadInto): unknown {
  return nodeNet()?.createConnection({ host, port, onread })
}

/** Never imported by name: bundles for browsers have no such module, and need none. */
function nodeNet(): NodeNet | undefined {
  return globals.process?.getBuiltinModule?.("node:net") as NodeNet | undefined
}
