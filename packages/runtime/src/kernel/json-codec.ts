import type { Codec, Invalid, Issue, IssueCode, Result } from "../codec.js"
import { COMPACT_TREE, check, JSON_TREE, pointer, VALUE, type Walk } from "./check.js"
import { type Octets, open, r } from "./cursor.js"
import { any, MAX_DEPTH, type Repeated, tree, whole } from "./json-read.js"
import { type Write, written } from "./json-write.js"
import { ascii, isBroken } from "./string-read.js"

/** Straight code for the expected layout; undefined for anything else, valid or not. */
export type Fast<T> = (b: Octets, d: DataView, n: number) => T | undefined

/**
 * A codec from its generated parts: straight code, the full path, the writer and the walk that explains a refusal.
 * `room` is the most octets of one pass through the writer, strings and lists apart.
 */
export function jsonCodec<T>(
  fast: Fast<T>,
  full: () => T,
  write: Write<T>,
  walk: Walk,
  room: number,
  compact = false,
): Codec<T> {
  const size = { room, skip: 0 }
  return {
    decode(bytes): Result<T> {
      const n = open(bytes)
      const value = fast(r.b, r.d, n) ?? whole(full)
      return value !== undefined ? { ok: true, value } : refused(walk, compact)
    },
    encode(value): Result<Uint8Array> {
      const bytes = written(value, write, size)
      return bytes !== undefined ? { ok: true, value: bytes } : invalid(value, walk)
    },
  }
}

/** What is wrong with the payload that is open. */
function refused(walk: Walk, compact: boolean): Invalid {
  const repeated: Repeated = new WeakMap()
  tree.repeated = repeated
  tree.path = []
  const value = whole(any)
  tree.repeated = undefined
  if (value !== undefined)
    return { ok: false, issues: some(check(value, walk, compact ? COMPACT_TREE : JSON_TREE, repeated)) }
  return { ok: false, issues: [{ path: pointer(tree.path), ...stop() }] }
}

/** What a payload may end with that is no value yet. */
const UNFINISHED = /^(t|tr|tru|f|fa|fal|fals|n|nu|nul|[-+.\deE]+)$/

/** Why JSON ends at the cursor. */
function stop(): { readonly code: IssueCode; readonly message: string } {
  const { b, p, n, depth } = r
  if (p >= n || UNFINISHED.test(ascii(b, p, n)))
    return { code: "truncated", message: `the payload ends at octet ${n}, before it is complete` }
  if (depth > MAX_DEPTH) return { code: "too_deep", message: `more than ${MAX_DEPTH} levels` }
  return isBroken()
    ? { code: "encoding", message: "no valid text" }
    : { code: "syntax", message: `no JSON at octet ${p}` }
}

/** What is wrong with a value that was to be written. */
export function invalid(value: unknown, walk: Walk): Invalid {
  return { ok: false, issues: some(check(value, walk, VALUE)) }
}

/** A refusal always has an issue: a walk that finds none met a value that only this format refuses. */
function some(issues: readonly Issue[]): readonly Issue[] {
  return issues.length > 0 ? issues : [{ path: "", code: "type", message: "not a value that this format carries" }]
}
