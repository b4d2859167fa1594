import { readFileSync } from "node:fs"
import type { ContractIr } from "@fleetwire/ir"
import { expect, it } from "vitest"
import { runCDifferential } from "./differential.js"
import { buildHarness, SANITIZED } from "./harness.js"

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

it.each([
  { name: "iot-car", flags: [] },
  { name: "iot-car", flags: ["-DFW_DIVIDE=0"] },
  { name: "gpio", flags: [] },
])(
  "protobuf alone, which has code of its own, agrees with TypeScript too: $name $flags",
  async ({ name, flags }) => {
    const { ir } = JSON.parse(readFileSync(new URL(`${name}/contract.lock.json`, root), "utf8")) as { ir: ContractIr }
    const found = await runCDifferential(ir, 20_261, 1000, { formats: ["protobuf"], flags: [...SANITIZED, ...flags] })
    expect(found.differences).toEqual([])
    expect(found.valid).toBeGreaterThan(250)
  },
  180_000,
)

it("protobuf alone counts 32 bits of an enum's varint, as everything else does", async () => {
  const { ir } = JSON.parse(readFileSync(new URL("iot-car/contract.lock.json", root), "utf8")) as { ir: ContractIr }
  const command = (action: string) => Uint8Array.from(Buffer.from(`0a0161100118${action}`, "hex"))
  for (const options of [{}, { formats: ["protobuf"] as const }]) {
    const harness = await buildHarness(ir, options)
    const judged = harness.judge(
      ["01", "8180808010", "06", "8680808010"].map((action) => ({
        message: "Command",
        format: "protobuf",
        octets: command(action),
      })),
    )
    harness.remove()
    expect(judged.map(({ status }) => status === 0)).toEqual([true, true, false, false])
  }
}, 60_000)
