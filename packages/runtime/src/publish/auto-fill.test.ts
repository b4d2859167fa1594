import { describe, expect, it } from "vitest"
import type { AutoField } from "../descriptor.js"
import { fillAuto } from "./auto-fill.js"

const context = {
  now: 1_767_225_600_123,
  uptimeMs: 4_567.9,
  identity: "car-001",
  id: "abc",
  elapsedMs: 12.7,
  session: 77,
}

describe("automatic fields", () => {
  it.each<{ given: Omit<AutoField, "field">; want: unknown }>([
    { given: { fill: "now", epoch: "unix-seconds" }, want: 1_767_225_600 },
    { given: { fill: "now", epoch: "unix-milliseconds" }, want: 1_767_225_600_123 },
    { given: { fill: "now", epoch: "unix-milliseconds", big: true }, want: 1_767_225_600_123n },
    { given: { fill: "now", epoch: "boot-milliseconds" }, want: 4_567 },
    { given: { fill: "now", epoch: "iso" }, want: "2026-01-01T00:00:00.123Z" },
    { given: { fill: "identity" }, want: "car-001" },
    { given: { fill: "id" }, want: "abc" },
    { given: { fill: "elapsed" }, want: 12 },
    { given: { fill: "session" }, want: 77 },
    { given: { fill: "session", big: true }, want: 77n },
  ])("$given", ({ given, want }) => {
    expect(fillAuto({}, [{ field: "x", ...given }], context)).toEqual({ x: want })
  })

  it("leaves what the caller said, and the caller's object", () => {
    const message = { x: 5, y: 6 }
    expect(fillAuto(message, [{ field: "x", fill: "identity" }], context)).toBe(message)
    expect(fillAuto(message, [{ field: "z", fill: "identity" }], context)).toEqual({ x: 5, y: 6, z: "car-001" })
    expect(message).toEqual({ x: 5, y: 6 })
  })

  it("leaves scalars and unknown values alone", () => {
    expect(fillAuto("online", [{ field: "x", fill: "now" }], context)).toBe("online")
    expect(fillAuto({}, [{ field: "x", fill: "elapsed" }], { ...context, elapsedMs: undefined as never })).toEqual({})
  })
})
