import { readFileSync } from "node:fs"
import type { ContractIr, TypeIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { createDynamicCodec } from "./dynamic-codec.js"

const car = (
  JSON.parse(readFileSync(new URL("../../../schemas/iot-car/contract.lock.json", import.meta.url), "utf8")) as {
    ir: ContractIr
  }
).ir

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** A contract with one message `M` of the given type. */
function only(type: TypeIr): ContractIr {
  return { ...car, messages: [{ name: "M", type }] }
}

function codesOf(type: TypeIr, json: string): string[] | "accepted" {
  const result = createDynamicCodec(only(type), "M", "json").decode(octets(json))
  return result.ok ? "accepted" : result.issues.map(({ path, code }) => `${path} ${code}`)
}

const telemetry = {
  device_id: "car-001",
  timestamp: 1706169600,
  battery: 85,
  sensors: {
    distance_front: 45,
    distance_rear: 120,
    temperature: 28.4,
    gps: { latitude: -1.286389, longitude: 36.817223, altitude: 1795.5 },
  },
  status: { motors: "running", wifi_rssi: -62, uptime: 3600 },
}

describe("one value in every format", () => {
  it.each(["json", "compact", "protobuf"] as const)("telemetry survives %s", (format) => {
    const codec = createDynamicCodec(car, "Telemetry", format)
    const encoded = codec.encode(telemetry)
    expect(encoded.ok && codec.decode(encoded.value)).toEqual({ ok: true, value: telemetry })
  })

  it("compact writes short keys, protobuf the fewest octets", () => {
    const size = (format: "json" | "compact" | "protobuf"): number => {
      const encoded = createDynamicCodec(car, "Telemetry", format).encode(telemetry)
      return encoded.ok ? encoded.value.length : Number.NaN
    }
    expect(size("compact")).toBeLessThan(size("json"))
    expect(size("protobuf")).toBeLessThan(size("compact"))
  })

  it("text carries scalars", () => {
    const battery = createDynamicCodec(car, "BatteryReading", "text")
    expect(battery.decode(octets("85"))).toEqual({ ok: true, value: 85 })
    for (const bad of ["085", "+85", "101", "85.0", "", " 85", "-0"]) expect(battery.decode(octets(bad)).ok).toBe(false)
    expect(() => createDynamicCodec(car, "Telemetry", "text")).toThrow(RangeError)
  })
})

describe("JSON (W-2)", () => {
  const uint8: TypeIr = { kind: "int", bits: 8, signed: false, min: 0, max: 100 }
  const one = (type: TypeIr, more: object = {}): TypeIr => ({
    kind: "object",
    name: "M",
    fields: [{ name: "a", number: 1, required: true, type, ...more }],
  })
  it.each([
    { given: '{"a":85}', want: "accepted" },
    { given: '{"a":85.0}', want: "accepted" },
    { given: '{"a":8.5e1}', want: "accepted" },
    { given: '{"a":85,"b":[1,{"c":2}]}', want: "accepted" },
    { given: ' \n{ "a" : 85 }\t', want: "accepted" },
    { given: '{"\\u0061":85}', want: "accepted" },
    { given: '{"a":85.5}', want: ["/a not_integer"] },
    { given: '{"a":101}', want: ["/a maximum"] },
    { given: '{"a":-1}', want: ["/a minimum"] },
    { given: '{"a":null}', want: ["/a null"] },
    { given: '{"a":"85"}', want: ["/a type"] },
    { given: "{}", want: ["/a required"] },
    { given: '{"a":85,"a":85}', want: ["/a duplicate"] },
    { given: '{"b":1,"b":2,"a":85}', want: "accepted" },
    { given: '{"a":085}', want: [" syntax"] },
    { given: '{"a":85,}', want: [" syntax"] },
    { given: '{"a":85', want: [" truncated"] },
    { given: '{"a":85}x', want: [" syntax"] },
    { given: '\ufeff{"a":85}', want: [" syntax"] },
    { given: '{"a":1e400}', want: ["/a not_finite"] },
    { given: "", want: [" truncated"] },
  ])("$given", ({ given, want }) => {
    expect(codesOf(one(uint8), given)).toEqual(want)
  })

  it("refuses lone surrogates and invalid UTF-8", () => {
    expect(codesOf({ kind: "string" }, '"\\ud800"')).toEqual([" encoding"])
    expect(codesOf({ kind: "string" }, '"\\ud83d\\ude00"')).toBe("accepted")
    const codec = createDynamicCodec(only({ kind: "string" }), "M", "json")
    expect(codec.decode(Uint8Array.from([0x22, 0xff, 0x22]))).toMatchObject({ issues: [{ code: "encoding" }] })
    expect(codec.decode(Uint8Array.from([0x22, 0xc0, 0x80, 0x22]))).toMatchObject({ issues: [{ code: "encoding" }] })
  })

  it("counts code points, not units", () => {
    expect(codesOf({ kind: "string", maxLength: 2 }, '"😀😀"')).toBe("accepted")
    expect(codesOf({ kind: "string", maxLength: 2 }, '"😀😀a"')).toEqual([" max_length"])
    expect(codesOf({ kind: "string", maxBytes: 7 }, '"😀😀"')).toEqual([" max_bytes"])
  })

  it("takes 64-bit integers as literals within ±(2^53−1) and as decimal strings", () => {
    const u64: TypeIr = { kind: "int", bits: 64, signed: false, min: "0", max: "18446744073709551615" }
    const codec = createDynamicCodec(only(u64), "M", "json")
    expect(codec.decode(octets("9007199254740991"))).toEqual({ ok: true, value: 9007199254740991n })
    expect(codec.decode(octets('"18446744073709551615"'))).toEqual({ ok: true, value: 18446744073709551615n })
    for (const bad of ["9007199254740992", '"18446744073709551616"', '"01"', '"+1"', '"-0"', "1.5"])
      expect(codec.decode(octets(bad)).ok).toBe(false)
    const written = codec.encode(18446744073709551615n)
    expect(written.ok && text(written.value)).toBe('"18446744073709551615"')
    const short = codec.encode(5n)
    expect(short.ok && text(short.value)).toBe("5")
  })

  it("rounds float32 when it validates", () => {
    const codec = createDynamicCodec(only({ kind: "float", bits: 32 }), "M", "json")
    expect(codec.decode(octets("0.1"))).toEqual({ ok: true, value: Math.fround(0.1) })
    expect(codec.decode(octets("3.5e38"))).toMatchObject({ issues: [{ code: "not_finite" }] })
  })

  it("keeps minus zero", () => {
    const codec = createDynamicCodec(only({ kind: "float", bits: 64 }), "M", "json")
    const decoded = codec.decode(octets("-0"))
    expect(decoded.ok && Object.is(decoded.value, -0)).toBe(true)
    const encoded = codec.encode(-0)
    expect(encoded.ok && text(encoded.value)).toBe("-0")
  })

  it("fills defaults in and reads null as absent only where declared", () => {
    const optional = { required: false, default: 80 }
    const codec = createDynamicCodec(only(one(uint8, { ...optional, nullAsAbsent: true })), "M", "json")
    expect(codec.decode(octets("{}"))).toEqual({ ok: true, value: { a: 80 } })
    expect(codec.decode(octets('{"a":null}'))).toEqual({ ok: true, value: { a: 80 } })
    expect(codesOf(one(uint8, optional), '{"a":null}')).toEqual(["/a null"])
    const encoded = codec.encode({})
    expect(encoded.ok && text(encoded.value)).toBe("{}")
  })

  it("never lets a key become a prototype", () => {
    const map: TypeIr = { kind: "map", value: uint8 }
    const codec = createDynamicCodec(only(map), "M", "json")
    const decoded = codec.decode(octets('{"__proto__":1,"constructor":2}'))
    expect(decoded.ok && Object.entries(decoded.value as object)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ])
  })
})

describe("protobuf", () => {
  const message: TypeIr = {
    kind: "object",
    name: "M",
    fields: [
      { name: "a", number: 1, required: true, type: { kind: "int", bits: 8, signed: false, min: 0, max: 255 } },
      { name: "s", number: 2, required: false, type: { kind: "string", maxLength: 4 } },
      {
        name: "l",
        number: 3,
        required: false,
        type: { kind: "list", item: { kind: "int", bits: 32, signed: true, min: -9, max: 9 }, maxItems: 4 },
      },
    ],
  }
  const codec = createDynamicCodec(only(message), "M", "protobuf")
  const decode = (...bytes: number[]) => codec.decode(Uint8Array.from(bytes))

  it("writes zero of a required field", () => {
    expect(codec.encode({ a: 0 })).toEqual({ ok: true, value: Uint8Array.of(0x08, 0) })
  })
  it.each([
    { name: "absence of a required field", bytes: [], code: "required" },
    { name: "another wire type", bytes: [0x0d, 0, 0, 0, 0], code: "wire_type" },
    { name: "a group", bytes: [0x08, 1, 0x2b, 0x2c], code: "wire_type" },
    { name: "a truncated varint", bytes: [0x08, 0x80], code: "truncated" },
    { name: "an overlong varint", bytes: [0x08, ...Array<number>(10).fill(0x80), 1], code: "syntax" },
    { name: "field number 0", bytes: [0x00, 1], code: "syntax" },
    { name: "a string cut off", bytes: [0x08, 1, 0x12, 5, 0x61], code: "truncated" },
    { name: "invalid UTF-8", bytes: [0x08, 1, 0x12, 1, 0xff], code: "encoding" },
    { name: "a value out of range", bytes: [0x08, 0x80, 0x02], code: "maximum" },
    { name: "a varint that 32 bits cannot hold", bytes: [0x08, 0x81, 0x80, 0x80, 0x80, 0x10], code: "maximum" },
    { name: "one in a packed list", bytes: [0x08, 1, 0x1a, 5, 0x81, 0x80, 0x80, 0x80, 0x10], code: "maximum" },
  ])("refuses $name", ({ bytes, code }) => {
    expect(decode(...bytes)).toMatchObject({ ok: false, issues: [{ code }] })
  })
  it("judges the last of a repeated scalar only, as protobuf says", () => {
    expect(decode(0x12, 5, 97, 97, 97, 97, 97, 0x08, 1, 0x12, 1, 98)).toEqual({ ok: true, value: { a: 1, s: "b" } })
    expect(decode(0x12, 1, 98, 0x08, 1, 0x12, 5, 97, 97, 97, 97, 97)).toMatchObject({
      issues: [{ code: "max_length" }],
    })
  })
  it("merges a message that comes in parts, and believes the last branch of a union", () => {
    const u8: TypeIr = { kind: "int", bits: 8, signed: false, min: 0, max: 255 }
    const field = (name: string, number: number, type: TypeIr) => ({ name, number, required: false, type })
    const point = { kind: "object", name: "P", fields: [field("x", 1, u8), field("y", 2, u8)] } as const
    const outer: TypeIr = { kind: "object", name: "M", fields: [field("p", 1, point)] }
    const either: TypeIr = {
      kind: "union",
      name: "U",
      tag: "is",
      branches: [
        { value: "p", number: 1, type: point },
        { value: "q", number: 2, type: { kind: "object", name: "Q", fields: [] } },
      ],
    }
    const read = (type: TypeIr, ...bytes: number[]) =>
      createDynamicCodec(only(type), "M", "protobuf").decode(Uint8Array.from(bytes))
    expect(read(outer, 10, 2, 8, 5, 10, 2, 16, 6)).toEqual({ ok: true, value: { p: { x: 5, y: 6 } } })
    expect(read(either, 10, 2, 8, 5, 18, 0)).toEqual({ ok: true, value: { is: "q" } })
    expect(read(either, 18, 0, 10, 2, 8, 5)).toEqual({ ok: true, value: { is: "p", x: 5 } })
    expect(read(either, 10, 2, 8, 5, 18, 0, 10, 0)).toEqual({ ok: true, value: { is: "p" } })
  })
  it("reads packed and unpacked lists, takes the last of a repeated scalar, skips the unknown", () => {
    expect(decode(0x08, 7, 0x1a, 2, 1, 2, 0x18, 3, 0x08, 9, 0x52, 1, 0xff)).toEqual({
      ok: true,
      value: { a: 9, l: [-1, 1, -2] },
    })
  })
})
