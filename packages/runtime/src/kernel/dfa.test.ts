import { describe, expect, it } from "vitest"
import { dfa } from "./dfa.js"

describe("dfa", () => {
  it("follows edges over code points, and accepts in accepting states only", () => {
    // a(b|😀)*
    const test = dfa([
      [0, 97, 97, 1],
      [1, 98, 98, 1, 0x1f600, 0x1f600, 1],
    ])
    const cases = {
      a: true,
      ab: true,
      "a😀b": true,
      "": false,
      b: false,
      aa: false,
      "a\ud83d": false,
      "a\ude00": false,
    }
    for (const [given, want] of Object.entries(cases)) expect([given, test(given)]).toEqual([given, want])
  })
})
