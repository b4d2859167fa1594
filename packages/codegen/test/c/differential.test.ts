import { readFileSync } from "node:fs"
import type { ContractIr } from "@fleetwire/ir"
import { expect, it } from "vitest"
import { runCDifferential } from "./differential.js"

const root = new URL("../../../../schemas/", import.meta.url)

it.each([
  { name: "iot-car", cases: 14_000 },
  { name: "smart-building", cases: 6_000 },
])(
  "C and TypeScript agree on $cases random payloads of $name, whole and damaged",
  async ({ name, cases }) => {
    const { ir } = JSON.parse(readFileSync(new URL(`${name}/contract.lock.json`, root), "utf8")) as { ir: ContractIr }
    const found = await runCDifferential(ir, 20_260, cases)
    expect(found.differences).toEqual([])
    expect(found.cases).toBe(cases)
    expect(found.valid).toBeGreaterThan(cases / 4)
  },
  180_000,
)
