import type { Format } from "../codec.js"
import type { CommandSemantics } from "../descriptor.js"

/** The id of a request that is invalid otherwise (C-7); undefined where none can be read. */
export function readIdWithin(
  payload: Uint8Array,
  format: Format | undefined,
  command: Pick<CommandSemantics, "correlate" | "idOnWire">,
): string | undefined {
  const { correlate, idOnWire } = command
  switch (format) {
    case "json":
      return inJson(payload, correlate.request)
    case "compact":
      return inJson(payload, idOnWire?.short ?? correlate.request)
    case "protobuf":
      return idOnWire === undefined ? undefined : inProtobuf(payload, idOnWire.number)
    default:
      return undefined
  }
}

function inJson(payload: Uint8Array, key: string): string | undefined {
  try {
    const value: unknown = JSON.parse(strictUtf8(payload))
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
    const id = (value as Record<string, unknown>)[key]
    return typeof id === "string" ? id : undefined
  } catch {
    return undefined
  }
}

const VARINT = 0
const FIXED_64 = 1
const LENGTH_DELIMITED = 2
const FIXED_32 = 5

/** Looks at the fields of the message itself, up to where they stop making sense. */
function inProtobuf(payload: Uint8Array, field: number): string | undefined {
  let at = 0
  const varint = (): number | undefined => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const octet = payload[at++]
      if (octet === undefined) return undefined
      value += (octet & 0x7f) * 2 ** shift
      if (octet < 0x80) return value
    }
    return undefined
  }
  let id: string | undefined
  while (at < payload.length) {
    const tag = varint()
    if (tag === undefined) return id
    const type = tag % 8
    const number = Math.floor(tag / 8)
    if (type === VARINT) {
      if (varint() === undefined) return id
    } else if (type === FIXED_64) at += 8
    else if (type === FIXED_32) at += 4
    else if (type === LENGTH_DELIMITED) {
      const length = varint()
      if (length === undefined || at + length > payload.length) return id
      if (number === field) {
        try {
          id = strictUtf8(payload.subarray(at, at + length))
        } catch {
          return undefined
        }
      }
      at += length
    } else return id
  }
  return id
}

function strictUtf8(octets: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(octets)
}
