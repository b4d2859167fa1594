import { expect, it } from "vitest"
import { formatFilter, formatTopic, refusePrefix } from "./format-topic.js"
import { parseTemplate, type Template } from "./template.js"

function template(text: string): Template {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

it("puts the deployment's prefix in front of topics and filters", () => {
  const car = template("iot-car/{carId}/telemetry")
  const options = { prefix: "acme/staging" }
  expect(formatTopic(car, { carId: "car-001" }, options)).toEqual({
    ok: true,
    value: "acme/staging/iot-car/car-001/telemetry",
  })
  expect(formatFilter(car, {}, options)).toEqual({ ok: true, value: "acme/staging/iot-car/+/telemetry" })
})

it("names every param that is missing, unknown or bad, at once", () => {
  const formatted = formatTopic(template("a/{x}/{y}/{z}"), { x: "1", y: "+", w: "2" })
  expect(formatted.ok ? [] : formatted.issues.map(({ code, param }) => [code, param])).toEqual([
    ["wildcard", "y"],
    ["missing-param", "z"],
    ["unknown-param", "w"],
  ])
})

it("does not take an inherited property for a param", () => {
  const formatted = formatTopic(template("a/{constructor}"), {})
  expect(formatted.ok ? "accepted" : formatted.issues[0]?.code).toBe("missing-param")
})

it("counts the octets of the whole topic, prefix included", () => {
  const wide = { specs: [{ name: "x", maxLength: 70_000, reserved: [] }] }
  expect(formatTopic(template("a/{x}"), { x: "b".repeat(65_533) }, wide).ok).toBe(true)
  const over = formatTopic(template("a/{x}"), { x: "b".repeat(65_533) }, { ...wide, prefix: "p" })
  expect(over.ok ? "accepted" : over.issues[0]?.code).toBe("too-long")
})

it("keeps bound params in a filter and refuses a bad one", () => {
  expect(formatFilter(template("a/{x}/{y}"), { y: "2" })).toEqual({ ok: true, value: "a/+/2" })
  expect(formatFilter(template("a/{x}"), { x: "#" }).ok).toBe(false)
})

it("lets a prefix begin with $ and refuses wildcards and empty levels in it", () => {
  expect(refusePrefix("$aws/things")).toBeUndefined()
  for (const prefix of ["", "a/", "/a", "a//b", "a/+", "a#"]) expect(refusePrefix(prefix)?.message).toBeTypeOf("string")
})

it("refuses a param of the first level that begins with $, for topics and filters", () => {
  const two = template("{x}/{y}")
  for (const made of [formatTopic(two, { x: "$SYS", y: "$a" }), formatFilter(two, { x: "$SYS" })])
    expect(made).toMatchObject({ ok: false, issues: [{ code: "dollar", param: "x" }] })
  expect(formatTopic(two, { x: "SYS", y: "$a" })).toEqual({ ok: true, value: "SYS/$a" })
})

it("counts the prefix towards 65 535 octets", () => {
  const one = template("a/{x}")
  const x = "x".repeat(65_535 - "acme/a/".length)
  expect(formatTopic(one, { x }, { prefix: "acme" }).ok).toBe(true)
  expect(formatTopic(one, { x }, { prefix: "acmes" })).toMatchObject({ issues: [{ code: "too-long" }] })
})
