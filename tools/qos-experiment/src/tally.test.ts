import { expect, it } from "vitest"
import { printTable } from "./print-table.js"
import { tallyOf } from "./tally.js"

it.each([
  { given: [1, 2, 3, 4], want: { received: 4, distinct: 4, repeated: 0, lost: 0, overtaken: 0 } },
  { given: [1, 2, 4], want: { received: 3, distinct: 3, repeated: 0, lost: 1, overtaken: 0 } },
  { given: [1, 2, 2, 3, 4, 1], want: { received: 6, distinct: 4, repeated: 2, lost: 0, overtaken: 0 } },
  { given: [1, 4, 2, 3], want: { received: 4, distinct: 4, repeated: 0, lost: 0, overtaken: 2 } },
  { given: [], want: { received: 0, distinct: 0, repeated: 0, lost: 4, overtaken: 0 } },
])("counts $given", ({ given, want }) => {
  expect(tallyOf({ sent: 4, accepted: 3, received: given })).toEqual({ sent: 4, accepted: 3, ...want })
})

it("prints a table that is Markdown, too", () => {
  const tally = tallyOf({ sent: 100, accepted: 90, received: [1, 2, 2] })
  expect(printTable("what happened", { 0: tally, 1: tally, 2: tally }).split("\n").slice(0, 5)).toEqual([
    "what happened",
    "",
    "| QoS | sent | accepted | arrived | different | repeated | lost | out of order |",
    "| --- | ---- | -------- | ------- | --------- | -------- | ---- | ------------ |",
    "| 0   | 100  | 90       | 3       | 2         | 1        | 98   | 0            |",
  ])
})
