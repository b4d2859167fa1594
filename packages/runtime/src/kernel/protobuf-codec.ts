import type { Codec, Invalid, Issue, IssueCode, Result } from "../codec.js"
import { check, pointer, VALUE, type Walk } from "./check.js"
import { open } from "./cursor.js"
import { invalid } from "./json-codec.js"
import { type Write, written } from "./json-write.js"
import { broken, type ReadMessage, readWhole } from "./protobuf-read.js"

const WORDS: { readonly [code in IssueCode]?: string } = {
  truncated: "the message ends inside a field",
  syntax: "a tag or number that protobuf does not allow",
  wire_type: "a field with another wire type than the contract's",
  encoding: "invalid UTF-8",
  maximum: "a number that does not fit 32 bits",
}

/** A codec from its generated parts. `room` is the most octets of one pass through the writer. */
export function protobufCodec<T>(read: ReadMessage<T>, write: Write<T>, walk: Walk, room: number): Codec<T> {
  return {
    decode(bytes): Result<T> {
      open(bytes)
      const value = readWhole(read, false)
      return value !== undefined ? { ok: true, value } : refused(read, walk)
    },
    encode(value): Result<Uint8Array> {
      const bytes = written(value, write, room)
      return bytes !== undefined ? { ok: true, value: bytes } : invalid(value, walk)
    },
  }
}

function refused<T>(read: ReadMessage<T>, walk: Walk): Invalid {
  const value = readWhole(read, true)
  const found = value === undefined ? [] : check(value, walk, VALUE)
  if (found.length > 0) return { ok: false, issues: found }
  const { code, path } = broken()
  const issue: Issue = { path: pointer(path), code, message: WORDS[code] ?? "not protobuf" }
  return { ok: false, issues: [issue] }
}
