import type { Codec, Invalid, Issue, Result } from "../codec.js"
import { COMPACT_TREE, check, JSON_TREE, pointer, VALUE, type Walk } from "./check.js"
import { type Octets, open, r } from "./cursor.js"
import { whole } from "./json-read.js"
import { type Repeated, readTree } from "./json-tree.js"
import { type Write, written } from "./json-write.js"

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
  return {
    decode(bytes): Result<T> {
      const n = open(bytes)
      const value = fast(r.b, r.d, n) ?? whole(full)
      return value !== undefined ? { ok: true, value } : refused(walk, compact)
    },
    encode(value): Result<Uint8Array> {
      const bytes = written(value, write, room)
      return bytes !== undefined ? { ok: true, value: bytes } : invalid(value, walk)
    },
  }
}

/** What is wrong with the payload that is open. */
function refused(walk: Walk, compact: boolean): Invalid {
  const repeated: Repeated = new WeakMap()
  const tree = readTree(repeated)
  if ("stop" in tree) return { ok: false, issues: [{ ...tree.stop, path: pointer(tree.stop.path) }] }
  return { ok: false, issues: some(check(tree.value, walk, compact ? COMPACT_TREE : JSON_TREE, repeated)) }
}

/** What is wrong with a value that was to be written. */
export function invalid(value: unknown, walk: Walk): Invalid {
  return { ok: false, issues: some(check(value, walk, VALUE)) }
}

/** A refusal always has an issue: a walk that finds none met a value that only this format refuses. */
function some(issues: readonly Issue[]): readonly Issue[] {
  return issues.length > 0 ? issues : [{ path: "", code: "type", message: "not a value that this format carries" }]
}
