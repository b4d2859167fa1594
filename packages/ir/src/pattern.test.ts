import { describe, expect, it } from "vitest"
import { matchDfa } from "./dfa.js"
import {
  commonMatch,
  includesDfa,
  isEmptyDfa,
  longestMatch,
  matchOutside,
  sampleMatch,
  shortestMatch,
} from "./dfa-query.js"
import { compilePattern } from "./pattern.js"

function dfa(pattern: string) {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new Error(`${pattern}: ${compiled.issue.message}`)
  return compiled.value
}

/** A small generator of its own: the same seed gives the same cases everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x100000000
  }
}

describe("patterns of the subset", () => {
  const patterns = [
    "",
    "car-[0-9]{3,6}",
    "[a-z][a-z0-9-]*",
    "a|b|",
    "(ab|a)(c|bcd)",
    "(?:x?){3}y",
    "(a*)*",
    "(a|aa)+b?",
    "\\d{4}-\\d{2}",
    "\\w+\\s\\S",
    ".",
    ".{2,}",
    "[^a-c]",
    "[\\d\\-x]",
    "[a-]",
    "[-a]",
    "[\\w-]",
    "\\u{1F600}|\\ud83d\\ude00x",
    "[😀-😂]ü",
    "\\x41\\u0042\\t\\/",
    "[^]",
    "\\D\\W",
    "(0|[1-9]\\d*)(\\.\\d{1,2})?",
    "[\\^\\]]{2}",
    "a{0}b{1}c{2,}",
    "[\\s\\S]{1,3}",
  ]
  const alphabet = [
    "a",
    "b",
    "c",
    "d",
    "x",
    "y",
    "z",
    "0",
    "1",
    "9",
    "-",
    ".",
    " ",
    "\n",
    "A",
    "B",
    "\t",
    "/",
    "^",
    "]",
  ]
  const texts = ["", "car-001", "car-12", "😀", "😀x", "😁ü", "AB\t/", "2024-01", "ab c", "\u2028", "\u00a0"]

  it.each(patterns)("accepts exactly what an anchored expression accepts: %s", (pattern) => {
    const automaton = dfa(pattern)
    const oracle = new RegExp(`^(?:${pattern})$`, "u")
    const random = seeded(7)
    const cases = [...texts]
    for (let i = 0; i < 400; i++) {
      let text = ""
      for (let n = Math.floor(random() * 6); n > 0; n--) text += alphabet[Math.floor(random() * alphabet.length)]
      cases.push(text)
    }
    for (let i = 0; i < 50; i++) {
      const sample = sampleMatch(automaton, random)!
      expect(matchDfa(automaton, sample)).toBe(true)
      cases.push(sample, sample.slice(1), `${sample}x`)
    }
    for (const text of cases)
      if (!/\p{Surrogate}/u.test(text))
        expect({ text, accepts: matchDfa(automaton, text) }).toEqual({ text, accepts: oracle.test(text) })
  })

  it("gives equal automata for equal languages", () => {
    expect(dfa("a|b|c")).toEqual(dfa("[a-c]"))
    expect(dfa("(ab)*a")).toEqual(dfa("a(ba)*"))
    expect(dfa("a{2,3}")).toEqual(dfa("aaa?"))
    expect(dfa("a+")).not.toEqual(dfa("a*"))
    expect(dfa("(a|b)*abb")).toEqual(dfa("((a|b)(a|b))*(a|b)?abb|(b*a)*b*abb"))
    expect(dfa("(ab?){1,3}").states.length).toBe(dfa("ab?(ab?(ab?)?)?").states.length)
  })

  it("compiles the longest repetition in a moment", () => {
    const started = performance.now()
    expect(dfa("[a-z]{0,1000}").states.length).toBe(1001)
    expect(dfa("(?:[a-z]{1,15}-){0,100}x").states.length).toBeGreaterThan(1000)
    // About 30 ms alone; a quadratic compiler takes seconds.
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it("never accepts a lone surrogate", () => {
    for (const text of ["\ud800", "a\udc00"]) expect(matchDfa(dfa("[^]*"), text)).toBe(false)
  })
})

describe("refusals", () => {
  it.each([
    { given: "^a", want: "anchored" },
    { given: "a$", want: "anchored" },
    { given: "(?=a)", want: "look-around" },
    { given: "(?<!a)", want: "look-around" },
    { given: "(?<n>a)", want: "a group begins" },
    { given: "(a)\\1", want: "back references" },
    { given: "\\k<n>", want: "back references" },
    { given: "a*?", want: "lazy" },
    { given: "a+?", want: "lazy" },
    { given: "a{2}{3}", want: "follows a quantifier" },
    { given: "*a", want: "nothing to repeat" },
    { given: "a{3,1}", want: "out of order" },
    { given: "a{1,5000}", want: "more than 1000" },
    { given: "a{x}", want: "number is missing" },
    { given: "[z-a]", want: "out of order" },
    { given: "[\\d-x]", want: "one character to one" },
    { given: "[]", want: "empty class" },
    { given: "[a", want: 'without "]"' },
    { given: "(a", want: 'without ")"' },
    { given: "a)", want: 'without "("' },
    { given: "a]", want: "must be escaped" },
    { given: "\\b", want: "word boundaries" },
    { given: "\\p{L}", want: "Unicode properties" },
    { given: "\\q", want: "no escape" },
    { given: "\\", want: "at the end" },
    { given: "\\ud800", want: "surrogate" },
    { given: "\\u{110000}", want: "no code point" },
    { given: "(".repeat(60) + ")".repeat(60), want: "nested deeper" },
    { given: "(a|b)*a(a|b){14}", want: "states" },
    { given: "((a{1,900}){1,900}){1,900}", want: "states" },
  ])("refuses $given", ({ given, want }) => {
    const compiled = compilePattern(given)
    expect(compiled.ok ? "accepted" : compiled.issue.message).toContain(want)
  })

  it("names the place", () => {
    expect(compilePattern("abc*?")).toMatchObject({ ok: false, issue: { position: 4 } })
  })
})

describe("questions about a language", () => {
  it("decides inclusion, with a witness", () => {
    expect(includesDfa(dfa("[a-z]+"), dfa("car"))).toBe(true)
    expect(matchOutside(dfa("car-[0-9]{3,6}"), dfa("car-[0-9]{3}"))).toBe("car-0000")
    expect(matchOutside(dfa("[a-c]"), dfa("[ab]"))).toBe("c")
    expect(matchOutside(dfa("a*"), dfa("[^]*"))).toBeUndefined()
  })

  it("finds a text that two patterns share, or none", () => {
    expect(commonMatch(dfa("car-[0-9]+"), dfa("[a-z]{3}-7"))).toBe("car-7")
    expect(commonMatch(dfa("a+"), dfa("b+"))).toBeUndefined()
  })

  it("knows emptiness and the shortest text", () => {
    expect(isEmptyDfa(dfa("[^\\s\\S]"))).toBe(true)
    expect(isEmptyDfa(dfa(""))).toBe(false)
    expect(shortestMatch(dfa("(ab){2,}c"))).toBe("ababc")
    expect(sampleMatch(dfa("[^\\s\\S]"), () => 0)).toBeUndefined()
  })

  it("knows the longest text where there is one", () => {
    expect(longestMatch(dfa("car-[0-9]{3,6}"))).toBe(10)
    expect(longestMatch(dfa("a|bcd"))).toBe(3)
    expect(longestMatch(dfa("a*"))).toBeUndefined()
    expect(longestMatch(dfa(""))).toBe(0)
    expect(longestMatch(dfa("x{1000}"))).toBe(1000)
  })
})
