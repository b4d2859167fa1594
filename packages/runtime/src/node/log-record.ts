import { crc32 } from "./crc32.js"

/**
 * One record of the log: `crc32 u32 · length u32 · kind u8 · key length u16 · key · value`, little-endian. The checksum
 * covers everything after itself, the length counts everything after itself.
 */
export type LogRecord =
  | { readonly kind: "set"; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly key: string }

const HEAD = 8
const BODY_HEAD = 3
/** Octets of a record that nobody writes: what claims more is no record. */
const LONGEST = 64 * 1024 * 1024
const KINDS = ["set", "delete"] as const

export function formatRecord(record: LogRecord): Uint8Array {
  const key = new TextEncoder().encode(record.key)
  if (key.length > 0xffff) throw new RangeError("a key has at most 65 535 octets")
  const value = record.kind === "set" ? record.value : new Uint8Array(0)
  const bytes = new Uint8Array(HEAD + BODY_HEAD + key.length + value.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(4, bytes.length - HEAD, true)
  view.setUint8(8, KINDS.indexOf(record.kind))
  view.setUint16(9, key.length, true)
  bytes.set(key, HEAD + BODY_HEAD)
  bytes.set(value, HEAD + BODY_HEAD + key.length)
  view.setUint32(0, crc32(bytes.subarray(4)), true)
  return bytes
}

/** The record at an offset and where the next begins; undefined where there is none that is whole and undamaged. */
export function parseRecord(
  bytes: Uint8Array,
  at: number,
): { readonly record: LogRecord; readonly next: number } | undefined {
  if (bytes.length - at < HEAD + BODY_HEAD) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  const length = view.getUint32(4, true)
  const next = at + HEAD + length
  if (length < BODY_HEAD || next > bytes.length) return undefined
  const kind = KINDS[view.getUint8(8)]
  const keyAt = at + HEAD + BODY_HEAD
  const valueAt = keyAt + view.getUint16(9, true)
  if (kind === undefined || valueAt > next) return undefined
  // Last, because whoever looks for the next whole record asks at every octet.
  if (crc32(bytes.subarray(at + 4, next)) !== view.getUint32(0, true)) return undefined
  const key = new TextDecoder().decode(bytes.subarray(keyAt, valueAt))
  const record: LogRecord = kind === "set" ? { kind, key, value: bytes.slice(valueAt, next) } : { kind, key }
  return { record, next }
}

/**
 * Where the record at an offset says that it ends, whole or not; undefined where what stands there cannot be the
 * beginning of one.
 */
export function claimedEnd(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length - at < HEAD + 1) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  const length = view.getUint32(4, true)
  if (length < BODY_HEAD || length > LONGEST || KINDS[view.getUint8(8)] === undefined) return undefined
  return at + HEAD + length
}
