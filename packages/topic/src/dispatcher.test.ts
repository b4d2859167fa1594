import { expect, it } from "vitest"
import { createDispatcher, type Route } from "./dispatcher.js"
import { parseTemplate } from "./template.js"

function route(text: string, more: Partial<Route<string>> = {}): Route<string> {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(text)
  return { template: parsed.value, value: text, ...more }
}

const carId = { name: "carId", maxLength: 10, reserved: ["fleet"] }

it("finds the template of a topic and its params", () => {
  const { dispatch } = createDispatcher([route("iot-car/{carId}/config"), route("iot-car/fleet/config")])
  expect(dispatch("iot-car/car-001/config")).toEqual({ value: "iot-car/{carId}/config", params: { carId: "car-001" } })
  expect(dispatch("iot-car/fleet/config")).toEqual({ value: "iot-car/fleet/config", params: {} })
})

it("turns back from a literal that leads nowhere", () => {
  const { dispatch } = createDispatcher([route("a/b/c"), route("a/{x}/d")])
  expect(dispatch("a/b/d")).toEqual({ value: "a/{x}/d", params: { x: "b" } })
})

it("leaves a topic that fits no template unroutable (T-6)", () => {
  const { dispatch } = createDispatcher([route("a/{x}")])
  for (const topic of ["", "a", "a/", "a/b/c", "b/c", "/a/b"]) expect(dispatch(topic)).toBeUndefined()
})

it("never lets a param of the first level stand for a topic of the broker (T-1)", () => {
  const { dispatch } = createDispatcher([route("{x}/b")])
  expect(dispatch("$SYS/b")).toBeUndefined()
  expect(dispatch("SYS/b")?.params).toEqual({ x: "SYS" })
})

it("leaves reserved and unfitting values unroutable", () => {
  const { dispatch } = createDispatcher([route("iot-car/{carId}/config", { specs: [carId] })])
  expect(dispatch("iot-car/fleet/config")).toBeUndefined()
  expect(dispatch("iot-car/car-0000000001/config")).toBeUndefined()
})

it("takes the prefix off, and leaves topics without it unroutable", () => {
  const { dispatch } = createDispatcher([route("a/{x}")], { prefix: "acme" })
  expect(dispatch("acme/a/1")?.params).toEqual({ x: "1" })
  expect(dispatch("a/1")).toBeUndefined()
})

it("answers the same after the cache turned over many times", () => {
  const { dispatch } = createDispatcher([route("a/{x}")], { cacheSize: 8 })
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 100; i++) expect(dispatch(`a/${i}`)?.params).toEqual({ x: String(i) })
})

it("never lets a handler change the params of the next message", () => {
  const { dispatch } = createDispatcher([route("a/{x}")])
  const params = dispatch("a/1")!.params as Record<string, string>
  expect(() => {
    params.x = "2"
  }).toThrow(TypeError)
})
