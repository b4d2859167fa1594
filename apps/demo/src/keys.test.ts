import { describe, expect, it } from "vitest"
import { parseKeys } from "./keys.js"

describe("parseKeys", () => {
  const rows = [
    { given: "1", want: [{ kind: "select", index: 0 }] },
    { given: "\u001b[A", want: [{ kind: "drive", action: "forward" }] },
    { given: "\u001bOD", want: [{ kind: "drive", action: "left" }] },
    {
      given: "W ",
      want: [
        { kind: "drive", action: "forward" },
        { kind: "drive", action: "stop" },
      ],
    },
    {
      given: "2\u001b[C\u001b[Bx",
      want: [
        { kind: "select", index: 1 },
        { kind: "drive", action: "right" },
        { kind: "drive", action: "backward" },
        { kind: "cut" },
      ],
    },
    { given: "\u001b[15~q", want: [{ kind: "quit" }] },
    { given: "\u001b", want: [] },
    { given: "\u0003", want: [{ kind: "quit" }] },
    { given: "0zé", want: [] },
  ]
  for (const { given, want } of rows) {
    it(`reads ${JSON.stringify(given)}`, () => {
      expect(parseKeys(given)).toEqual(want)
    })
  }
})
