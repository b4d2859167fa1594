import { expect, it } from "vitest"
import { relateFilters } from "./filter-relation.js"

it.each([
  { one: "a/+/c", other: "a/b/c", want: "covers" },
  { one: "a/b/c", other: "a/+/c", want: "covered" },
  { one: "a/+/c", other: "a/+/c", want: "covers" },
  { one: "a/+/c", other: "a/b/+", want: "overlaps" },
  { one: "a/b/c", other: "a/x/c", want: "apart" },
  { one: "+/b/+", other: "a/b/c", want: "covers" },
  { one: "2/+/t", other: "3/+/t", want: "apart" },
  { one: "a/b", other: "a/b/c", want: "apart" },
])("$one $want $other", ({ one, other, want }) => {
  expect(relateFilters(one, other)).toBe(want)
})
