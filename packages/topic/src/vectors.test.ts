import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { filterMatches, refuseFilter } from "./filter.js"
import { formatTopic } from "./format-topic.js"
import { matchTopic } from "./match-topic.js"
import { templatesOverlap } from "./overlap.js"
import { type ParamSpec, refuseParam } from "./param.js"
import { parseTemplate, type Template } from "./template.js"

type Text = string | { readonly repeat: string; readonly times: number }

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../schemas/vectors/topics/${name}.json`, import.meta.url), "utf8")) as T
}

function text(given: Text): string {
  return typeof given === "string" ? given : given.repeat.repeat(given.times)
}

function template(given: string): Template {
  const parsed = parseTemplate(given)
  if (!parsed.ok) throw new Error(`${given}: ${parsed.issues[0]?.message}`)
  return parsed.value
}

interface Spec {
  readonly reserved?: string[]
  readonly maxLength?: number
  readonly pattern?: string
}

function spec({ reserved = [], maxLength = 64, pattern }: Spec): ParamSpec {
  const expression = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, "u")
  return {
    name: "x",
    reserved,
    maxLength,
    ...(expression && { pattern: pattern as string, test: (value: string) => expression.test(value) }),
  }
}

describe("templates (T-1)", () => {
  const { valid, invalid } = read<{
    valid: { text: Text; params: string[] }[]
    invalid: { text: Text; issue: string }[]
  }>("templates")
  it.each(valid)("takes $text", (given) => {
    expect(template(text(given.text)).params).toEqual(given.params)
  })
  it.each(invalid)("refuses $text: $issue", (given) => {
    const parsed = parseTemplate(text(given.text))
    expect(parsed.ok ? "accepted" : parsed.issues[0]?.code).toBe(given.issue)
  })
})

describe("matching (T-3)", () => {
  const { cases } = read<{ cases: { template: string; topic: string; params: Record<string, string> | null }[] }>(
    "matches",
  )
  it.each(cases)("$template against $topic", (given) => {
    expect(matchTopic(template(given.template), given.topic) ?? null).toEqual(given.params)
  })
})

describe("param values (T-2, T-5)", () => {
  const { valid, invalid } = read<{
    valid: ({ value: string } & Spec)[]
    invalid: ({ value: string; issue: string } & Spec)[]
  }>("params")
  it.each(valid)("takes $value", (given) => {
    expect(formatTopic(template("a/{x}"), { x: given.value }, { specs: [spec(given)] })).toEqual({
      ok: true,
      value: `a/${given.value}`,
    })
  })
  it.each(invalid)("refuses $value: $issue", (given) => {
    expect(refuseParam("x", given.value, spec(given))?.code).toBe(given.issue)
    const formatted = formatTopic(template("a/{x}"), { x: given.value }, { specs: [spec(given)] })
    expect(formatted.ok ? "accepted" : formatted.issues.map(({ code }) => code)).toEqual([given.issue])
  })
})

describe("filters", () => {
  const { valid, invalid, matches } = read<{
    valid: string[]
    invalid: string[]
    matches: { filter: string; topic: string; matches: boolean }[]
  }>("filters")
  it.each(valid)("takes %j", (filter) => {
    expect(refuseFilter(filter)).toBeUndefined()
  })
  it.each(invalid)("refuses %j", (filter) => {
    expect(refuseFilter(filter)?.message).toBeTypeOf("string")
  })
  it("takes 65 535 octets and no more", () => {
    expect(refuseFilter("a".repeat(65_535))).toBeUndefined()
    expect(refuseFilter("a".repeat(65_536))?.code).toBe("too-long")
    expect(refuseFilter("é".repeat(32_768))?.code).toBe("too-long")
  })
  it.each(matches)("$filter selects $topic: $matches", (given) => {
    expect(filterMatches(given.filter, given.topic)).toBe(given.matches)
  })
})

describe("overlap (T-5)", () => {
  const { cases } = read<{ cases: ({ a: string; b: string; overlap: boolean } & Spec)[] }>("overlaps")
  it.each(cases)("$a with $b: $overlap", (given) => {
    const [a, b] = [template(given.a), template(given.b)]
    const specs = given.reserved === undefined && given.pattern === undefined ? [] : [spec(given)]
    expect(templatesOverlap(a, b, specs)).toBe(given.overlap)
    expect(templatesOverlap(b, a, specs)).toBe(given.overlap)
  })
})
