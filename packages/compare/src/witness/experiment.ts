import { createDynamicCodec, type DynamicCodec, type Issue } from "@fleetwire/dynamic"
import { type ContractIr, type Format, findMessage } from "@fleetwire/ir"
import { differenceOf } from "./meaning.js"

/** One side of a message: a version of the contract, and what it calls the message. */
export interface Side {
  readonly ir: ContractIr
  readonly message: string
  /** Octets; a reader refuses more unparsed. */
  readonly maxBytes?: number
}

/** What was seen when one version read what the other had sent. */
export type Observation =
  | { readonly outcome: "ok"; readonly octets: Uint8Array; readonly read: unknown }
  | { readonly outcome: "refused"; readonly octets: Uint8Array; readonly issues: readonly Issue[] }
  /** `at`: JSON Pointer to what means something else now. */
  | { readonly outcome: "misread"; readonly octets: Uint8Array; readonly read: unknown; readonly at: string }

/**
 * Sends a value with one version's codec and reads it with the other's, both interpreted from the contracts. Undefined
 * where the sender's own version refuses to send the value, or the format cannot carry the message.
 */
export function observe(sender: Side, reader: Side, format: Format, value: unknown): Observation | undefined {
  const writing = codecOf(sender, format)
  const reading = codecOf(reader, format)
  if (writing === undefined || reading === undefined) return undefined
  const written = writing.encode(value)
  if (!written.ok || written.value.length > (sender.maxBytes ?? Number.POSITIVE_INFINITY)) return undefined
  return readBack(sender, reader, format, written.value)
}

/** The same for octets that are given. */
export function readBack(sender: Side, reader: Side, format: Format, octets: Uint8Array): Observation | undefined {
  const sent = codecOf(sender, format)?.decode(octets)
  const reading = codecOf(reader, format)
  if (sent?.ok !== true || reading === undefined) return undefined
  if (octets.length > (reader.maxBytes ?? Number.POSITIVE_INFINITY)) {
    const message = `${octets.length} octets, and the reader takes ${reader.maxBytes}`
    return { outcome: "refused", octets, issues: [{ path: "", code: "too_large", message }] }
  }
  const read = reading.decode(octets)
  if (!read.ok) return { outcome: "refused", octets, issues: read.issues }
  const held = (side: Side, of: unknown) => {
    const { type, unit } = findMessage(side.ir, side.message)!
    return { ir: side.ir, type, unit, value: of }
  }
  const at = differenceOf(held(sender, sent.value), held(reader, read.value), format)
  return at === undefined
    ? { outcome: "ok", octets, read: read.value }
    : { outcome: "misread", octets, read: read.value, at }
}

const codecs = new WeakMap<ContractIr, Map<string, DynamicCodec | undefined>>()

function codecOf({ ir, message }: Side, format: Format): DynamicCodec | undefined {
  const known = codecs.get(ir) ?? new Map<string, DynamicCodec | undefined>()
  codecs.set(ir, known)
  const key = `${format} ${message}`
  if (!known.has(key)) known.set(key, makeCodec(ir, message, format))
  return known.get(key)
}

/** Undefined where the format cannot carry the message. */
function makeCodec(ir: ContractIr, message: string, format: Format): DynamicCodec | undefined {
  try {
    return createDynamicCodec(ir, message, format)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
