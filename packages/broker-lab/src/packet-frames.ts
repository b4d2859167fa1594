/** Cuts a byte stream into MQTT packets, whatever their contents. */
export interface PacketFrames {
  /** The packets that are complete now, each with its header. What is no MQTT ends up as one piece of its own. */
  push(chunk: Buffer): readonly Buffer[]
  /** Octets of a packet that is not complete yet. */
  readonly rest: Buffer
}

/** Starts at the beginning of a connection. */
export function createPacketFrames(): PacketFrames {
  let rest: Buffer = Buffer.alloc(0)
  return {
    get rest() {
      return rest
    },
    push(chunk) {
      const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const frames: Buffer[] = []
      let start = 0
      while (start < octets.length) {
        const length = frameLength(octets, start)
        if (length === undefined || start + length > octets.length) break
        frames.push(octets.subarray(start, start + length))
        start += length
      }
      rest = start === 0 ? octets : Buffer.from(octets.subarray(start))
      return frames
    },
  }
}

function frameLength(octets: Buffer, start: number): number | undefined {
  let remaining = 0
  for (let i = 0; i < 4; i += 1) {
    const octet = octets[start + 1 + i]
    if (octet === undefined) return undefined
    remaining += (octet & 0x7f) * 128 ** i
    if (octet < 0x80) return 2 + i + remaining
  }
  // Five length octets are no MQTT: everything that is there goes on as it came.
  return octets.length - start
}
