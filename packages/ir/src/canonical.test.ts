import { describe, expect, it } from "vitest"
import { canonicalJson, isInOrder } from "./canonical.js"
import type { JsonValue } from "./type-ir.js"

const row = (given: unknown, want: string) => ({ given: given as JsonValue, want })

describe("canonicalJson", () => {
  it.each([
    row({ b: 1, a: { d: [{ z: 0, y: -0 }], c: "\ud800é\n" } }, '{"a":{"c":"\\ud800é\\n","d":[{"y":0,"z":0}]},"b":1}'),
    row({ a: 1, b: { c: [true, null, 1e21, 1e-7] } }, '{"a":1,"b":{"c":[true,null,1e+21,1e-7]}}'),
    // An engine lists keys that are integers first, by their size.
    row({ 9: "nine", 10: "ten" }, '{"10":"ten","9":"nine"}'),
    row({ a: undefined, b: [{ d: undefined, c: 1 }] }, '{"b":[{"c":1}]}'),
    row({ é: 1, Z: 2, "": 3 }, '{"":3,"Z":2,"é":1}'),
    row(JSON.parse('{"a":1,"__proto__":{"b":2}}'), '{"__proto__":{"b":2},"a":1}'),
  ])("prints $want", ({ given, want }) => {
    expect(canonicalJson(given)).toBe(want)
    expect(canonicalJson(JSON.parse(want) as JsonValue)).toBe(want)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %s wherever it stands", (number) => {
    expect(() => canonicalJson(number)).toThrow(RangeError)
    expect(() => canonicalJson({ a: [{ b: number }] })).toThrow(RangeError)
  })
})

describe("isInOrder", () => {
  it.each<{ readonly given: JsonValue; readonly want: boolean }>([
    { given: { a: 1, b: [{ c: 1, d: { e: 1 } }] }, want: true },
    { given: { b: 1, a: 1 }, want: false },
    { given: { a: [{ c: 1, b: 1 }] }, want: false },
    { given: JSON.parse('{"9":1,"10":1}') as JsonValue, want: false },
    { given: { a: { b: Number.NaN } }, want: false },
  ])("says $want of $given", ({ given, want }) => {
    expect(isInOrder(given)).toBe(want)
  })
})
