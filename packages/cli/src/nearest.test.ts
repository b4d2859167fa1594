import { expect, it } from "vitest"
import { nearest } from "./nearest.js"

const KNOWN = ["check", "generate", "style/topic-case", "style/topic-plural", "devices"]

it.each([
  ["chekc", "check"],
  ["genrate", "generate"],
  ["GENERATE", "generate"],
  ["géneräte", "generate"],
  ["device", "devices"],
  ["style/topic_case", "style/topic-case"],
  ["plural", "style/topic-plural"],
  ["zzz", undefined],
  ["", undefined],
  ["温度", undefined],
  [`check${"x".repeat(1_000_000)}`, undefined],
])("takes %.20s for %s", (given, want) => {
  expect(nearest(given, KNOWN)).toBe(want)
})
