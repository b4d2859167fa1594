import type { FieldIr, Format, MessageIr, ObjectIr, TypeIr } from "@fleetwire/ir"
import type { Codec } from "@fleetwire/runtime"
import { beforeAll, describe, expect, it } from "vitest"
import { contractOf } from "./car-contract.js"
import { type LoadedMessage, loadCodecs } from "./load-codecs.js"

/* What a stranger may send, clause by clause. The wanted outcome is written down here: no other codec is asked. */

const fields = (types: { readonly [name: string]: TypeIr }, optional: readonly string[] = []): readonly FieldIr[] =>
  Object.entries(types).map(([name, type], index) => ({
    name,
    number: index + 1,
    required: !optional.includes(name),
    type,
  }))
const object = (
  name: string,
  types: { readonly [name: string]: TypeIr },
  optional: readonly string[] = [],
): TypeIr => ({
  kind: "object",
  name,
  fields: fields(types, optional),
})
const uint = (bits: 8 | 16 | 32, max = 2 ** bits - 1): TypeIr => ({ kind: "int", bits, signed: false, min: 0, max })
const wide = (signed: boolean): TypeIr =>
  signed
    ? { kind: "int", bits: 64, signed, min: "-9223372036854775808", max: "9223372036854775807" }
    : { kind: "int", bits: 64, signed, min: "0", max: "18446744073709551615" }
const mode: TypeIr = {
  kind: "enum",
  name: "Mode",
  open: false,
  compactAs: "number",
  values: [
    { name: "idle", number: 1 },
    { name: "drive", number: 7 },
    { name: "park", number: 300 },
  ],
}
const text: TypeIr = { kind: "string", maxLength: 8 }

const messages: readonly MessageIr[] = [
  { name: "Gear", type: object("Gear", { mode, last: uint(8) }) },
  {
    name: "Wide",
    type: object("Wide", {
      signed: wide(true),
      unsigned: wide(false),
      fixed: { ...wide(true), fixed: true } as TypeIr,
    }),
  },
  { name: "Signed", type: wide(true) },
  { name: "Unsigned", type: wide(false) },
  {
    name: "Lists",
    type: object("Lists", {
      counts: { kind: "list", item: uint(32), maxItems: 4 },
      flags: { kind: "list", item: { kind: "bool" }, maxItems: 4 },
      reals: { kind: "list", item: { kind: "float", bits: 64 }, maxItems: 4 },
      modes: { kind: "list", item: mode, maxItems: 4 },
    }),
  },
  {
    name: "Nested",
    type: object(
      "Nested",
      {
        inner: object("Inner", { a: uint(8), b: uint(8) }),
        count: uint(8),
        names: { kind: "map", value: uint(8), maxProperties: 3 },
      },
      ["names"],
    ),
  },
  { name: "Names", type: object("Names", { names: { kind: "map", value: uint(8), keyMaxLength: 16 }, note: text }) },
  { name: "Odd", type: object("Odd", { constructor: uint(8), prototype: uint(8), toString: text }, ["toString"]) },
  { name: "Word", type: text },
  {
    name: "Choice",
    type: {
      kind: "union",
      name: "Choice",
      tag: "kind",
      branches: [
        { value: "a", number: 1, type: object("A", { x: uint(8) }, ["x"]) as ObjectIr },
        { value: "b", number: 2, type: object("B", { y: uint(8) }, ["y"]) as ObjectIr },
      ],
    },
  },
  {
    name: "Many",
    type: object("Many", { items: { kind: "list", item: uint(8) }, blob: { kind: "bytes", maxLength: 4 } }, ["blob"]),
  },
]
const scalars = ["Signed", "Unsigned", "Word"]

let loaded: ReadonlyMap<string, LoadedMessage>

beforeAll(async () => {
  ;[loaded] = (await loadCodecs([contractOf(messages)], (_, name) => [
    "json",
    "compact",
    "protobuf",
    ...(scalars.includes(name) ? (["text"] as const) : []),
  ])) as [ReadonlyMap<string, LoadedMessage>]
})

function codec(message: string, format: Format): Codec<unknown> {
  return loaded.get(message)!.codecs[format]!
}

const octets = (said: string): Uint8Array => new TextEncoder().encode(said)
const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits.replaceAll(" ", ""), "hex"))
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

function read(message: string, format: Format, payload: Uint8Array): unknown {
  const result = codec(message, format).decode(payload)
  return result.ok ? result.value : result.issues.map(({ path, code }) => `${path} ${code}`)
}

function write(message: string, format: Format, value: unknown): Uint8Array | undefined {
  const result = codec(message, format).encode(value)
  return result.ok ? result.value : undefined
}

describe("enums by number", () => {
  it.each([
    { given: '{"mode":1,"last":2}', want: { mode: "idle", last: 2 } },
    { given: ' {"last":2, "mode":300}', want: { mode: "park", last: 2 } },
    { given: '{"mode":7.0,"last":2}', want: { mode: "drive", last: 2 } },
    { given: '{"mode":2,"last":2}', want: ["/mode enum"] },
    { given: '{"mode":-1,"last":2}', want: ["/mode enum"] },
    { given: '{"mode":1.5,"last":2}', want: ["/mode enum"] },
    { given: '{"mode":"idle","last":2}', want: ["/mode type"] },
  ])("compact JSON $given", ({ given, want }) => {
    expect(read("Gear", "compact", octets(given))).toEqual(want)
  })

  it("are numbers in compact JSON alone", () => {
    const value = { mode: "drive", last: 2 }
    expect(Buffer.from(write("Gear", "compact", value)!).toString()).toBe('{"mode":7,"last":2}')
    expect(Buffer.from(write("Gear", "json", value)!).toString()).toBe('{"mode":"drive","last":2}')
    expect(read("Gear", "json", octets('{"mode":7,"last":2}'))).toEqual(["/mode type"])
  })
})

describe("issues", () => {
  it.each(["json", "compact", "protobuf"] as const)("are at most 16, and never the payload, in %s", (format) => {
    const payload =
      format === "protobuf"
        ? hex(`0a 88 27 ${"ac02".repeat(2500)}`)
        : octets(
            JSON.stringify({
              items: Array.from({ length: 5000 }, () => "secret ".repeat(20)),
              last: "q".repeat(50_000),
            }),
          )
    const result = codec("Many", format).decode(payload)
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.issues).toHaveLength(16)
    expect(result.issues.map(({ path }) => path)).toEqual(Array.from({ length: 16 }, (_, index) => `/items/${index}`))
    expect(JSON.stringify(result.issues).length).toBeLessThan(16 * 250)
  })

  it.each(["json", "compact", "protobuf"] as const)(
    "do not repeat a key that is as long as the payload, in %s",
    (format) => {
      const key = "k".repeat(50_000)
      const entry = `0a d08603 ${toHex(octets(key))} 1001`
      const size = (entry.replaceAll(" ", "").length / 2).toString(16)
      expect(size).toBe("c356")
      const payload =
        format === "protobuf" ? hex(`0a d68603 ${entry} 1200`) : octets(`{"names":{"${key}":1},"note":""}`)
      const result = codec("Names", format).decode(payload)
      expect(result.ok ? [] : result.issues.map(({ code }) => code)).toEqual(["max_length"])
      expect(JSON.stringify(result).length).toBeLessThan(600)
    },
  )
})

describe("names of Object.prototype", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]

  it.each(["json", "compact"] as const)("change nothing where nobody asked for them, in %s", (format) => {
    for (const name of names)
      for (const said of [
        `{"${name}":{"polluted":true},"inner":{"a":1,"b":2},"count":3}`,
        `{"inner":{"${name}":{"polluted":true},"a":1,"b":2},"count":3}`,
        `{"inner":{"a":1,"b":2},"count":3,"${name}":[{"__proto__":{"polluted":true}}]}`,
      ]) {
        const value = read("Nested", format, octets(said)) as { readonly inner: object }
        expect(value).toEqual({ inner: { a: 1, b: 2 }, count: 3 })
        expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
        expect(Object.getPrototypeOf(value.inner)).toBe(Object.prototype)
        expect((value as { polluted?: unknown }).polluted).toBeUndefined()
      }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it.each(["json", "compact", "protobuf"] as const)("do not stand in for a member that is absent, in %s", (format) => {
    const given = format === "protobuf" ? hex("0801") : octets('{"constructor":1}')
    expect(read("Odd", format, given)).toEqual(["/prototype required"])
    const whole = format === "protobuf" ? hex("08011002") : octets('{"constructor":1,"prototype":2}')
    const value = read("Odd", format, whole) as object
    expect(Object.entries(value)).toEqual([
      ["constructor", 1],
      ["prototype", 2],
    ])
  })

  it.each(["json", "compact", "protobuf"] as const)("are keys of a map like any other, in %s", (format) => {
    const map: { [key: string]: number } = Object.create(null)
    names.forEach((name, index) => {
      map[name] = index
    })
    const bytes = write("Names", format, { names: map, note: "n" })!
    // An unknown field before all, or white space: what the straight path does not expect.
    const pretty =
      format === "protobuf" ? new Uint8Array([...hex("f80101"), ...bytes]) : octets(` ${Buffer.from(bytes)} `)
    for (const payload of [bytes, pretty]) {
      const value = read("Names", format, payload) as { readonly names: { readonly [key: string]: unknown } }
      expect(Object.keys(value.names)).toEqual(names)
      expect(names.map((name) => value.names[name])).toEqual([0, 1, 2, 3, 4])
      expect(Object.getPrototypeOf(value.names)).toBe(null)
    }
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it("are text like any other", () => {
    expect(read("Word", "json", octets('"__proto"'))).toBe("__proto")
    expect(read("Word", "text", octets("__proto"))).toBe("__proto")
  })
})

describe("64 bits", () => {
  const extremes = {
    Signed: ["-9223372036854775808", "9223372036854775807", "-9007199254740993", "9007199254740993", "0", "-1"],
    Unsigned: ["18446744073709551615", "9223372036854775808", "9007199254740993", "0"],
  }
  const beyond = { Signed: ["9223372036854775808", "-9223372036854775809"], Unsigned: ["18446744073709551616", "-1"] }

  it.each(["json", "compact", "protobuf", "text"] as const)("are exact in %s", (format) => {
    for (const message of ["Signed", "Unsigned"] as const)
      for (const digits of extremes[message]) {
        const value = BigInt(digits)
        const bytes = write(message, format, value)!
        expect(read(message, format, bytes)).toBe(value)
        if (format === "text") expect(Buffer.from(bytes).toString()).toBe(digits)
      }
    for (const signed of [-(2n ** 63n), 2n ** 63n - 1n])
      for (const unsigned of [0n, 2n ** 64n - 1n])
        if (format !== "text") {
          const value = { signed, unsigned, fixed: signed }
          expect(read("Wide", format, write("Wide", format, value)!)).toEqual(value)
        }
  })

  it.each(["json", "compact", "text"] as const)("are refused beyond their bounds in %s", (format) => {
    for (const message of ["Signed", "Unsigned"] as const)
      for (const digits of beyond[message]) {
        const said = format === "text" || digits === "-1" ? digits : `"${digits}"`
        expect(read(message, format, octets(said))).toEqual([expect.stringMatching(/^ (minimum|maximum|type)$/)])
        expect(write(message, format, BigInt(digits))).toBeUndefined()
      }
  })

  it.each(["json", "compact"] as const)("are JSON numbers up to 2^53 - 1, each of them exact, in %s", (format) => {
    for (let back = 0n; back < 100n; back++)
      for (const value of [2n ** 53n - 1n - back, -(2n ** 53n) + 1n + back]) {
        expect(read("Signed", format, octets(`${value}`))).toBe(value)
        expect(read("Signed", format, octets(` ${value} `))).toBe(value)
        expect(Buffer.from(write("Signed", format, value)!).toString()).toBe(`${value}`)
      }
    for (const value of [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n)]) {
      expect(read("Signed", format, octets(`${value}`))).toEqual([" type"])
      expect(Buffer.from(write("Signed", format, value)!).toString()).toBe(`"${value}"`)
    }
  })
})

describe("protobuf", () => {
  const lists = { counts: [1, 300], flags: [true, false], reals: [1.5], modes: ["idle", "drive"] }
  it.each([
    { given: "packed", bytes: "0a03 01ac02 1202 0100 1a08 000000000000f83f 2202 0107" },
    { given: "unpacked", bytes: "0801 08ac02 1001 1000 19 000000000000f83f 2001 2007" },
    { given: "one and the other, in any order", bytes: "2001 0a01 01 19 000000000000f83f 1201 01 08ac02 1000 2201 07" },
    { given: "packed in two", bytes: "0a01 01 0a02 ac02 1200 1202 0100 1a08 000000000000f83f 2202 0107 2200" },
  ])("reads lists $given", ({ bytes }) => {
    expect(read("Lists", "protobuf", hex(bytes))).toEqual(lists)
  })

  it.each([
    { given: "packed", bytes: "0a05 0102030405" },
    { given: "unpacked", bytes: "0801 0802 0803 0804 0805" },
  ])("counts items $given", ({ bytes }) => {
    expect(read("Lists", "protobuf", hex(bytes))).toEqual(["/counts max_items"])
  })

  const nested = { inner: { a: 1, b: 2 }, count: 3 }
  it.each([
    { given: "the last of several numbers", bytes: "0a04 08011002 1009 1003", want: nested },
    { given: "the last, though one before it is out of range", bytes: "0a04 08011002 10ac02 1003", want: nested },
    { given: "a message in two parts", bytes: "0a02 0801 1003 0a02 1002", want: nested },
    { given: "a message whose later part changes it", bytes: "0a04 08051002 1003 0a02 0801", want: nested },
    {
      given: "the last of two entries of a key",
      bytes: "0a04 08011002 1003 1a05 0a01611005 1a05 0a01611006",
      want: { ...nested, names: { a: 6 } },
    },
    { given: "an entry without value", bytes: "0a04 08011002 1003 1a03 0a0161", want: { ...nested, names: { a: 0 } } },
    {
      given: "unknown fields of every wire type",
      bytes: "0a04 08011002 f80101 f901 0000000000000000 fa0102 ffff fd01 00000000 1003",
      want: nested,
    },
    { given: "a varint with more octets than it needs", bytes: "0a04 08011002 10 83808080808080808000", want: nested },
    {
      given: "a number that ends too soon",
      bytes: "0a04 08011002 10 83",
      want: [expect.stringContaining("truncated")],
    },
    { given: "a number of eleven octets", bytes: "0a04 08011002 10 8380808080808080808000", want: ["/count syntax"] },
    { given: "a number of 65 bits", bytes: "0a04 08011002 10 ffffffffffffffffff02", want: ["/count syntax"] },
    { given: "a number of 33 bits", bytes: "0a04 08011002 10 8080808010", want: ["/count maximum"] },
    { given: "a length beyond the payload", bytes: "0a05 08011002", want: ["/inner truncated"] },
    { given: "a length of 4 GiB", bytes: "0a ffffffff0f 08011002 1003", want: ["/inner truncated"] },
    { given: "a length of 65 bits", bytes: "0a ffffffffffffffffff02 08011002 1003", want: ["/inner syntax"] },
    {
      given: "a tag of eleven octets",
      bytes: "8a80808080808080808000 0408011002 1003",
      want: [expect.stringContaining("syntax")],
    },
    { given: "the beginning of a group", bytes: "0a04 08011002 1003 fb01 fc01", want: [" wire_type"] },
    { given: "the wire type 6", bytes: "0a04 08011002 1003 fe01", want: [" wire_type"] },
    { given: "the wire type 7", bytes: "0a04 08011002 1003 ff01", want: [" wire_type"] },
    { given: "the field 0", bytes: "0a04 08011002 1003 0001", want: [expect.stringMatching(/wire_type|syntax/)] },
    { given: "another wire type of a known field", bytes: "0a04 08011002 15 03000000", want: ["/count wire_type"] },
  ])("reads $given", ({ bytes, want }) => {
    expect(read("Nested", "protobuf", hex(bytes))).toEqual(want)
  })

  // What grew with the square of the payload would take hours.
  it.each([
    { given: "a message", message: "Nested", bytes: "0a00", end: "0a04 08011002 1003", want: nested },
    { given: "branches in turn", message: "Choice", bytes: "0a00 1200", end: "1202 0809", want: { kind: "b", y: 9 } },
    {
      given: "entries of one key",
      message: "Names",
      bytes: "0a05 0a01611005",
      end: "1200",
      want: { names: { a: 5 }, note: "" },
    },
    { given: "items unpacked", message: "Lists", bytes: "1001", end: "", want: ["/flags max_items"] },
    { given: "unknown fields", message: "Nested", bytes: "f80101", end: "0a04 08011002 1003", want: nested },
  ])("reads a megabyte of $given at once", { timeout: 60_000 }, ({ message, bytes, end, want }) => {
    const count = Math.floor((1 << 20) / hex(bytes).length)
    const payload = new Uint8Array([...hex(bytes.repeat(count)), ...hex(end)])
    expect(read(message, "protobuf", payload)).toEqual(want)
  })

  it("ends nowhere else than at its end", () => {
    const bytes = hex("0a04 08011002 1003 1a05 0a01611005")
    for (let length = 0; length < bytes.length; length++) {
      const result = codec("Nested", "protobuf").decode(bytes.subarray(0, length))
      // The map is optional: without it the message is whole.
      expect([length, result.ok]).toEqual([length, length === 8])
    }
  })
})

describe("text that is no UTF-8", () => {
  const broken = {
    "a lone continuation": "80",
    "an octet that never occurs": "ff",
    "a slash in two octets": "c0af",
    "a zero in two octets": "c080",
    "three octets for two": "e08080",
    "half of a surrogate pair": "eda080",
    "beyond U+10FFFF": "f4908080",
    "five octets": "f888808080",
    "cut off": "e282",
    "cut off by a letter": "e28241",
  }
  it.each(Object.entries(broken))("is refused everywhere: %s", (_, digits) => {
    const bad = digits.length / 2
    const byte = (value: number): string => value.toString(16).padStart(2, "0")
    const quoted = (before: string, after: string): Uint8Array =>
      hex(toHex(octets(before)) + digits + toHex(octets(after)))
    for (const [before, after] of [
      ["", ""],
      ["ab", ""],
      ["", "abcde"],
      ["é", "é"],
    ] as const) {
      const refused = (message: string, format: Format, payload: Uint8Array) => {
        const result = codec(message, format).decode(payload)
        const codes = result.ok ? ["accepted"] : result.issues.map(({ code }) => code)
        expect(codes.filter((code) => code !== "encoding" && code !== "truncated")).toEqual([])
      }
      refused("Word", "text", quoted(before, after))
      for (const format of ["json", "compact"] as const) {
        refused("Word", format, quoted(`"${before}`, `${after}"`))
        refused("Names", format, quoted(`{"names":{"${before}`, `${after}":1},"note":""}`))
        refused("Names", format, quoted(`{"names":{},"note":"","other":"${before}`, `${after}"}`))
        refused("Names", format, quoted(`{"${before}`, `${after}":1,"names":{},"note":""}`))
      }
      const size = octets(before).length + octets(after).length + bad
      const string = byte(size) + toHex(octets(before)) + digits + toHex(octets(after))
      refused("Word", "protobuf", hex(`0a ${string}`))
      refused("Names", "protobuf", hex(`12 ${string}`))
      refused("Names", "protobuf", hex(`0a ${byte(size + 4)} 0a ${string} 1001 1200`))
    }
  })
})

describe("bounds", () => {
  it.each(["json", "compact"] as const)("are 64 levels of what nobody asked for, in %s", (format) => {
    const nested = (levels: number): Uint8Array =>
      octets(`{"inner":{"a":1,"b":2},"count":3,"other":${"[".repeat(levels)}${"]".repeat(levels)}}`)
    expect(read("Nested", format, nested(63))).toEqual({ inner: { a: 1, b: 2 }, count: 3 })
    expect(read("Nested", format, nested(64))).toEqual([expect.stringContaining("too_deep")])
    expect(read("Nested", format, nested(1_000_000))).toEqual([expect.stringContaining("too_deep")])
  })

  it("of octets are told before they are copied", () => {
    // A megabyte for a field of four: what is kept of it is nothing.
    const blob = new Uint8Array(1 << 20)
    const payload = new Uint8Array([...hex("0a01 05 12 808040"), ...blob])
    expect(read("Many", "protobuf", payload)).toEqual(["/blob max_length"])
    const json = octets(`{"items":[5],"blob":"${Buffer.from(blob).toString("base64")}"}`)
    expect(read("Many", "json", json)).toEqual(["/blob max_length"])
  })
})
