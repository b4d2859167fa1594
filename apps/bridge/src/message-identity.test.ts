import { describe, expect, it } from "vitest"
import { digestOf, messageIdOf, toJsonText } from "./message-identity.js"

describe("messageIdOf", () => {
  const rows = [
    { given: ["drive.request", { id: "cmd-1" }], want: "cmd-1" },
    { given: ["drive.reply", { command_id: "cmd-1", id: "other" }], want: "cmd-1" },
    { given: ["broadcast.request", { id: "b" }], want: "b" },
    { given: ["log.message", { id: "x" }], want: undefined },
    { given: ["drive.request", { id: 7 }], want: undefined },
    { given: ["drive.request", "cmd-1"], want: undefined },
    { given: ["latitude.message", 52.5], want: undefined },
  ] as const
  for (const { given, want } of rows) {
    it(`gives ${want} for ${given[0]} ${JSON.stringify(given[1])}`, () => {
      expect(messageIdOf(given[0], given[1])).toBe(want)
    })
  }
})

describe("digestOf", () => {
  it("tells topics and payloads apart", () => {
    const digests = [
      digestOf("a", "b"),
      digestOf("a", "c"),
      digestOf("c", "b"),
      digestOf("a\nb", ""),
      digestOf("a", "b"),
    ]
    expect(new Set(digests).size).toBe(4)
    expect(digests[0]).toBe(digests[4])
  })
})

describe("toJsonText", () => {
  it("writes what JSON has no type for", () => {
    const message = { big: 9_007_199_254_740_993n, bytes: new Uint8Array([1, 2, 255]), nested: [{ n: 1.5 }] }
    expect(toJsonText(message)).toBe('{"big":"9007199254740993","bytes":"AQL/","nested":[{"n":1.5}]}')
  })
})
