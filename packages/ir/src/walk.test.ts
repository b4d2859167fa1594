import { expect, it } from "vitest"
import { everyKind } from "../test/every-kind.js"
import { contractLegs, findMessage, referencedMessages, resolveType, topicParams, walkType } from "./walk.js"

it("follows references to what they mean", () => {
  expect(resolveType(everyKind, { kind: "ref", message: "Reading" })).toMatchObject({ kind: "int", bits: 16 })
  expect(() => resolveType(everyKind, { kind: "ref", message: "Nothing" })).toThrow("no message is called Nothing")
})

it("visits every type once, outer before inner, with its path", () => {
  const seen: string[] = []
  walkType(findMessage(everyKind, "Everything")!.type, (type, path) => seen.push(`${type.kind} ${path.join("/")}`))
  expect(seen).toEqual([
    "object ",
    "string id",
    "bool flag",
    "int small",
    "int big",
    "int at",
    "float real",
    "string text",
    "string when",
    "bytes raw",
    "enum mode",
    "const fixed",
    "list list",
    "ref list/item",
    "map map",
    "bool map/value",
    "union either",
    "object either/x",
    "object either/y",
    "bool either/y/y",
  ])
})

it("names the messages that a type needs", () => {
  expect(referencedMessages(everyKind, everyKind.messages[0]!.type)).toEqual(["Reading"])
})

it("goes through all legs by the names that rights use", () => {
  expect(contractLegs(everyKind).map((place) => place.id)).toEqual([
    "a.message",
    "b.message",
    "c.message",
    "d.message",
    "e.request",
    "e.reply",
    "e.progress",
    "f.request",
    "g.desired",
    "g.reported",
    "h.request",
  ])
})

it("finds the params of a topic in their order", () => {
  const params = ["b", "a"].map((name) => ({ name, maxLength: 4, reserved: [] }))
  expect(topicParams({ ...everyKind, params }, "x/{a}/y/{b}/{c}").map((param) => param.name)).toEqual(["a", "b"])
})
