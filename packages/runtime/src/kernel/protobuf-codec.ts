import type { Codec, Issue, Result } from "../codec.js"
import { check, pointer, VALUE, type Walk } from "./check.js"
import { open, r } from "./cursor.js"
import { type Fast, invalid } from "./json-codec.js"
import { type Write, written } from "./json-write.js"
import { type Kind, readAll } from "./protobuf-fields.js"
import { fault } from "./protobuf-read.js"

/**
 * A codec from its generated parts: straight code, which misses whatever is not as our own writer has it, the full path,
 * the writer, and the walk that judges what the full path read. `room` is the most octets of one pass through the writer.
 */
export function protobufCodec<T>(fast: Fast<T>, full: Kind, write: Write<T>, walk: Walk, room: number): Codec<T> {
  const size = { room, skip: 0 }
  return {
    decode(bytes): Result<T> {
      const n = open(bytes)
      const value = fast(r.b, r.d, n)
      return value !== undefined ? { ok: true, value } : again(full, walk)
    },
    encode(value): Result<Uint8Array> {
      const bytes = written(value, write, size)
      return bytes !== undefined ? { ok: true, value: bytes } : invalid(value, walk)
    },
  }
}

function again<T>(full: Kind, walk: Walk): Result<T> {
  const value = readAll(full)
  if (value !== undefined) {
    const issues = check(value, walk, VALUE)
    return issues.length > 0 ? { ok: false, issues } : { ok: true, value: value as T }
  }
  // Only a message that is nothing but its one value can be missing without the wire being broken.
  const code = fault.code ?? "required"
  const issue: Issue = { path: pointer(fault.path), code, message: `not protobuf of the contract: ${code}` }
  return { ok: false, issues: [issue] }
}
