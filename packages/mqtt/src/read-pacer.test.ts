import { expect, it } from "vitest"
import { createReadPacer } from "./read-pacer.js"

/** Feeds messages that arrive at these times, each in a read of its own, and tells after which the pacer rested. */
function rests(times: readonly number[]): readonly number[] {
  let at = 0
  const pacer = createReadPacer(() => at)
  return times.filter((time, index) => {
    at = time
    return pacer.shouldRest(index + 1)
  })
}

it.each([
  { given: "one message every 0.2 ms", times: Array.from({ length: 100 }, (_, i) => i * 0.2), want: 0 },
  { given: "one message every 0.15 ms", times: Array.from({ length: 100 }, (_, i) => i * 0.15), want: 0 },
  { given: "one message every 0.05 ms", times: Array.from({ length: 80 }, (_, i) => i * 0.05), want: 10 },
  { given: "seven at once, again and again", times: [0, 10, 20].flatMap((at) => Array(7).fill(at)), want: 0 },
  { given: "eight at once, again and again", times: [0, 10, 20].flatMap((at) => Array(8).fill(at)), want: 3 },
])("rests $want times at $given", ({ times, want }) => {
  expect(rests(times)).toHaveLength(want)
})

it("counts what a single read brings", () => {
  const pacer = createReadPacer(() => 0)
  expect(pacer.shouldRest(7)).toBe(false)
  expect(pacer.shouldRest(8)).toBe(true)
  expect(pacer.shouldRest(9)).toBe(false)
  expect(pacer.shouldRest(100)).toBe(true)
})

it("does not count what carries no message", () => {
  let at = 0
  const pacer = createReadPacer(() => at)
  for (let i = 0; i < 1000; i += 1) {
    at += 0.01
    expect(pacer.shouldRest(5)).toBe(false)
  }
})
