import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { emitContractModule } from "@fleetwire/codegen"
import { type Lock, lowerContract } from "@fleetwire/contract"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createScratch, type Scratch } from "../test/scratch.js"
import { compile } from "./compile.js"
import { loadContract } from "./load.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")
const contracts = readdirSync(SCHEMAS, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^/]+\/contract\.ts$/.test(path))
  .sort()

let scratch: Scratch
beforeAll(async () => {
  scratch = await createScratch()
})
afterAll(() => scratch.remove())

describe("a compiled contract, printed as a module", () => {
  it.each(contracts)("compiles to the same again: %s", async (path) => {
    const { ir } = await compile(join(SCHEMAS, path))
    const { text } = emitContractModule(ir!)
    await scratch.write({ [path]: text })
    const loaded = await loadContract(join(scratch.folder, path))
    if (!("contract" in loaded)) throw new Error(JSON.stringify(loaded.findings))
    const again = lowerContract(loaded.contract, { ir: ir! } as unknown as Lock)
    expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([])
    expect(again.ir).toEqual(ir satisfies ContractIr | undefined)
  })
})
