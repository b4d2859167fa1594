import { ProtocolFault } from "./protocol-fault.js"

/** What MQTT.js hands over is a Buffer (the platform's, or the one of its browser build), whose text methods are fast. */
export interface Octets extends Uint8Array {
  toString(encoding?: "latin1" | "utf8", start?: number, end?: number): string
  subarray(start?: number, end?: number): Octets
}

interface BufferLike {
  allocUnsafe(size: number): Uint8Array
}

const platformBuffer = (globalThis as { readonly Buffer?: BufferLike }).Buffer
const encoder = new TextEncoder()

/** Memory that is not cleared where the platform offers that. The caller writes every octet. */
export const allocate: (size: number) => Uint8Array =
  platformBuffer === undefined ? (size) => new Uint8Array(size) : (size) => platformBuffer.allocUnsafe(size)

/** Joins parts into one piece of the same kind. There is at least one part. */
export function concatOctets(parts: readonly Octets[], length: number): Octets {
  const kind = parts[0]!.constructor as unknown as { concat(parts: readonly Octets[], length: number): Octets }
  return kind.concat(parts, length)
}

/** Length of a text in UTF-8, in octets. */
export function utf8Length(text: string): number {
  let octets = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) octets += 1
    else if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      octets += 2
      i += 1
    } else octets += 2
  }
  return octets
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}

/** Writes a text with its two length octets at `at`, and returns the position after it. */
export function writeText(target: Uint8Array, at: number, text: string, octets: number): number {
  target[at] = octets >>> 8
  target[at + 1] = octets & 0xff
  const start = at + 2
  if (octets === text.length) {
    for (let i = 0; i < octets; i += 1) target[start + i] = text.charCodeAt(i)
  } else encoder.encodeInto(text, target.subarray(start, start + octets))
  return start + octets
}

/** Writes data with its two length octets at `at`, and returns the position after it. */
export function writeData(target: Uint8Array, at: number, data: Uint8Array): number {
  target[at] = data.length >>> 8
  target[at + 1] = data.length & 0xff
  target.set(data, at + 2)
  return at + 2 + data.length
}

/** Octets that a variable length integer takes. */
export function variableLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4
}

/** Writes a variable length integer at `at`, and returns the position after it. */
export function writeVariable(target: Uint8Array, at: number, value: number): number {
  let left = value
  let position = at
  while (left >= 0x80) {
    target[position] = (left & 0x7f) | 0x80
    left >>>= 7
    position += 1
  }
  target[position] = left
  return position + 1
}

/** Reads within one packet; every step past its end is a malformed packet. */
export class OctetReader {
  constructor(
    readonly octets: Octets,
    public at: number,
    readonly end: number,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    return this.octets[this.advance(1)]!
  }

  uint16(): number {
    const at = this.advance(2)
    return (this.octets[at]! << 8) | this.octets[at + 1]!
  }

  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16()
  }

  variable(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const octet = this.byte()
      value |= (octet & 0x7f) << shift
      if (octet < 0x80) return value
    }
    throw new ProtocolFault(0x81, "a variable length integer of five octets")
  }

  text(): string {
    const length = this.uint16()
    const at = this.advance(length)
    return this.octets.toString("utf8", at, at + length)
  }

  data(): Uint8Array {
    const length = this.uint16()
    const at = this.advance(length)
    return this.octets.subarray(at, at + length)
  }

  /** Moves on by `length` and returns where it was. */
  advance(length: number): number {
    const { at } = this
    if (at + length > this.end) throw new ProtocolFault(0x81, "a packet that ends too early")
    this.at = at + length
    return at
  }
}
