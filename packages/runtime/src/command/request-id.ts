import type { Random } from "../transport.js"

/** Octets of a generated id: 96 random bits (C-2). */
const ID_BYTES = 12

/** A new request id: 24 hexadecimal digits. */
export function createRequestId(random: Random): string {
  let id = ""
  for (const byte of random.bytes(ID_BYTES)) id += byte.toString(16).padStart(2, "0")
  return id
}

/** An id as Correlation Data and back. */
export function encodeId(id: string): Uint8Array {
  return new TextEncoder().encode(id)
}

export function decodeId(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
