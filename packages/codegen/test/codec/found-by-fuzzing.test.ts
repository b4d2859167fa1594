import { createDynamicCodec } from "@fleetwire/dynamic"
import type { Format } from "@fleetwire/ir"
import { beforeAll, describe, expect, it } from "vitest"
import { contractOf, fields, uint } from "./car-contract.js"
import { type LoadedMessage, loadCodecs } from "./load-codecs.js"

/* Differences that fuzzing found once; each row stays. */

const inner = {
  kind: "object",
  name: "Inner",
  fields: fields({ a: uint(8, 100), far: { kind: "bool" } }, ["a", "far"]),
} as const
const ir = contractOf([
  {
    name: "Outer",
    type: {
      kind: "object",
      name: "Outer",
      fields: fields(
        {
          inner: {
            ...inner,
            fields: inner.fields.map((field) => (field.name === "far" ? { ...field, number: 2048 } : field)),
          },
          choice: {
            kind: "union",
            name: "Choice",
            tag: "kind",
            branches: [
              { value: "x", number: 1, type: inner },
              { value: "y", number: 2, type: inner },
            ],
          },
          last: uint(8, 100),
          'quo"te': { kind: "bool" },
        },
        ["inner", "choice", "last", 'quo"te'],
      ),
    },
  },
  { name: "Count", type: uint(8, 100) },
  {
    name: "Label",
    type: {
      kind: "object",
      name: "Label",
      fields: [
        { name: "text", number: 1, required: true, type: { kind: "string", maxLength: 8 } },
        { name: "far", number: 2048, required: true, type: { kind: "bool" } },
      ],
    },
  },
])

const cases: readonly {
  readonly given: string
  readonly message: string
  readonly format: Format
  readonly octets: string
  readonly want: unknown
}[] = [
  {
    given: "the last of two numbers wins, though the first is out of range",
    message: "Outer",
    format: "protobuf",
    octets: "18c80118 05",
    want: { last: 5 },
  },
  {
    given: "two occurrences of a message are one",
    message: "Outer",
    format: "protobuf",
    octets: "0a0208070a0480800101",
    want: { inner: { a: 7, far: true } },
  },
  {
    given: "a field begun in one occurrence must not end in the next",
    message: "Outer",
    format: "protobuf",
    octets: "0a03808001 0a0101",
    want: undefined,
  },
  {
    given: "another branch takes the place of the one before",
    message: "Outer",
    format: "protobuf",
    octets: "12040a020801 120412020802",
    want: { choice: { kind: "y", a: 2 } },
  },
  {
    given: "the branch before must have been protobuf",
    message: "Outer",
    format: "protobuf",
    octets: "12030a0166 120412020802",
    want: undefined,
  },
  {
    given: "a number of more than 32 bits is not cut off",
    message: "Outer",
    format: "protobuf",
    octets: "188580808010",
    want: undefined,
  },
  {
    given: "a key with a quote is matched with its escape only",
    message: "Outer",
    format: "json",
    octets: "7b2271756f22746522 3a747275657d",
    want: undefined,
  },
  {
    given: "the same key, escaped",
    message: "Outer",
    format: "json",
    octets: "7b2271756f5c22746522 3a747275657d",
    want: { 'quo"te': true },
  },
  {
    given: "what follows a text is no part of it, though its octet could be",
    message: "Label",
    format: "protobuf",
    octets: "0a02c3a9 80800101",
    want: { text: "é", far: true },
  },
  { given: "an integer has no negative zero", message: "Count", format: "json", octets: "2d302e30", want: 0 },
  { given: "nor in text, where it is no spelling", message: "Count", format: "text", octets: "2d30", want: undefined },
]

let loaded: ReadonlyMap<string, LoadedMessage>

beforeAll(async () => {
  const formats = (message: string): readonly Format[] =>
    message === "Count" ? ["json", "protobuf", "text"] : ["json", "protobuf"]
  const [messages] = await loadCodecs([ir], (_, message) => formats(message))
  loaded = messages!
})

describe("found by fuzzing", () => {
  for (const { given, message, format, octets, want } of cases)
    it(given, () => {
      const input = Uint8Array.from(Buffer.from(octets.replaceAll(" ", ""), "hex"))
      const got = loaded.get(message)!.codecs[format]!.decode(input)
      expect(got.ok ? got.value : undefined).toEqual(want)
      expect(createDynamicCodec(ir, message, format).decode(input).ok).toBe(want !== undefined)
      if (got.ok) expect(Object.is(got.value, -0)).toBe(false)
      else expect(got.issues.length).toBeGreaterThan(0)
    })

  it("writes no negative zero of an integer", () => {
    const { text, json } = loaded.get("Count")!.codecs
    for (const codec of [text!, json!]) {
      const written = codec.encode(-0)
      expect(written.ok && new TextDecoder().decode(written.value)).toBe("0")
    }
  })

  it("refuses what bit operations would throw on", () => {
    for (const value of [5n, Symbol("x"), { valueOf: () => 5 }, "5", null, undefined])
      expect(loaded.get("Count")!.codecs.json!.encode(value).ok).toBe(false)
  })
})
