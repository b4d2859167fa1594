import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { everyKind } from "../test/every-kind.js"
import { contractIrSchema } from "./contract-ir-schema.js"
import { parseContractIr } from "./parse-contract-ir.js"
import type { JsonValue } from "./type-ir.js"

const ajv = new Ajv2020({ strict: false })
const byAjv = ajv.compile(contractIrSchema)

type Tree = { [key: string]: Tree & JsonValue }

/** A copy with one place changed; the last step of the path is set, or deleted where `value` is undefined. */
function changed(path: string, value?: JsonValue): JsonValue {
  const copy = JSON.parse(JSON.stringify(everyKind)) as Tree
  const steps = path.split("/").slice(1)
  const last = steps.pop()!
  const target = steps.reduce<Tree>((at, step) => at[step] as Tree, copy)
  if (value === undefined) delete target[last]
  else target[last] = value as Tree & JsonValue
  return copy as unknown as JsonValue
}

function codes(document: JsonValue): readonly string[] {
  const parsed = parseContractIr(JSON.stringify(document))
  return parsed.ok ? [] : parsed.issues.map((issue) => `${issue.code} ${issue.path}`)
}

/** Every place of a document as a pointer, containers before what is in them. */
function places(value: JsonValue, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, member]) => places(member as JsonValue, `${path}/${key}`))]
}

it("takes a contract with every kind of type and channel, and so does ajv", () => {
  expect(parseContractIr(JSON.stringify(everyKind))).toEqual({ ok: true, value: everyKind })
  expect(byAjv(everyKind)).toBe(true)
})

it("publishes the schema that it checks by", () => {
  const file = readFileSync(new URL("../contract-ir.schema.json", import.meta.url), "utf8")
  expect(JSON.parse(file)).toEqual(contractIrSchema)
})

describe("shape", () => {
  const free = /\/(online|offline|default|examples|preempt|onInvalid|action|accept)(\/|$)/

  it("agrees with ajv wherever one place is given another type", () => {
    const values = [null, true, -1, 2.5, "?", [], {}] as const
    let refused = 0
    for (const [index, path] of places(everyKind as unknown as JsonValue)
      .slice(1)
      .entries()) {
      for (const value of [values[index % 7]!, values[(index + 3) % 7]!]) {
        const document = changed(path, value)
        const fits = !codes(document).some((code) => code.startsWith("shape") || code.startsWith("version"))
        if (fits !== byAjv(document))
          throw new Error(`${JSON.stringify(value)} at ${path}: ${fits}, ajv says otherwise`)
        if (!fits) refused++
      }
    }
    expect(refused).toBeGreaterThan(500)
  })

  it("agrees with ajv wherever a member is left out, or one is added", () => {
    for (const path of places(everyKind as unknown as JsonValue).slice(1)) {
      const without = changed(path)
      if (!/\/\d+$/.test(path))
        expect({ path, fits: !codes(without).some((c) => c.startsWith("shape")) }).toEqual({
          path,
          fits: byAjv(without),
        })
    }
    for (const path of places(everyKind as unknown as JsonValue)) {
      const target = path
        .split("/")
        .slice(1)
        .reduce<JsonValue>((at, step) => (at as Tree)[step]!, everyKind as unknown as JsonValue)
      if (typeof target !== "object" || target === null || Array.isArray(target) || free.test(path)) continue
      const more = changed(`${path}/surprise`, 1)
      // A place with two forms is reported as a whole.
      const want = /\/(correlate\/reply|versions)$/.test(path) ? `shape ${path}` : `shape ${path}/surprise`
      expect({ path, codes: codes(more) }).toEqual({ path, codes: [want] })
      expect(byAjv(more)).toBe(false)
    }
  })

  it.each([
    { given: "{", want: "syntax " },
    { given: "[]", want: "shape " },
    { given: "null", want: "shape " },
    { given: '{"ir":2}', want: "version /ir" },
    { given: '{"ir":"1"}', want: "version /ir" },
    { given: "{}", want: "shape " },
  ])("refuses $given", ({ given, want }) => {
    const parsed = parseContractIr(given)
    expect(parsed.ok ? "accepted" : `${parsed.issues[0]?.code} ${parsed.issues[0]?.path}`).toBe(want)
  })
})

describe("rules", () => {
  const type = "/messages/0/type/fields"
  it.each([
    { path: `${type}/11/type/item/message`, value: "Nothing", want: `${type}/11/type/item/message` },
    { path: `${type}/11/type/item/message`, value: "Everything", want: "/messages/0/type" },
    { path: "/channels/0/legs/0/message", value: "Nothing", want: "/channels/0/legs/0/message" },
    { path: "/channels/0/legs/0/topic", value: "t/{who}/a", want: "/channels/0/legs/0/topic" },
    { path: "/channels/0/legs/0/sends", value: "text", want: "/channels/0/legs/0/sends" },
    { path: "/channels/7/as", value: "a", want: "/channels/7/as" },
    { path: "/device/param", value: "who", want: "/device/param" },
    { path: "/roles/0/publish/0", value: "e.fleet", want: "/roles/0/publish/0" },
    { path: "/roles/0/bind/0", value: "who", want: "/roles/0/bind/0" },
    { path: "/params/0/pattern", value: "^a", want: "/params/0/pattern" },
    { path: `${type}/6/type/pattern`, value: "(?=a)", want: `${type}/6/type/pattern` },
    { path: `${type}/12/type/keyPattern`, value: "*", want: `${type}/12/type/keyPattern` },
    { path: `${type}/1/number`, value: 1, want: `${type}/1` },
    { path: `${type}/1/number`, value: 99, want: `${type}/1/number` },
    { path: `${type}/1/name`, value: "id", want: `${type}/1` },
    { path: `${type}/1/short`, value: "i", want: `${type}/1` },
    { path: `${type}/0/nullAsAbsent`, value: true, want: `${type}/0/nullAsAbsent` },
    { path: `${type}/0/default`, value: "x", want: `${type}/0/default` },
    { path: `${type}/2/type/min`, value: 101, want: `${type}/2/type` },
    { path: `${type}/5/type/min`, value: 2, want: `${type}/5/type` },
    { path: `${type}/9/type/values/1/number`, value: 1, want: `${type}/9/type/values/1` },
    { path: `${type}/9/type/values/1/name`, value: "on", want: `${type}/9/type/values/1` },
    { path: `${type}/13/type/branches/1/value`, value: "x", want: `${type}/13/type/branches/1` },
    { path: `${type}/13/type/tag`, value: "y", want: `${type}/13/type/branches/1/type` },
    { path: "/messages/1/name", value: "Everything", want: "/messages/1" },
    { path: "/channels/1/name", value: "a", want: "/channels/1" },
  ])("refuses $value at $path", ({ path, value, want }) => {
    expect(codes(changed(path, value))).toContain(`rule ${want}`)
  })
})
