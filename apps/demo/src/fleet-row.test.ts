import { describe, expect, it } from "vitest"
import { drawTable } from "./fleet-row.js"

describe("drawTable", () => {
  it("draws what is known, marks the selected car, and names a last will", () => {
    const lines = drawTable(
      [
        {
          car: "car-001",
          presence: "online",
          lastWill: false,
          battery: 87,
          latitude: 52.52,
          longitude: 13.4051,
          motors: "running",
          action: "forward: done",
          roundTripMs: 12.34,
        },
        { car: "car-002", presence: "offline", lastWill: true },
      ],
      0,
      false,
    )
    expect(lines.map((line) => line.trimEnd())).toEqual([
      "   car      presence        bat   position            action          trip",
      "›  car-001  online          87%   52.52000, 13.40510  forward: done   12.3 ms",
      "   car-002  offline (will)  ·     ·                   ·               ·",
    ])
    expect(lines.map((line) => line.length)).toEqual([78, 78, 78])
  })

  it("colours presence only where colour is wanted", () => {
    const row = { car: "car-001", presence: "offline", lastWill: false } as const
    const coloured = drawTable([row], 0, true)[1]!
    expect([coloured.startsWith("\u001b[31m"), coloured.endsWith("\u001b[0m")]).toEqual([true, true])
    expect(drawTable([row], 0, false).join("")).not.toContain("\u001b")
  })
})
