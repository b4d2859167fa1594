import { expect, it } from "vitest"
import { SdkError } from "../sdk-error.js"
import type { ConnectionState } from "../surface.js"
import { type ConnectionEvent, nextState } from "./connection-state.js"

const error = new SdkError("unauthorized", "no")
const STATES: readonly ConnectionState[] = [
  { kind: "idle" },
  { kind: "connecting", attempt: 1 },
  { kind: "establishing", sessionPresent: false },
  { kind: "ready" },
  { kind: "disconnected", reason: "gone", retryInMs: 5 },
  { kind: "failed", error },
  { kind: "closed" },
]
const EVENTS: readonly ConnectionEvent[] = [
  { kind: "open" },
  { kind: "accepted", sessionPresent: true },
  { kind: "established" },
  { kind: "lost", reason: "gone", retryInMs: 5 },
  { kind: "fail", error },
  { kind: "close" },
]

// Rows: states; columns: open, accepted, established, lost, fail, close. A dot: the event means nothing there.
const TABLE = `
idle         | connecting . . . failed closed
connecting   | . establishing . disconnected failed closed
establishing | . . ready disconnected failed closed
ready        | . . . disconnected failed closed
disconnected | . establishing . disconnected failed closed
failed       | connecting . . . failed closed
closed       | . . . . . .`

it("moves as the table says", () => {
  const drawn = STATES.map((state) => {
    const row = EVENTS.map((event) => nextState(state, event)?.kind ?? ".").join(" ")
    return `${state.kind.padEnd(12)} | ${row}`
  })
  expect(`\n${drawn.join("\n")}`).toBe(TABLE)
})
