import type { Codec, Result } from "../codec.js"
import { check, VALUE, type Walk } from "./check.js"
import { open, r } from "./cursor.js"
import { invalid } from "./json-codec.js"
import { putChars, putFloat32, putNum, written } from "./json-write.js"
import { anyNumber, parseWide } from "./number-read.js"
import { text } from "./string-read.js"

/** Reads the text of a scalar; undefined where it is none. */
export type Parse = (text: string) => unknown

/**
 * The codec of a message that is one scalar, as plain text. `single`: a float32, which is rounded. What the walk finds
 * nothing wrong with is valid.
 */
export function textCodec<T>(parse: Parse, walk: Walk, single = false): Codec<T> {
  return {
    decode(bytes): Result<T> {
      const n = open(bytes)
      const said = text(r.b, 0, n, n)
      if (said === undefined) return { ok: false, issues: [{ path: "", code: "encoding", message: "invalid UTF-8" }] }
      const value = parse(said)
      if (value === undefined)
        return { ok: false, issues: [{ path: "", code: "type", message: "not the text of such a value" }] }
      const issues = check(value, walk, VALUE)
      return issues.length > 0
        ? { ok: false, issues }
        : { ok: true, value: (single ? Math.fround(value as number) : value) as T }
    },
    encode(value): Result<Uint8Array> {
      if (check(value, walk, VALUE).length > 0) return invalid(value, walk)
      // An integer has no negative zero.
      const said =
        typeof value === "number" ? numberText(parse === parseInteger ? value + 0 : value, single) : String(value)
      return { ok: true, value: toUtf8(said) }
    },
  }
}

/** `true` or `false`. */
export function parseBool(said: string): boolean | undefined {
  return said === "true" ? true : said === "false" ? false : undefined
}

/** A decimal integer without leading zeros. */
export function parseInteger(said: string): number | undefined {
  return /^(?:0|-?[1-9]\d*)$/.test(said) ? Number(said) : undefined
}

/** The same, of 64 bits. */
export function parseBigint(said: string): bigint | undefined {
  return parseWide(said)
}

/** A number of JSON's grammar that the whole text is. */
export function parseNumber(said: string): number | undefined {
  const value = anyNumber(r.b, 0)
  return r.p === r.n && said !== "" && !Number.isNaN(value) ? value : undefined
}

/** The text itself. */
export function parseText(said: string): string {
  return said
}

function numberText(value: number, single: boolean): string {
  const bytes = written(value, (v, b, _, p) => (single ? putFloat32(b, p, Math.fround(v)) : putNum(b, p, v)), {
    room: 32,
    skip: 0,
  })!
  let said = ""
  for (const octet of bytes) said += String.fromCharCode(octet)
  return said
}

/** A well-formed text in UTF-8. */
export function toUtf8(said: string): Uint8Array {
  const { length } = said
  return written(said, (v, b, _, p) => putChars(b, p, v, length, false), { room: length * 3 + 32, skip: 0 })!
}

/** The codec of a message that is octets, as they are. */
export function bytesCodec<T>(walk: Walk): Codec<T> {
  return {
    decode(bytes): Result<T> {
      const value = new Uint8Array(bytes) as unknown as T
      const issues = check(value, walk, VALUE)
      return issues.length > 0 ? { ok: false, issues } : { ok: true, value }
    },
    encode(value): Result<Uint8Array> {
      if (check(value, walk, VALUE).length > 0) return invalid(value, walk)
      return { ok: true, value: new Uint8Array(value as unknown as Uint8Array) }
    },
  }
}
