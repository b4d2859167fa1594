import { describe, expect, it } from "vitest"
import { createChecklist, mustHold } from "./checklist.js"

describe("createChecklist", () => {
  it("tells each step that holds, with what was seen", async () => {
    const said: string[] = []
    const list = createChecklist({ say: (line) => said.push(line) })
    await list.step("a car drives", async () => "0.4 m")
    await list.step("it stops", async () => undefined)
    expect(list.held).toEqual(["a car drives", "it stops"])
    expect(said.map((line) => line.replace(/\d+ ms/, "N ms"))).toEqual([
      "  ✓ a car drives: 0.4 m (N ms)",
      "  ✓ it stops (N ms)",
    ])
  })

  it("rejects with the claim and the reason, and does not count the step", async () => {
    const said: string[] = []
    const list = createChecklist({ say: (line) => said.push(line) })
    const failed = list.step("it stops", async () => {
      mustHold(false, "it still runs")
      return undefined
    })
    await expect(failed).rejects.toThrow("it stops: it still runs")
    expect({ said, held: list.held }).toEqual({ said: ["  ✗ it stops"], held: [] })
  })

  it("does not wait for ever", async () => {
    const list = createChecklist({ say: () => {}, stepMs: 20 })
    await expect(list.step("an answer comes", () => new Promise(() => {}))).rejects.toThrow(
      "an answer comes: nothing came of it in 20 ms",
    )
  })
})
