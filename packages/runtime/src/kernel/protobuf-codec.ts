import type { Codec, Issue, IssueCode, Result } from "../codec.js"
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
  required: "required and absent",
  maximum: "a number that does not fit 32 bits",
}

/** A codec from its generated parts. `room` is the most octets of one pass through the writer. */
export function protobufCodec<T>(read: ReadMessage<T>, write: Write<T>, walk: Walk, room: number): Codec<T> {
  return {
    decode(bytes): Result<T> {
      open(bytes)
      const value = readWhole(read, false)
      return value !== undefined ? { ok: true, value } : again(read, walk)
    },
    encode(value): Result<Uint8Array> {
      const bytes = written(value, write, room)
      return bytes !== undefined ? { ok: true, value: bytes } : invalid(value, walk)
    },
  }
}

/** Reads once more, to say what is wrong; a value may be valid after all, where a later one took an invalid one's place. */
function again<T>(read: ReadMessage<T>, walk: Walk): Result<T> {
  const value = readWhole(read, true)
  if (value !== undefined) {
    const issues = check(value, walk, VALUE)
    return issues.length > 0 ? { ok: false, issues } : { ok: true, value }
  }
  const { code, path } = broken()
  const issue: Issue = { path: pointer(path), code, message: WORDS[code] ?? "not protobuf" }
  return { ok: false, issues: [issue] }
}
