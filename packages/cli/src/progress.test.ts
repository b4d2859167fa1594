import { expect, it } from "vitest"
import { createProgress } from "./progress.js"
import type { Terminal } from "./terminal.js"

function given(live: boolean) {
  let printed = ""
  let time = 0
  const terminal: Terminal = {
    cwd: ".",
    color: live,
    live,
    columns: 20,
    input: process.stdin,
    out: () => {
      throw new Error("progress is no output")
    },
    err: (text) => {
      printed += text
    },
  }
  const progress = createProgress(terminal, () => time)
  const wait = (ms: number): void => {
    time += ms
  }
  return { progress, printed: () => printed, wait }
}

it("speaks of work that takes long, in one line that is gone afterwards", () => {
  const { progress, printed, wait } = given(true)
  progress.step("compiling 1 of 6")
  expect(printed()).toBe("")
  wait(500)
  progress.step("compiling 2 of 6, and words that are too long")
  expect(printed()).toBe("\r\u001b[2Kcompiling 2 of 6, a")
  progress.end()
  expect(printed().endsWith("\r\u001b[2K")).toBe(true)
})

it("is silent where nobody looks", () => {
  const { progress, printed, wait } = given(false)
  wait(5_000)
  progress.step("compiling 1 of 6")
  progress.end()
  expect(printed()).toBe("")
})
